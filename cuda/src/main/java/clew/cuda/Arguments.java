package clew.cuda;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The arguments of a launch, packed as C lays them out: each at a multiple of its own size.
///
/// In Java a pointer is a [Block], a [Place] or null, and an `int`, `long` or `float` is itself.
final class Arguments {
    private static final int MOST = 32;

    private final ByteBuffer bytes = ByteBuffer.allocateDirect(8 * MOST).order(ByteOrder.nativeOrder());
    private final ByteBuffer addresses = ByteBuffer.allocateDirect(8 * MOST).order(ByteOrder.nativeOrder());
    private final long start = MemorySegment.ofBuffer(bytes).address();
    private final int[] offsets = new int[MOST];
    private int count;

    /// Some elements into a block.
    record Place(Block block, long element) {}

    /// Packs them in place of the ones before.
    Arguments pack(@Nullable Object... values) {
        bytes.clear();
        count = 0;
        for (var value : values)
            switch (value) {
                case null    -> at(8).putLong(0);
                case Block b -> at(8).putLong(b.address());
                case Place p -> at(8).putLong(p.block().address() + Float.BYTES * p.element());
                case Long v  -> at(8).putLong(v);
                case Integer v -> at(4).putInt(v);
                case Float v -> at(4).putFloat(v);
                default      -> throw new IllegalArgumentException("no kernel takes a " + value.getClass());
            }
        return this;
    }

    private ByteBuffer at(int size) {
        bytes.position((bytes.position() + size - 1) / size * size);
        addresses.putLong(8 * count, start + bytes.position());
        offsets[count++] = bytes.position();
        return bytes;
    }

    /// Where each begins.
    int[] offsets() {
        return Arrays.copyOf(offsets, count);
    }

    /// Bytes that they take in all.
    int size() {
        return bytes.position();
    }

    /// The address of each, one after another, outside the heap: what the driver reads a launch's arguments from.
    ByteBuffer addresses() {
        return addresses;
    }

    /// The packed bytes, outside the heap.
    ByteBuffer bytes() {
        return bytes;
    }
}
