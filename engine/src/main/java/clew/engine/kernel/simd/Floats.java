package clew.engine.kernel.simd;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import clew.engine.tensor.DType;
import clew.engine.tensor.Storage;
import clew.engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Operands as `float[]`: where storage is looked at, once, before any loop.
public final class Floats {
    private static final ValueLayout.OfDouble F64 = ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat  F32 = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(LITTLE_ENDIAN);
    private static final ValueLayout.OfShort  I16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(LITTLE_ENDIAN);

    /// Elements that are brought into the cache before they are widened.
    private static final int BLOCK = 4096;

    private Floats() {}

    /// All elements; the tensor's own array where it has one.
    public static float[] of(Tensor x) {
        if (x.storage() instanceof Storage.Floats(var data)) return data;
        var out = new float[Math.toIntExact(x.size())];
        copy(x, 0, out.length, out, 0);
        return out;
    }

    /// Copies `count` elements from row-major index `from` on to `out[at …]`.
    public static void copy(Tensor x, long from, int count, float[] out, int at) {
        switch (x.storage()) {
            case Storage.Floats(var a)        -> System.arraycopy(a, Math.toIntExact(from), out, at, count);
            case Storage.Doubles(var a)       -> narrow(a, Math.toIntExact(from), count, out, at);
            case Storage.Remote r             -> r.read(from, count, out, at);
            case Storage.Coded _              -> narrow(x.toDoubles(from, count), 0, count, out, at);
            case Storage.Mapped(var m, var t) -> {
                switch (t) {
                    case F32  -> MemorySegment.copy(m, F32, 4 * from, out, at, count);
                    case F64  -> f64(m, from, count, out, at);
                    case F16  -> f16(m, from, count, out, at);
                    case BF16 -> bf16(m, from, count, out, at);
                    case I64, I32, I16, I8, U64, U32, U16, U8, BOOL ->
                        narrow(x.toDoubles(from, count), 0, count, out, at);
                }
            }
        }
    }

    private static void narrow(double[] a, int from, int count, float[] out, int at) {
        for (int i = 0; i < count; i++) out[at + i] = (float) a[from + i];
    }

    private static void f64(MemorySegment m, long from, int count, float[] out, int at) {
        for (int i = 0; i < count; i++) out[at + i] = (float) m.get(F64, DType.F64.bytes() * (from + i));
    }

    private static void f16(MemorySegment m, long from, int count, float[] out, int at) {
        for (int i = 0; i < count; i++) out[at + i] = Float.float16ToFloat(m.get(I16, DType.F16.bytes() * (from + i)));
    }

    /// Bits are brought into an array first: code that is not compiled yet takes long to read them one by one.
    private static void bf16(MemorySegment m, long from, int count, float[] out, int at) {
        var bits = new short[Math.min(count, BLOCK)];
        for (int done = 0, n; done < count; done += n) {
            n = Math.min(BLOCK, count - done);
            MemorySegment.copy(m, I16, DType.BF16.bytes() * (from + done), bits, 0, n);
            for (int i = 0; i < n; i++) out[at + done + i] = Float.intBitsToFloat(bits[i] << 16);
        }
    }
}
