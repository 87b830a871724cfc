package clew.engine.kernel.gemm;

import java.lang.foreign.MemorySegment;

/// [Axpy] over mapped rows of f16, converted element by element: the bits of widening first.
final class AxpyF16 {
    private AxpyF16() {}

    /// Four rows of w from byte o on, `step` bytes apart, weighted with `x[xo … xo+3]`.
    static void four(float[] x, int xo, MemorySegment w, long o, long step, float[] y, int yo, int n) {
        float x0 = x[xo], x1 = x[xo + 1], x2 = x[xo + 2], x3 = x[xo + 3];
        for (int i = 0; i < n; i++) {
            var at = o + 2L * i;
            var sum = Math.fma(x1, WidenF16.one(w, at + step), Math.fma(x0, WidenF16.one(w, at), y[yo + i]));
            y[yo + i] = Math.fma(x3, WidenF16.one(w, at + 3 * step), Math.fma(x2, WidenF16.one(w, at + 2 * step),
                    sum));
        }
    }
}
