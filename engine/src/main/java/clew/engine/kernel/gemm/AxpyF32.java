package clew.engine.kernel.gemm;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// [Axpy] over mapped rows of f32.
final class AxpyF32 {
    private static final VectorSpecies<Float> S = Tiles.SPECIES;
    private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;
    private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(LE);

    private AxpyF32() {}

    /// Four rows of w from byte o on, `step` bytes apart, weighted with `x[xo … xo+3]`.
    static void four(float[] x, int xo, MemorySegment w, long o, long step, float[] y, int yo, int n) {
        float x0 = x[xo], x1 = x[xo + 1], x2 = x[xo + 2], x3 = x[xo + 3];
        FloatVector v0 = FloatVector.broadcast(S, x0), v1 = FloatVector.broadcast(S, x1);
        FloatVector v2 = FloatVector.broadcast(S, x2), v3 = FloatVector.broadcast(S, x3);
        int i = 0;
        for (; i + S.length() <= n; i += S.length()) {
            var at = o + 4L * i;
            var sum = v0.fma(FloatVector.fromMemorySegment(S, w, at, LE), FloatVector.fromArray(S, y, yo + i));
            sum = v1.fma(FloatVector.fromMemorySegment(S, w, at + step, LE), sum);
            sum = v2.fma(FloatVector.fromMemorySegment(S, w, at + 2 * step, LE), sum);
            v3.fma(FloatVector.fromMemorySegment(S, w, at + 3 * step, LE), sum).intoArray(y, yo + i);
        }
        for (; i < n; i++) {
            var at = o + 4L * i;
            var sum = Math.fma(x1, w.get(F32, at + step), Math.fma(x0, w.get(F32, at), y[yo + i]));
            y[yo + i] = Math.fma(x3, w.get(F32, at + 3 * step), Math.fma(x2, w.get(F32, at + 2 * step), sum));
        }
    }
}
