package clew.engine.kernel.gemm;

import clew.engine.kernel.Part;
import clew.engine.tensor.Coding;
import clew.engine.tensor.DType;
import clew.engine.tensor.Storage;
import clew.engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/// Blocks of a weight matrix as floats, whatever they are in storage, of the [Part] that is asked for.
final class Widen {
    private Widen() {}

    /// Rows `row … row+rows−1`, columns `col … col+cols−1` into `to[at + r·stride + c]`.
    static void block(WeightView w, Part part, int row, int rows, int col, int cols, float[] to, int at, int stride) {
        for (int r = 0; r < rows; r++) run(w, w.index(row + r, col), to, at + r * stride, cols);
        if (part == Part.ALL) return;
        for (int r = 0; r < rows; r++) clamp(part, to, at + r * stride, cols);
    }

    private static void run(WeightView w, long index, float[] to, int at, int count) {
        switch (w.storage()) {
            case Storage.Floats(var a)        -> System.arraycopy(a, (int) index, to, at, count);
            case Storage.Doubles(var a)       -> { for (int i = 0; i < count; i++) to[at + i] = (float) a[(int) index
                    + i]; }
            case Storage.Mapped(var m, var t) -> mapped(m, t, index, to, at, count);
            case Storage.Coded c              -> coded(c, index, to, at, count);
            case Storage.Remote r             -> r.read(index, count, to, at);
        }
    }

    private static void mapped(MemorySegment m, DType t, long index, float[] to, int at, int count) {
        switch (t) {
            case F32  -> WidenF32.run(m, 4 * index, to, at, count);
            case BF16 -> WidenBf16.run(m, 2 * index, to, at, count);
            case F16  -> WidenF16.run(m, 2 * index, to, at, count);
            case F64, I64, I32, I16, I8, U64, U32, U16, U8, BOOL -> {
                var run = Tensor.mapped(m.asSlice(index * t.bytes(), (long) count * t.bytes()), t, count);
                for (int i = 0; i < count; i++) to[at + i] = (float) run.get(i);
            }
        }
    }

    /// Block by block: each has a scale of its own.
    private static void coded(Storage.Coded c, long index, float[] to, int at, int count) {
        for (int done = 0, n; done < count; done += n) {
            long block = (index + done) / Coding.BLOCK;
            int e = (int) ((index + done) % Coding.BLOCK);
            n = Math.min(Coding.BLOCK - e, count - done);
            var scale = c.scales().at(block);
            switch (c.coding()) {
                case INT8 -> WidenInt8.run(c.codes(), block * Coding.BLOCK + e, scale, to, at + done, n);
                case NF4  -> WidenNf4.run(c.codes(), block * Coding.NF4.bytes(), e, scale, to, at + done, n);
            }
        }
    }

    /// `max(w, 0)` or `min(w, 0)` in place; a NaN stays one.
    private static void clamp(Part part, float[] w, int at, int count) {
        var zero = FloatVector.zero(Tiles.SPECIES);
        int i = 0;
        for (; i + Tiles.LANES <= count; i += Tiles.LANES) {
            var v = FloatVector.fromArray(Tiles.SPECIES, w, at + i);
            (part == Part.POSITIVE ? v.max(zero) : v.min(zero)).intoArray(w, at + i);
        }
        for (; i < count; i++) w[at + i] = part == Part.POSITIVE ? Math.max(w[at + i], 0) : Math.min(w[at + i], 0);
    }
}
