package clew.engine.kernel.simd;

import static clew.engine.kernel.simd.Exp.bell;
import static clew.engine.kernel.simd.Exp.exp;
import static clew.engine.kernel.simd.Exp.normal;
import static clew.engine.kernel.simd.Exp.sigmoid;
import static clew.engine.kernel.simd.Exp.tanh;
import static clew.engine.kernel.simd.Lanes.all;
import static jdk.incubator.vector.VectorOperators.GT;

import jdk.incubator.vector.FloatVector;

/// Gates and slopes of the activations, one vector at a time: `y = x · gate(x)`.
final class Gates {
    /// √(2/π) and 1/√(2π).
    private static final float C = 0.7978846f, PEAK = 0.3989423f;
    private static final float CUBIC = 0.044715f;

    private Gates() {}

    static FloatVector gelu(FloatVector x) {
        return normal(x, bell(x));
    }

    /// `Φ + x·φ`.
    static FloatVector geluSlope(FloatVector x) {
        var bell = bell(x);
        return x.mul(PEAK).fma(bell, normal(x, bell));
    }

    /// `½(1 + tanh u) = σ(2u)`, `u = √(2/π)(x + 0.044715 x³)`.
    static FloatVector geluNew(FloatVector x) {
        return sigmoid(twice(x));
    }

    /// `y + 2x·u′·y(1−y)`.
    static FloatVector geluNewSlope(FloatVector x) {
        return risen(x.mul(x).fma(all(6 * C * CUBIC), all(2 * C)).mul(x), twice(x));
    }

    static FloatVector silu(FloatVector x) {
        return sigmoid(x);
    }

    /// `y + x·y(1−y)`.
    static FloatVector siluSlope(FloatVector x) {
        return risen(x, x);
    }

    static FloatVector relu(FloatVector x) {
        return all(0).blend(1f, x.compare(GT, 0));
    }

    /// `1 − tanh²`.
    static FloatVector tanhSlope(FloatVector x) {
        var t = tanh(x);
        return t.neg().fma(t, all(1));
    }

    /// 2u.
    private static FloatVector twice(FloatVector x) {
        return x.mul(x).fma(all(2 * C * CUBIC), all(2 * C)).mul(x);
    }

    /// `y + c·y(1−y)`, `y = σ(v)`. The difference 1−y is taken as `e⁻ᵛ·y`, which cancels nothing; y alone at both ends,
    /// where the product vanishes and c or e⁻ᵛ may have overflowed.
    private static FloatVector risen(FloatVector c, FloatVector v) {
        var e = exp(v.neg());
        var y = all(1).div(e.add(1));
        var spread = e.mul(y).mul(y);
        return y.blend(spread.fma(c, y), spread.compare(GT, 0));
    }
}
