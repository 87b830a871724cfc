package clew.cuda;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Room outside the heap for one launch's arguments and their addresses.
final class Frame {
    private static final int MOST = 32;

    private final ByteBuffer bytes = ByteBuffer.allocateDirect(8 * MOST).order(ByteOrder.nativeOrder());
    private final ByteBuffer addresses = ByteBuffer.allocateDirect(8 * MOST).order(ByteOrder.nativeOrder());
    private final long start = MemorySegment.ofBuffer(bytes).address();

    ByteBuffer put(byte[] packed, int[] offsets) {
        bytes.put(0, packed);
        for (int i = 0; i < offsets.length; i++) addresses.putLong(8 * i, start + offsets[i]);
        return addresses;
    }

    /// What was put last.
    ByteBuffer bytes() {
        return bytes;
    }
}
