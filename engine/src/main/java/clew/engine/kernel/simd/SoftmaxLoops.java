package clew.engine.kernel.simd;

import static clew.engine.kernel.simd.Lanes.L;
import static clew.engine.kernel.simd.Lanes.all;
import static clew.engine.kernel.simd.Lanes.bound;
import static clew.engine.kernel.simd.Lanes.load;
import static clew.engine.kernel.simd.Lanes.tail;
import static clew.engine.kernel.simd.Lanes.widened;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.MAX;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;

/// Softmax of one row and its derivative. The sum is taken in double, in a fixed order.
public final class SoftmaxLoops {
    private SoftmaxLoops() {}

    /// `out[j] = e^{(s[j] − max s)/τ} / Σ` for j in `from … to−1`, given 1/τ.
    public static void softmax(float[] s, float inverse, float[] out, int from, int to) {
        if (from >= to) return;
        var sum = exponentials(s, max(s, from, to), inverse, out, from, to);
        scale(out, (float) (1 / sum), from, to);
    }

    /// `out = p ⊙ (g − ⟨p, g⟩)`, C columns at `at` of g and out, at `face` of p.
    public static void backward(float[] g, float[] p, float[] out, int at, int face, int C) {
        var mean = (float) Sums.dot(g, at, p, face, C);
        int i = at, to = at + C, shift = face - at;
        for (int end = bound(at, to); i < end; i += L) load(p, i + shift).mul(load(g, i).sub(mean)).intoArray(out, i);
        if (i < to) { var m = tail(i, to); load(p, i + shift, m).mul(load(g, i, m).sub(mean)).intoArray(out, i, m); }
    }

    // A NaN may be passed over here: the exponentials carry it into the sum, and the sum into the whole row.
    private static float max(float[] s, int from, int to) {
        var max = all(Float.NEGATIVE_INFINITY);
        int i = from;
        for (int end = bound(from, to); i < end; i += L) max = larger(max, load(s, i));
        if (i < to) { var m = tail(i, to); max = larger(max, max.blend(load(s, i, m), m)); }
        return max.reduceLanes(MAX);
    }

    private static FloatVector larger(FloatVector a, FloatVector b) {
        return a.blend(b, b.compare(GT, a));
    }

    private static double exponentials(float[] s, float max, float inverse, float[] out, int from, int to) {
        DoubleVector low = DoubleVector.zero(Lanes.D), high = low;
        int i = from;
        for (int end = bound(from, to); i < end; i += L) {
            var e = Exp.exp(load(s, i).sub(max).mul(inverse));
            low  = low.add(widened(e, 0));
            high = high.add(widened(e, 1));
            e.intoArray(out, i);
        }
        if (i < to) {
            var m = tail(i, to);
            var e = all(0).blend(Exp.exp(load(s, i, m).sub(max).mul(inverse)), m);
            low  = low.add(widened(e, 0));
            high = high.add(widened(e, 1));
            e.intoArray(out, i, m);
        }
        return Lanes.total(low.add(high));
    }

    private static void scale(float[] out, float c, int from, int to) {
        int i = from;
        for (int end = bound(from, to); i < end; i += L) load(out, i).mul(c).intoArray(out, i);
        if (i < to) { var m = tail(i, to); load(out, i, m).mul(c).intoArray(out, i, m); }
    }
}
