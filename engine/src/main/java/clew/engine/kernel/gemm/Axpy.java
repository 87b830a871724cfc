package clew.engine.kernel.gemm;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// `y += x₀·w₀ + x₁·w₁ + x₂·w₂ + x₃·w₃` over rows of an array, added one after the other.
final class Axpy {
    private static final VectorSpecies<Float> S = Tiles.SPECIES;

    private Axpy() {}

    /// Four rows of w, `step` elements apart, weighted with `x[xo … xo+3]`.
    static void four(float[] x, int xo, float[] w, int o, int step, float[] y, int yo, int n) {
        float x0 = x[xo], x1 = x[xo + 1], x2 = x[xo + 2], x3 = x[xo + 3];
        FloatVector v0 = FloatVector.broadcast(S, x0), v1 = FloatVector.broadcast(S, x1);
        FloatVector v2 = FloatVector.broadcast(S, x2), v3 = FloatVector.broadcast(S, x3);
        int i = 0;
        for (; i + S.length() <= n; i += S.length()) {
            var sum = v0.fma(FloatVector.fromArray(S, w, o + i), FloatVector.fromArray(S, y, yo + i));
            sum = v1.fma(FloatVector.fromArray(S, w, o + step + i), sum);
            sum = v2.fma(FloatVector.fromArray(S, w, o + 2 * step + i), sum);
            v3.fma(FloatVector.fromArray(S, w, o + 3 * step + i), sum).intoArray(y, yo + i);
        }
        for (; i < n; i++) {
            var sum = Math.fma(x1, w[o + step + i], Math.fma(x0, w[o + i], y[yo + i]));
            y[yo + i] = Math.fma(x3, w[o + 3 * step + i], Math.fma(x2, w[o + 2 * step + i], sum));
        }
    }

    /// One row.
    static void one(float x, float[] w, int o, float[] y, int yo, int n) {
        var v = FloatVector.broadcast(S, x);
        int i = 0;
        for (; i + S.length() <= n; i += S.length())
            v.fma(FloatVector.fromArray(S, w, o + i), FloatVector.fromArray(S, y, yo + i)).intoArray(y, yo + i);
        for (; i < n; i++) y[yo + i] = Math.fma(x, w[o + i], y[yo + i]);
    }
}
