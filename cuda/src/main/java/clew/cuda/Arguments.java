package clew.cuda;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The arguments of a launch, packed as C lays them out: each at a multiple of its own size.
///
/// In Java a pointer is a [Block], a [Place] or null, and an `int`, `long` or `float` is itself.
final class Arguments {
    private final byte[] bytes;
    private final int[] offsets;
    private final int hash;

    private Arguments(byte[] bytes, int[] offsets) {
        this.bytes = bytes;
        this.offsets = offsets;
        this.hash = Arrays.hashCode(bytes);
    }

    /// Some elements into a block.
    record Place(Block block, long element) {}

    static Arguments of(@Nullable Object... values) {
        var room = ByteBuffer.allocate(Long.BYTES * values.length).order(ByteOrder.nativeOrder());
        var offsets = new int[values.length];
        for (int i = 0; i < values.length; i++)
            switch (values[i]) {
                case null      -> at(room, 8, offsets, i).putLong(0);
                case Block b   -> at(room, 8, offsets, i).putLong(b.address());
                case Place p   -> at(room, 8, offsets, i).putLong(p.block().address() + Float.BYTES * p.element());
                case Long v    -> at(room, 8, offsets, i).putLong(v);
                case Integer v -> at(room, 4, offsets, i).putInt(v);
                case Float v   -> at(room, 4, offsets, i).putFloat(v);
                default        -> throw new IllegalArgumentException("no kernel takes a " + values[i].getClass());
            }
        return new Arguments(Arrays.copyOf(room.array(), room.position()), offsets);
    }

    private static ByteBuffer at(ByteBuffer room, int size, int[] offsets, int i) {
        offsets[i] = (room.position() + size - 1) / size * size;
        return room.position(offsets[i]);
    }

    /// Where each begins.
    int[] offsets() {
        return offsets.clone();
    }

    /// Bytes that they take in all.
    int size() {
        return bytes.length;
    }

    /// Lays them out for the driver, which reads a launch's arguments from outside the heap.
    ///
    /// @return the address of each, one after another, until the frame has the next ones
    ByteBuffer in(Frame frame) {
        return frame.put(bytes, offsets);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Arguments a && Arrays.equals(bytes, a.bytes) && Arrays.equals(offsets, a.offsets);
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
