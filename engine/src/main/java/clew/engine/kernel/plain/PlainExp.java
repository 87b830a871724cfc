package clew.engine.kernel.plain;

/// `eˣ` and the curves of activations that need nothing else, number by number; the formulas are those of the vectors.
final class PlainExp {
    private static final float LOG2E = 1.442695f, LN2_HI = 0.6931472f, LN2_LO = 1.904654e-9f;
    private static final float ROUND = 0x1.8p23f + 254, LOWEST = -104f, HIGHEST = 89f;
    private static final float C = 0.7978846f, CUBIC = 0.044715f;

    private PlainExp() {}

    static float exp(float x) {
        var v = x > HIGHEST ? HIGHEST : x < LOWEST ? LOWEST : x;
        var t = Math.fma(v, LOG2E, ROUND);
        var whole = t - ROUND;
        var r = Math.fma(whole, LN2_LO, Math.fma(whole, -LN2_HI, v));
        var q = Math.fma(Math.fma(0.001381454f, r, 0.008368745f), r, 0.041668389f);
        q = Math.fma(Math.fma(q, r, 0.16666521f), r, 0.49999994f);
        var p = Math.fma(q, r * r, r) + 1f;
        var k = Float.floatToRawIntBits(t);                                   // low bits: k + 2·127
        var half = k >>> 1;                                                   // 2ᵏ may be no float: two factors
        return p * Float.intBitsToFloat(half << 23) * Float.intBitsToFloat(k - half << 23);
    }

    /// `p[j] = e^{(s[j] − max s)/τ} / Σ` for j < n, given 1/τ.
    static void softmax(float[] s, int at, int n, float inverse, float[] p, int to) {
        var max = Float.NEGATIVE_INFINITY;
        for (int j = 0; j < n; j++) if (s[at + j] > max) max = s[at + j];
        for (int j = 0; j < n; j++) p[to + j] = exp((s[at + j] - max) * inverse);
        var scale = (float) (1 / PlainLanes.sum(p, to, n));
        for (int j = 0; j < n; j++) p[to + j] *= scale;
    }

    // ── SiLU, given e = e⁻ˣ ─────────────────────────────────────────────────────────────────────────────────────────

    static float gated(float x, float e) {
        return x / (e + 1);
    }

    static float sigmoid(float e) {
        return 1 / (e + 1);
    }

    static float siluSlope(float x, float e) {
        float s = 1 / (e + 1), spread = e * s * s;
        return spread > 0 ? Math.fma(spread, x, s) : s;
    }

    // ── GELU's form by tanh, given e = e⁻²ᵘ ─────────────────────────────────────────────────────────────────────────

    /// `2u`, `u = √(2/π)(x + 0.044715 x³)`.
    static float cubic(float x) {
        return Math.fma(x * x, 2 * C * CUBIC, 2 * C) * x;
    }

    static float geluNewSlope(float x, float e) {
        var inner = Math.fma(x * x, 6 * C * CUBIC, 2 * C) * x;                // 2x·u′
        float s = 1 / (e + 1), spread = e * s * s;
        return spread > 0 ? Math.fma(spread, inner, s) : s;
    }
}
