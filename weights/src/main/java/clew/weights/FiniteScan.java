package clew.weights;

import clew.engine.tensor.Storage;
import clew.engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// A float is NaN or infinite if its exponent bits are all ones: adding the lowest of them then carries into the sign.
///
/// So a block of elements is folded with `|` without a branch, in a loop that the compiler turns into vectors, and only
/// a block whose fold has the sign set is searched.
final class FiniteScan {
    private static final ValueLayout.OfLong  I64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt   I32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort I16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int BLOCK = 4096;

    private FiniteScan() {}

    /// Row-major index of the first NaN or infinity; −1 if there is none.
    static long first(Tensor x) {
        if (!x.dtype().isFloat()) return -1;
        for (long from = 0; from < x.size(); from += BLOCK) {
            var to = Math.min(x.size(), from + BLOCK);
            if (mayHold(x.storage(), from, to))
                for (long i = from; i < to; i++) if (!Double.isFinite(x.get(i))) return i;
        }
        return -1;
    }

    private static boolean mayHold(Storage storage, long from, long to) {
        return switch (storage) {
            case Storage.Floats(var a)  -> floats(a, (int) from, (int) to);
            case Storage.Doubles(var a) -> doubles(a, (int) from, (int) to);
            case Storage.Coded _, Storage.Remote _ -> true;
            case Storage.Mapped(var m, var dtype) -> switch (dtype) {
                case F64  -> f64(m, from, to);
                case F32  -> f32(m, from, to);
                case F16  -> half(m, from, to, 0x7C00, 0x0400);
                case BF16 -> half(m, from, to, 0x7F80, 0x0080);
                case I64, I32, I16, I8, U64, U32, U16, U8, BOOL -> false;
            };
        };
    }

    private static boolean floats(float[] a, int from, int to) {
        var fold = 0;
        for (int i = from; i < to; i++) fold |= (Float.floatToRawIntBits(a[i]) & 0x7F80_0000) + 0x0080_0000;
        return fold < 0;
    }

    private static boolean doubles(double[] a, int from, int to) {
        var fold = 0L;
        for (int i = from; i < to; i++)
            fold |= (Double.doubleToRawLongBits(a[i]) & 0x7FF0_0000_0000_0000L) + 0x0010_0000_0000_0000L;
        return fold < 0;
    }

    private static boolean f64(MemorySegment m, long from, long to) {
        var fold = 0L;
        for (long i = from; i < to; i++) fold |= (m.get(I64, 8 * i) & 0x7FF0_0000_0000_0000L) + 0x0010_0000_0000_0000L;
        return fold < 0;
    }

    private static boolean f32(MemorySegment m, long from, long to) {
        var fold = 0;
        for (long i = from; i < to; i++) fold |= (m.get(I32, 4 * i) & 0x7F80_0000) + 0x0080_0000;
        return fold < 0;
    }

    private static boolean half(MemorySegment m, long from, long to, int exponent, int lowest) {
        var fold = 0;
        for (long i = from; i < to; i++) fold |= (m.get(I16, 2 * i) & exponent) + lowest;
        return (fold & 0x8000) != 0;
    }
}
