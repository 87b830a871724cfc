package clew.engine.kernel.gemm;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// [Axpy] over mapped rows of bf16, widened in registers: the bits of widening first.
final class AxpyBf16 {
    private static final VectorSpecies<Float> S = Tiles.SPECIES;

    private AxpyBf16() {}

    /// Four rows of w from byte o on, `step` bytes apart, weighted with `x[xo … xo+3]`.
    static void four(float[] x, int xo, MemorySegment w, long o, long step, float[] y, int yo, int n) {
        float x0 = x[xo], x1 = x[xo + 1], x2 = x[xo + 2], x3 = x[xo + 3];
        FloatVector v0 = FloatVector.broadcast(S, x0), v1 = FloatVector.broadcast(S, x1);
        FloatVector v2 = FloatVector.broadcast(S, x2), v3 = FloatVector.broadcast(S, x3);
        int i = 0;
        for (; i + S.length() <= n; i += S.length()) {
            var at = o + 2L * i;
            var sum = v0.fma(WidenBf16.widen(w, at), FloatVector.fromArray(S, y, yo + i));
            sum = v1.fma(WidenBf16.widen(w, at + step), sum);
            sum = v2.fma(WidenBf16.widen(w, at + 2 * step), sum);
            v3.fma(WidenBf16.widen(w, at + 3 * step), sum).intoArray(y, yo + i);
        }
        for (; i < n; i++) {
            var at = o + 2L * i;
            var sum = Math.fma(x1, WidenBf16.one(w, at + step), Math.fma(x0, WidenBf16.one(w, at), y[yo + i]));
            y[yo + i] = Math.fma(x3, WidenBf16.one(w, at + 3 * step), Math.fma(x2, WidenBf16.one(w, at + 2 * step),
                    sum));
        }
    }
}
