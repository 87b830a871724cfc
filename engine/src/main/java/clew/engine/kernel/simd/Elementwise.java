package clew.engine.kernel.simd;

import static clew.engine.kernel.simd.Lanes.L;
import static clew.engine.kernel.simd.Lanes.all;
import static clew.engine.kernel.simd.Lanes.bound;
import static clew.engine.kernel.simd.Lanes.load;
import static clew.engine.kernel.simd.Lanes.tail;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators.Comparison;

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
        for (int end = bound(from, to); i < end; i += L) load(x, i).add(load(y, i)).intoArray(out, i);
        if (i < to) { var m = tail(i, to); load(x, i, m).add(load(y, i, m)).intoArray(out, i, m); }
    }

    public static void scale(float[] x, float c, float[] out, int from, int to) {
        int i = from;
        for (int end = bound(from, to); i < end; i += L) load(x, i).mul(c).intoArray(out, i);
        if (i < to) { var m = tail(i, to); load(x, i, m).mul(c).intoArray(out, i, m); }
    }

    /// `max(x, 0)`.
    public static void positive(float[] x, float[] out, int from, int to) {
        int i = from;
        for (int end = bound(from, to); i < end; i += L) positive(load(x, i)).intoArray(out, i);
        if (i < to) { var m = tail(i, to); positive(load(x, i, m)).intoArray(out, i, m); }
    }

    /// `min(x, 0)`.
    public static void negative(float[] x, float[] out, int from, int to) {
        int i = from;
        for (int end = bound(from, to); i < end; i += L) negative(load(x, i)).intoArray(out, i);
        if (i < to) { var m = tail(i, to); negative(load(x, i, m)).intoArray(out, i, m); }
    }

    /// `g ⊙ x`.
    public static void mul(float[] g, float[] x, float[] out, Stretch s) {
        int i = s.at(), to = s.to(), shift = s.shift();
        for (int end = s.bound(); i < end; i += L) load(g, i).mul(load(x, i + shift)).intoArray(out, i);
        if (i < to) { var m = tail(i, to); load(g, i, m).mul(load(x, i + shift, m)).intoArray(out, i, m); }
    }

    /// `g · z / (u + eps·sign u)`, 0 where z is 0.
    public static void ratio(float[] g, float[] z, float[] u, float eps, float[] out, Stretch s) {
        int i = s.at(), to = s.to(), shift = s.shift();
        for (int end = s.bound(); i < end; i += L)
            ratio(load(g, i), load(z, i + shift), load(u, i + shift), eps).intoArray(out, i);
        if (i < to) {
            var m = tail(i, to);
            ratio(load(g, i, m), load(z, i + shift, m), load(u, i + shift, m), eps).intoArray(out, i, m);
        }
    }

    /// g where z > 0, else 0; where z is NaN, g.
    public static void wherePositive(float[] g, float[] z, float[] out, Stretch s) {
        int i = s.at(), to = s.to(), shift = s.shift();
        for (int end = s.bound(); i < end; i += L) zeroWhere(load(g, i), LE, load(z, i + shift)).intoArray(out, i);
        if (i < to) { var m = tail(i, to); zeroWhere(load(g, i, m), LE, load(z, i + shift, m)).intoArray(out, i, m); }
    }

    /// g where z < 0, else 0; where z is NaN, g.
    public static void whereNegative(float[] g, float[] z, float[] out, Stretch s) {
        int i = s.at(), to = s.to(), shift = s.shift();
        for (int end = s.bound(); i < end; i += L) zeroWhere(load(g, i), GE, load(z, i + shift)).intoArray(out, i);
        if (i < to) { var m = tail(i, to); zeroWhere(load(g, i, m), GE, load(z, i + shift, m)).intoArray(out, i, m); }
    }

    /// a where x ≥ 0, else b.
    public static void choose(float[] x, float[] a, float[] b, float[] out, Stretch s) {
        int i = s.at(), to = s.to(), shift = s.shift();
        for (int end = s.bound(); i < end; i += L)
            load(b, i).blend(load(a, i), load(x, i + shift).compare(GE, 0)).intoArray(out, i);
        if (i < to) {
            var m = tail(i, to);
            load(b, i, m).blend(load(a, i, m), load(x, i + shift, m).compare(GE, 0)).intoArray(out, i, m);
        }
    }

    // ── one vector ──────────────────────────────────────────────────────────────────────────────────────────────────

    // By comparison, not by max and min: a comparison with NaN is false, so NaN stays without the fix-up code of max.
    private static FloatVector positive(FloatVector x) {
        return x.blend(0f, x.compare(LT, 0));
    }

    private static FloatVector negative(FloatVector x) {
        return x.blend(0f, x.compare(GT, 0));
    }

    private static FloatVector zeroWhere(FloatVector g, Comparison test, FloatVector z) {
        return g.blend(0f, z.compare(test, 0));
    }

    // g·(z/δ) rather than (g·z)/δ: z and δ are of one size, while a product of two small numbers may vanish.
    private static FloatVector ratio(FloatVector g, FloatVector z, FloatVector u, float eps) {
        var stabiliser = all(eps).blend(-eps, u.compare(LT, 0));
        return g.mul(z.div(u.add(stabiliser))).blend(0f, z.compare(EQ, 0));
    }
}
