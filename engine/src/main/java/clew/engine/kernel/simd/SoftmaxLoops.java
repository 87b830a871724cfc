package clew.engine.kernel.simd;

import static clew.engine.kernel.simd.Lanes.L;
import static clew.engine.kernel.simd.Lanes.S;
import static clew.engine.kernel.simd.Lanes.bound;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.MAX;

import java.util.Arrays;

/// Softmax of one row and its derivative. Sums are taken in double, in a fixed order.
public final class SoftmaxLoops {
    private SoftmaxLoops() {}

    /// Scratch for rows of up to `keys` visible keys.
    public static float[] scratch(int keys) {
        return new float[Lanes.roundUp(keys)];
    }

    /// `out[j] = e^{(s[j] − max s)/τ} / Σ` for j in `from … to−1`, given 1/τ.
    ///
    /// A row that is no whole number of vectors is taken to scratch and filled up with −∞, whose exponential is 0.
    public static void softmax(float[] s, float inverse, float[] out, int from, int to, float[] scratch) {
        int n = to - from, whole = Lanes.roundUp(n);
        if (n == whole) {
            Exp.exp(s, out, from, to, max(s, from, to), inverse);
            scale(out, (float) (1 / Sums.sum(out, from, n)), from, to);
            return;
        }
        System.arraycopy(s, from, scratch, 0, n);
        Arrays.fill(scratch, n, whole, Float.NEGATIVE_INFINITY);
        Exp.exp(scratch, scratch, 0, whole, max(scratch, 0, whole), inverse);
        scale(scratch, (float) (1 / Sums.sum(scratch, 0, n)), 0, whole);
        System.arraycopy(scratch, 0, out, from, n);
    }

    /// Makes `L` elements from `at` on −∞, whose exponential is 0.
    static void fill(float[] s, int at) {
        broadcast(S, Float.NEGATIVE_INFINITY).intoArray(s, at);
    }

    /// The largest of whole vectors.
    ///
    /// A NaN may be passed over here: the exponentials carry it into the sum, and the sum into the whole row.
    static float max(float[] s, int from, int to) {
        var max = broadcast(S, Float.NEGATIVE_INFINITY);
        for (int i = from; i < to; i += L) {
            var v = fromArray(S, s, i);
            max = max.blend(v, v.compare(GT, max));
        }
        return max.reduceLanes(MAX);
    }

    /// `x[j] *= c` for whole vectors.
    static void scale(float[] x, float c, int from, int to) {
        for (int i = from; i < to; i += L) fromArray(S, x, i).mul(c).intoArray(x, i);
    }

    /// `out = p ⊙ (g − ⟨p, g⟩)`, C columns at `at` of g and out, at `face` of p.
    public static void backward(float[] g, float[] p, float[] out, int at, int face, int C) {
        backward(g, p, out, at, face, C, (float) Sums.dot(g, at, p, face, C));
    }

    /// The same, given `⟨p, g⟩`.
    static void backward(float[] g, float[] p, float[] out, int at, int face, int C, float mean) {
        int i = at, to = at + C, shift = face - at;
        for (int end = bound(at, to); i < end; i += L)
            fromArray(S, p, i + shift).mul(fromArray(S, g, i).sub(mean)).intoArray(out, i);
        if (i < to) {
            var m = S.indexInRange(i, to);
            fromArray(S, p, i + shift, m).mul(fromArray(S, g, i, m).sub(mean)).intoArray(out, i, m);
        }
    }
}
