package clew.engine.kernel.simd;

import static clew.engine.kernel.simd.Lanes.L;
import static clew.engine.kernel.simd.Lanes.S;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;

import jdk.incubator.vector.FloatVector;

/// The steps of the activations' curves: every loop runs over the first n elements of its arrays, n a multiple of L,
/// and holds its formula whole (see [Lanes] for why). NaN stays NaN.
///
/// Polynomials are weighted minimax fits in float64, rounded to float; the comments give the fits' own errors.
final class CurveLoops {
    /// √(2/π) and 1/√(2π).
    private static final float C = 0.7978846f, PEAK = 0.3989423f;
    private static final float CUBIC = 0.044715f;

    private CurveLoops() {}

    // ── before the exponential ──────────────────────────────────────────────────────────────────────────────────────

    /// `y = x²`.
    static void square(float[] x, float[] y, int n) {
        for (int i = 0; i < n; i += L) { var v = fromArray(S, x, i); v.mul(v).intoArray(y, i); }
    }

    /// `y = |x|`.
    static void abs(float[] x, float[] y, int n) {
        for (int i = 0; i < n; i += L) fromArray(S, x, i).abs().intoArray(y, i);
    }

    /// `y = 2u`, `u = √(2/π)(x + 0.044715 x³)`.
    static void cubic(float[] x, float[] y, int n) {
        for (int i = 0; i < n; i += L) {
            var v = fromArray(S, x, i);
            v.mul(v).fma(broadcast(S, 2 * C * CUBIC), broadcast(S, 2 * C)).mul(v).intoArray(y, i);
        }
    }

    // ── σ(v), given e = e⁻ᵛ ─────────────────────────────────────────────────────────────────────────────────────────

    /// `y = 1/(1 + e)`.
    static void sigmoid(float[] e, float[] y, int n) {
        for (int i = 0; i < n; i += L) broadcast(S, 1f).div(fromArray(S, e, i).add(1)).intoArray(y, i);
    }

    /// `y = x/(1 + e)`.
    static void gated(float[] x, float[] e, float[] y, int n) {
        for (int i = 0; i < n; i += L) fromArray(S, x, i).div(fromArray(S, e, i).add(1)).intoArray(y, i);
    }

    /// `y = σ + x·σ(1−σ)`, σ = σ(x).
    ///
    /// The difference 1−σ is taken as `e·σ`, which cancels nothing. Where the product vanishes, x or e may have
    /// overflowed and σ alone is the slope.
    static void siluSlope(float[] x, float[] e, float[] y, int n) {
        for (int i = 0; i < n; i += L) {
            var v = fromArray(S, e, i);
            var s = broadcast(S, 1f).div(v.add(1));
            var spread = v.mul(s).mul(s);
            s.blend(spread.fma(fromArray(S, x, i), s), spread.compare(GT, 0f)).intoArray(y, i);
        }
    }

    /// `y = σ + 2x·u′·σ(1−σ)`, σ = σ(2u); the rest as in [#siluSlope].
    static void geluNewSlope(float[] x, float[] e, float[] y, int n) {
        for (int i = 0; i < n; i += L) {
            FloatVector v = fromArray(S, e, i), a = fromArray(S, x, i);
            var inner = a.mul(a).fma(broadcast(S, 6 * C * CUBIC), broadcast(S, 2 * C)).mul(a);  // 2x·u′
            var s = broadcast(S, 1f).div(v.add(1));
            var spread = v.mul(s).mul(s);
            s.blend(spread.fma(inner, s), spread.compare(GT, 0f)).intoArray(y, i);
        }
    }

    // ── Φ(x), given bell = e^{−x²/2} ────────────────────────────────────────────────────────────────────────────────

    /// `y = Φ(x) = ½(1 + erf(x/√2))` — absolute error 1e-7, relative 1e-6 far to the left.
    ///
    /// For |x| < 1 the odd series; beyond, `Φ(−|x|) = bell(x) · t·P(t)` with `t = 1/(1 + 0.265|x|)`, where t's rounding
    /// error, which P magnifies, meets a small number. The fits are good to 7e-9 and to 1.4e-8 of themselves.
    static void normal(float[] x, float[] bell, float[] y, int n) {
        for (int i = 0; i < n; i += L) {
            var v = fromArray(S, x, i);
            var z = v.mul(v);
            var near = broadcast(S, 9.246836e-5f).fma(z, broadcast(S, -0.0011653507f))
                .fma(z, broadcast(S, 0.009964167f)).fma(z, broadcast(S, -0.06648873f))
                .fma(z, broadcast(S, 0.3989422f)).fma(v, broadcast(S, 0.5f));
            var t = broadcast(S, 1f).div(v.abs().fma(broadcast(S, 0.265f), broadcast(S, 1f)));
            var p = broadcast(S, 0.030624503f).fma(t, broadcast(S, -0.14330077f))
                .fma(t, broadcast(S, 0.21595064f)).fma(t, broadcast(S, -0.11428669f))
                .fma(t, broadcast(S, 0.13655508f)).fma(t, broadcast(S, 0.060894966f))
                .fma(t, broadcast(S, 0.1025551f)).fma(t, broadcast(S, 0.10526678f)).fma(t, broadcast(S, 0.1057404f));
            var left = fromArray(S, bell, i).mul(t).mul(p);
            var right = broadcast(S, 1f).sub(left);
            near.blend(right, v.compare(GE, 1f)).blend(left, v.compare(LE, -1f)).intoArray(y, i);
        }
    }

    /// `y = Φ + x·φ`, Φ in gate.
    static void geluSlope(float[] x, float[] bell, float[] gate, float[] y, int n) {
        for (int i = 0; i < n; i += L)
            fromArray(S, x, i).mul(PEAK).fma(fromArray(S, bell, i), fromArray(S, gate, i)).intoArray(y, i);
    }

    // ── tanh, given e = e^{2|x|} ────────────────────────────────────────────────────────────────────────────────────

    /// `y = tanh(x)/x`, 1 at 0: below 0.625 a series in x², good to 5e-9, so that small x keep their relative
    /// precision; beyond, `|tanh x| = 1 − 2/(e + 1)`.
    static void tanhOverX(float[] x, float[] e, float[] y, int n) {
        for (int i = 0; i < n; i += L) {
            var a = fromArray(S, x, i).abs();
            var z = a.mul(a);
            var near = broadcast(S, -0.005704979f).fma(z, broadcast(S, 0.020639079f)).fma(z, broadcast(S, -0.05373971f))
                .fma(z, broadcast(S, 0.13331442f)).fma(z, broadcast(S, -0.33333281f)).fma(z, broadcast(S, 1f));
            var far = broadcast(S, 1f).sub(broadcast(S, 2f).div(fromArray(S, e, i).add(1))).div(a);
            near.blend(far, a.compare(GE, 0.625f)).intoArray(y, i);
        }
    }

    /// `y = tanh x`, by the same two forms.
    static void tanh(float[] x, float[] e, float[] y, int n) {
        for (int i = 0; i < n; i += L) {
            var v = fromArray(S, x, i);
            var z = v.mul(v);
            var near = broadcast(S, -0.005704979f).fma(z, broadcast(S, 0.020639079f)).fma(z, broadcast(S, -0.05373971f))
                .fma(z, broadcast(S, 0.13331442f)).fma(z, broadcast(S, -0.33333281f)).mul(z).fma(v, v);
            var far = broadcast(S, 1f).sub(broadcast(S, 2f).div(fromArray(S, e, i).add(1)));
            near.blend(far, v.compare(GE, 0.625f)).blend(far.neg(), v.compare(LE, -0.625f)).intoArray(y, i);
        }
    }

    /// `y = 1 − t²`.
    static void oneLessSquare(float[] t, float[] y, int n) {
        for (int i = 0; i < n; i += L) { var v = fromArray(S, t, i); v.neg().fma(v, broadcast(S, 1f)).intoArray(y, i); }
    }

    // ── simple ones ─────────────────────────────────────────────────────────────────────────────────────────────────

    /// `y = 1[x > 0]`.
    static void step(float[] x, float[] y, int n) {
        for (int i = 0; i < n; i += L) broadcast(S, 0f).blend(1f, fromArray(S, x, i).compare(GT, 0f)).intoArray(y, i);
    }

    /// `y = x · gate`.
    static void times(float[] x, float[] gate, float[] y, int n) {
        for (int i = 0; i < n; i += L) fromArray(S, x, i).mul(fromArray(S, gate, i)).intoArray(y, i);
    }
}
