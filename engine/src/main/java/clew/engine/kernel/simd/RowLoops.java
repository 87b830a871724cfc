package clew.engine.kernel.simd;

import static clew.engine.kernel.simd.Lanes.L;
import static clew.engine.kernel.simd.Lanes.S;
import static clew.engine.kernel.simd.Lanes.bound;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;

import jdk.incubator.vector.FloatVector;

/// Loops over one row of C columns that begins at `at`. Bodies of whole vectors, one masked vector as tail.
public final class RowLoops {
    private RowLoops() {}

    /// `x[r] + b`.
    public static void addRow(float[] x, float[] b, float[] out, int at) {
        int i = 0, C = b.length;
        for (int end = bound(0, C); i < end; i += L)
            fromArray(S, x, at + i).add(fromArray(S, b, i)).intoArray(out, at + i);
        if (i < C) {
            var m = S.indexInRange(i, C);
            fromArray(S, x, at + i, m).add(fromArray(S, b, i, m)).intoArray(out, at + i, m);
        }
    }

    /// `x[r] ⊙ w`.
    public static void mulRow(float[] x, float[] w, float[] out, int at) {
        int i = 0, C = w.length;
        for (int end = bound(0, C); i < end; i += L)
            fromArray(S, x, at + i).mul(fromArray(S, w, i)).intoArray(out, at + i);
        if (i < C) {
            var m = S.indexInRange(i, C);
            fromArray(S, x, at + i, m).mul(fromArray(S, w, i, m)).intoArray(out, at + i, m);
        }
    }

    /// `x[r] − mean x[r]`.
    public static void centre(float[] x, float[] out, int at, int C) {
        var mean = (float) (Sums.sum(x, at, C) / C);
        int i = at, to = at + C;
        for (int end = bound(at, to); i < end; i += L) fromArray(S, x, i).sub(mean).intoArray(out, i);
        if (i < to) {
            var m = S.indexInRange(i, to);
            fromArray(S, x, i, m).sub(mean).intoArray(out, i, m);
        }
    }

    /// `1 / √(mean x[r]² + ε)`.
    public static float rmsScale(float[] x, int at, int C, double eps) {
        return (float) (1 / Math.sqrt(Sums.dot(x, at, x, at, C) / C + eps));
    }

    /// `g[n] − x[r]·s²·mean(g[n]·x[r])`.
    public static void project(float[] g, float[] x, float s, float[] out, int at, int face, int C) {
        var share = (float) -(Sums.dot(g, at, x, face, C) / C * s * s);
        addMultiple(g, x, share, out, at, face, C);
    }

    /// `out = g[n] + c·x[r]`.
    private static void addMultiple(float[] g, float[] x, float c, float[] out, int at, int face, int C) {
        int i = at, to = at + C, shift = face - at;
        var v = broadcast(S, c);
        for (int end = bound(at, to); i < end; i += L)
            v.fma(fromArray(S, x, i + shift), fromArray(S, g, i)).intoArray(out, i);
        if (i < to) {
            var m = S.indexInRange(i, to);
            v.fma(fromArray(S, x, i + shift, m), fromArray(S, g, i, m)).intoArray(out, i, m);
        }
    }

    /// `out += g[n]`, `to` being where the row of out begins.
    public static void accumulate(float[] g, int at, float[] out, int to, int C) {
        int i = 0;
        for (int end = bound(0, C); i < end; i += L)
            fromArray(S, out, to + i).add(fromArray(S, g, at + i)).intoArray(out, to + i);
        if (i < C) {
            var m = S.indexInRange(i, C);
            fromArray(S, out, to + i, m).add(fromArray(S, g, at + i, m)).intoArray(out, to + i, m);
        }
    }

    /// `Σ_n g[n,c]` for columns `from … to−1`, rows in blocks of 64 so that no long sum is taken in one float.
    public static void sumColumns(float[] g, float[] out, int from, int to) {
        int C = out.length, i = from;
        for (int end = bound(from, to); i < end; i += L) {
            var sum = FloatVector.zero(S);
            for (int p = i; p < g.length; ) {
                var part = FloatVector.zero(S);
                for (int n = 0; n < 64 && p < g.length; n++, p += C) part = part.add(fromArray(S, g, p));
                sum = sum.add(part);
            }
            sum.intoArray(out, i);
        }
        for (; i < to; i++) out[i] = columnSum(g, i, C);                      // scalar tail, the same blocks
    }

    private static float columnSum(float[] g, int c, int C) {
        var sum = 0f;
        for (int p = c; p < g.length; ) {
            var part = 0f;
            for (int n = 0; n < 64 && p < g.length; n++, p += C) part += g[p];
            sum += part;
        }
        return sum;
    }
}
