package clew.engine.kernel.simd;

import static clew.engine.kernel.simd.Lanes.L;
import static clew.engine.kernel.simd.Lanes.S;
import static clew.engine.kernel.simd.Lanes.bound;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;

/// Loops in which every output element depends on one element of each operand.
///
/// A [Stretch] says which elements: those of the cotangent, and where the activation's begin. Every loop is a body of
/// whole vectors with one masked vector as its tail: the same bits wherever an element lies.
public final class Elementwise {
    /// Elements `at … to−1` of a cotangent and of the result, facing elements from `face` on of an activation.
    public record Stretch(int at, int face, int to) {
        /// Where the body by whole vectors ends.
        int bound() {
            return Lanes.bound(at, to);
        }

        /// How far the activation's elements lie from the cotangent's.
        int shift() {
            return face - at;
        }
    }

    private Elementwise() {}

    public static void add(float[] x, float[] y, float[] out, int from, int to) {
        int i = from;
        for (int end = bound(from, to); i < end; i += L) fromArray(S, x, i).add(fromArray(S, y, i)).intoArray(out, i);
        if (i < to) {
            var m = S.indexInRange(i, to);
            fromArray(S, x, i, m).add(fromArray(S, y, i, m)).intoArray(out, i, m);
        }
    }

    public static void scale(float[] x, float c, float[] out, int from, int to) {
        int i = from;
        for (int end = bound(from, to); i < end; i += L) fromArray(S, x, i).mul(c).intoArray(out, i);
        if (i < to) {
            var m = S.indexInRange(i, to);
            fromArray(S, x, i, m).mul(c).intoArray(out, i, m);
        }
    }

    // By comparison, not by max and min: a comparison with NaN is false, so NaN stays without the fix-up code of max.

    /// `max(x, 0)`.
    public static void positive(float[] x, float[] out, int from, int to) {
        int i = from;
        for (int end = bound(from, to); i < end; i += L) {
            var v = fromArray(S, x, i);
            v.blend(0f, v.compare(LT, 0f)).intoArray(out, i);
        }
        if (i < to) {
            var m = S.indexInRange(i, to);
            var v = fromArray(S, x, i, m);
            v.blend(0f, v.compare(LT, 0f)).intoArray(out, i, m);
        }
    }

    /// `min(x, 0)`.
    public static void negative(float[] x, float[] out, int from, int to) {
        int i = from;
        for (int end = bound(from, to); i < end; i += L) {
            var v = fromArray(S, x, i);
            v.blend(0f, v.compare(GT, 0f)).intoArray(out, i);
        }
        if (i < to) {
            var m = S.indexInRange(i, to);
            var v = fromArray(S, x, i, m);
            v.blend(0f, v.compare(GT, 0f)).intoArray(out, i, m);
        }
    }

    /// `g ⊙ x`.
    public static void mul(float[] g, float[] x, float[] out, Stretch s) {
        int i = s.at(), to = s.to(), shift = s.shift();
        for (int end = s.bound(); i < end; i += L)
            fromArray(S, g, i).mul(fromArray(S, x, i + shift)).intoArray(out, i);
        if (i < to) {
            var m = S.indexInRange(i, to);
            fromArray(S, g, i, m).mul(fromArray(S, x, i + shift, m)).intoArray(out, i, m);
        }
    }

    /// `g · z / (u + eps·sign u)`, 0 where z is 0.
    ///
    /// As g·(z/δ) rather than (g·z)/δ: z and δ are of one size, while a product of two small numbers may vanish.
    public static void ratio(float[] g, float[] z, float[] u, float eps, float[] out, Stretch s) {
        int i = s.at(), to = s.to(), shift = s.shift();
        for (int end = s.bound(); i < end; i += L) {
            FloatVector v = fromArray(S, z, i + shift), w = fromArray(S, u, i + shift);
            var stable = w.add(broadcast(S, eps).blend(-eps, w.compare(LT, 0f)));
            fromArray(S, g, i).mul(v.div(stable)).blend(0f, v.compare(EQ, 0f)).intoArray(out, i);
        }
        if (i < to) {
            var m = S.indexInRange(i, to);
            FloatVector v = fromArray(S, z, i + shift, m), w = fromArray(S, u, i + shift, m);
            var stable = w.add(broadcast(S, eps).blend(-eps, w.compare(LT, 0f)));
            fromArray(S, g, i, m).mul(v.div(stable)).blend(0f, v.compare(EQ, 0f)).intoArray(out, i, m);
        }
    }

    /// g where z > 0, else 0; where z is NaN, g.
    public static void wherePositive(float[] g, float[] z, float[] out, Stretch s) {
        int i = s.at(), to = s.to(), shift = s.shift();
        for (int end = s.bound(); i < end; i += L)
            fromArray(S, g, i).blend(0f, fromArray(S, z, i + shift).compare(LE, 0f)).intoArray(out, i);
        if (i < to) {
            var m = S.indexInRange(i, to);
            fromArray(S, g, i, m).blend(0f, fromArray(S, z, i + shift, m).compare(LE, 0f)).intoArray(out, i, m);
        }
    }

    /// g where z < 0, else 0; where z is NaN, g.
    public static void whereNegative(float[] g, float[] z, float[] out, Stretch s) {
        int i = s.at(), to = s.to(), shift = s.shift();
        for (int end = s.bound(); i < end; i += L)
            fromArray(S, g, i).blend(0f, fromArray(S, z, i + shift).compare(GE, 0f)).intoArray(out, i);
        if (i < to) {
            var m = S.indexInRange(i, to);
            fromArray(S, g, i, m).blend(0f, fromArray(S, z, i + shift, m).compare(GE, 0f)).intoArray(out, i, m);
        }
    }

    /// a where x ≥ 0, else b.
    public static void choose(float[] x, float[] a, float[] b, float[] out, Stretch s) {
        int i = s.at(), to = s.to(), shift = s.shift();
        for (int end = s.bound(); i < end; i += L) {
            var left = fromArray(S, x, i + shift).compare(GE, 0f);
            fromArray(S, b, i).blend(fromArray(S, a, i), left).intoArray(out, i);
        }
        if (i < to) {
            var m = S.indexInRange(i, to);
            var left = fromArray(S, x, i + shift, m).compare(GE, 0f);
            fromArray(S, b, i, m).blend(fromArray(S, a, i, m), left).intoArray(out, i, m);
        }
    }
}
