package clew.engine.kernel.simd;

import static clew.engine.kernel.simd.Lanes.L;
import static clew.engine.kernel.simd.Lanes.S;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.LT;

/// `eˣ`, the one loop that all curves and softmax share. NaN stays NaN.
///
/// See [Lanes] for why it is a loop over an array and not a function of a vector.
final class Exp {
    private static final float LOG2E = 1.442695f;
    /// ln 2 = HI − LO, HI being ln 2 as a float: with fma the first product loses nothing.
    private static final float LN2_HI = 0.6931472f, LN2_LO = 1.904654e-9f;
    /// 1.5 · 2²³: adding it rounds to an integer, which is then the low bits of the sum; 254 is twice a float's bias.
    private static final float ROUND = 0x1.8p23f + 254;
    /// Beyond these eˣ is 0 or ∞ in float.
    private static final float LOWEST = -104f, HIGHEST = 89f;

    private Exp() {}

    /// `y[i] = e^{(x[i] − shift)·factor}` for i < n, a multiple of L — relative error 1e-7 of `eˣ`, denormals included.
    ///
    /// `eˣ = 2ᵏ·eʳ`, `|r| ≤ ½ ln 2`. The polynomial is a minimax fit of (eʳ − 1 − r)/r², good to 3e-9 of eʳ.
    static void exp(float[] x, float shift, float factor, float[] y, int n) {
        exp(x, y, 0, n, shift, factor);
    }

    /// The same for i in `from … to−1`, so many that they are a multiple of L.
    static void exp(float[] x, float[] y, int from, int to, float shift, float factor) {
        for (int i = from; i < to; i += L) {
            var v = fromArray(S, x, i).sub(shift).mul(factor);
            v = v.blend(HIGHEST, v.compare(GT, HIGHEST)).blend(LOWEST, v.compare(LT, LOWEST));
            var t = v.fma(broadcast(S, LOG2E), broadcast(S, ROUND));
            var whole = t.sub(ROUND);
            var r = whole.fma(broadcast(S, LN2_LO), whole.fma(broadcast(S, -LN2_HI), v));
            var q = broadcast(S, 0.001381454f).fma(r, broadcast(S, 0.008368745f)).fma(r, broadcast(S, 0.041668389f))
                .fma(r, broadcast(S, 0.16666521f)).fma(r, broadcast(S, 0.49999994f));
            var p = q.fma(r.mul(r), r).add(1f);
            var k = t.reinterpretAsInts();                                    // low bits: k + 2·127
            var half = k.lanewise(LSHR, 1);                                   // 2ᵏ may be no float: two factors
            var first = half.lanewise(LSHL, 23).reinterpretAsFloats();
            var second = k.sub(half).lanewise(LSHL, 23).reinterpretAsFloats();
            p.mul(first).mul(second).intoArray(y, i);
        }
    }
}
