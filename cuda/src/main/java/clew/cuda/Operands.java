package clew.cuda;

import clew.engine.tensor.Coding;
import clew.engine.tensor.DType;
import clew.engine.tensor.Storage;
import clew.engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/// Operands on the card. Its own blocks are there, and weights are [Kept]; arrays, which training writes to, are copied
/// each time.
final class Operands {
    private final Memory memory;
    private final Kept kept;
    private final Room room;

    /// @param room where copies of arrays lie
    Operands(Memory memory, Kept kept, Room room) {
        this.memory = memory;
        this.kept = kept;
        this.room = room;
    }

    /// The elements as floats.
    Block floats(Tensor x) {
        return switch (x.storage()) {
            case Block b when b.memory() == memory -> b;
            case Storage.Mapped(var m, var t) -> kept.keep(m, "floats of " + t, in -> Held.floats(copy(x, in))).data();
            case Storage.Coded c -> kept.keep(c.codes(), "floats of " + c.coding(), in -> Held.floats(copy(x, in)))
                .data();
            case Storage.Floats(var a) -> room.copy(MemorySegment.ofArray(a));
            case Storage.Doubles _, Storage.Remote _ -> copy(x, room);
        };
    }

    /// The elements of a matrix in as few bytes as the kernels can read.
    Held weight(Tensor x) {
        return switch (x.storage()) {
            case Storage.Mapped(var m, var t) -> switch (t) {
                case F32  -> Held.floats(floats(x));
                case BF16 -> kept.keep(m, t, in -> new Held(in.copy(m), Held.BF16, null));
                case F16  -> kept.keep(m, t, in -> new Held(in.copy(m), Held.F16, null));
                default   -> Held.floats(floats(x));
            };
            case Storage.Coded c -> kept.keep(c.codes(), c.coding(), in -> new Held(in.copy(c.codes()),
                c.coding() == Coding.INT8 ? Held.INT8 : Held.NF4, in.copy(MemorySegment.ofArray(scales(c)))));
            case Storage.Floats _, Storage.Doubles _, Storage.Remote _ -> Held.floats(floats(x));
        };
    }

    /// Rounded to float, as other devices have them.
    private static Block copy(Tensor x, Room in) {
        if (x.storage() instanceof Storage.Mapped(var m, var t) && t == DType.F32) return in.copy(m);
        return in.copy(MemorySegment.ofArray(x.toFloats()));
    }

    /// Scales that are quantised themselves are plain floats here: the same numbers.
    private static float[] scales(Storage.Coded c) {
        var scales = new float[Math.toIntExact(Coding.blocks(c.elements()))];
        for (int b = 0; b < scales.length; b++) scales[b] = c.scales().at(b);
        return scales;
    }
}
