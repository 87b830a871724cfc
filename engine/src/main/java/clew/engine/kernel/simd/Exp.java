package clew.engine.kernel.simd;

import static clew.engine.kernel.simd.Lanes.all;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;

/// `eˣ` and what is built from it, one vector at a time. NaN stays NaN.
///
/// The polynomials are weighted minimax fits in float64, rounded to float; each comment gives the fit's own error.
final class Exp {
    private static final float LOG2E = 1.442695f;
    /// ln 2 = HI − LO, HI being ln 2 as a float: with fma the first product loses nothing.
    private static final float LN2_HI = 0.6931472f, LN2_LO = 1.904654e-9f;
    /// 1.5 · 2²³: adding it rounds to an integer, which is then the low bits of the sum.
    private static final float ROUND = 0x1.8p23f;
    private static final int ROUND_BITS = 0x4B400000;
    /// Beyond these eˣ is 0 or ∞ in float.
    private static final float LOWEST = -104f, HIGHEST = 89f;

    private Exp() {}

    /// `eˣ = 2ᵏ·eʳ`, `|r| ≤ ½ ln 2` — relative error 8e-8, denormals and infinities included.
    static FloatVector exp(FloatVector x) {
        var v = x.blend(HIGHEST, x.compare(GT, HIGHEST)).blend(LOWEST, x.compare(LT, LOWEST));
        var t = v.fma(all(LOG2E), all(ROUND));
        var n = t.sub(ROUND);
        var r = n.fma(all(LN2_LO), n.fma(all(-LN2_HI), v));
        var q = all(0.001381454f)                                             // (eʳ − 1 − r)/r² to 3e-9 of eʳ
            .fma(r, all(0.008368745f)).fma(r, all(0.041668389f)).fma(r, all(0.16666521f)).fma(r, all(0.49999994f));
        var p = q.fma(r.mul(r), r).add(1);
        var k = t.reinterpretAsInts().sub(ROUND_BITS);
        var half = k.lanewise(ASHR, 1);                                       // 2ᵏ may be no float: two factors
        var first = half.add(127).lanewise(LSHL, 23).reinterpretAsFloats();
        var second = k.sub(half).add(127).lanewise(LSHL, 23).reinterpretAsFloats();
        return p.mul(first).mul(second);
    }

    /// `σ(x) = 1 / (1 + e⁻ˣ)`.
    static FloatVector sigmoid(FloatVector x) {
        return all(1).div(exp(x.neg()).add(1));
    }

    /// `tanh(x)/x − 1` for |x| < 0.625 to 5e-9: odd powers, so that small x keep their relative precision.
    private static FloatVector tanhSeries(FloatVector x) {
        var z = x.mul(x);
        return all(-0.005704979f).fma(z, all(0.020639079f)).fma(z, all(-0.05373971f))
            .fma(z, all(0.13331442f)).fma(z, all(-0.33333281f)).mul(z);
    }

    /// `|tanh x| = 1 − 2/(e^{2|x|} + 1)`, good from 0.625 on.
    private static FloatVector tanhFar(FloatVector a) {
        return all(1).sub(all(2).div(exp(a.add(a)).add(1)));
    }

    static FloatVector tanh(FloatVector x) {
        var a = x.abs();
        var far = tanhFar(a);
        var signed = far.blend(far.neg(), x.compare(LT, 0));
        return tanhSeries(x).fma(x, x).blend(signed, a.compare(GE, 0.625f));
    }

    /// `tanh(x)/x`, 1 at 0.
    static FloatVector tanhOverX(FloatVector x) {
        var a = x.abs();
        return tanhSeries(x).add(1).blend(tanhFar(a).div(a), a.compare(GE, 0.625f));
    }

    /// `e^{−x²/2}`.
    static FloatVector bell(FloatVector x) {
        return exp(x.mul(x).mul(-0.5f));
    }

    /// `Φ(x) = ½(1 + erf(x/√2))`, given the bell of x — absolute error 5e-8, relative 1e-6 far to the left.
    ///
    /// For |x| < 1 the odd series; beyond, `Φ(−|x|) = bell(x) · t·P(t)` with `t = 1/(1 + 0.265|x|)`, where t's rounding
    /// error, which P magnifies, meets a small number. The fits are good to 7e-9 and to 1.4e-8 of themselves.
    static FloatVector normal(FloatVector x, FloatVector bell) {
        var z = x.mul(x);
        var near = all(9.246836e-5f).fma(z, all(-0.0011653507f)).fma(z, all(0.009964167f)).fma(z, all(-0.06648873f))
            .fma(z, all(0.3989422f)).fma(x, all(0.5f));
        var a = x.abs();
        var t = all(1).div(a.fma(all(0.265f), all(1)));
        var p = all(0.030624503f).fma(t, all(-0.14330077f)).fma(t, all(0.21595064f)).fma(t, all(-0.11428669f))
            .fma(t, all(0.13655508f)).fma(t, all(0.060894966f)).fma(t, all(0.1025551f)).fma(t, all(0.10526678f))
            .fma(t, all(0.1057404f));
        var left = bell.mul(t).mul(p);
        return near.blend(all(1).sub(left), x.compare(GE, 1)).blend(left, x.compare(LE, -1));
    }
}
