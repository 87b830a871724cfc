package clew.engine.kernel.simd;

import static clew.engine.kernel.simd.Lanes.L;
import static clew.engine.kernel.simd.Lanes.S;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;

import clew.engine.kernel.simd.Strip.Coefficients;
import clew.engine.kernel.simd.Strip.Slice;

/// What causal attention leaves of four rows beside the terms that all four have: one, two or three terms more.
///
/// `out[r, x] += Σ_t p[r,t] · v[t, x]`, t over the terms of row r alone, in order; other places are not read.
final class Stairs {
    private Stairs() {}

    /// Row r has terms `0 … r−1`: row 0 none, row 3 all three.
    static void up(Coefficients p, Slice v, Slice out, int cols) {
        float[] c = p.data(), b = v.data(), y = out.data();
        int p1 = p.at() + p.row(), p2 = p1 + p.row(), p3 = p2 + p.row(), step = p.step();
        for (int x = 0; x < cols; x += L) {
            var m = S.indexInRange(x, cols);
            int q = v.at() + x, y1 = out.at() + x + out.stride(), y2 = y1 + out.stride(), y3 = y2 + out.stride();
            var u = fromArray(S, b, q, m);
            var a1 = broadcast(S, c[p1]).fma(u, fromArray(S, y, y1, m));
            var a2 = broadcast(S, c[p2]).fma(u, fromArray(S, y, y2, m));
            var a3 = broadcast(S, c[p3]).fma(u, fromArray(S, y, y3, m));
            u = fromArray(S, b, q + v.stride(), m);
            a2 = broadcast(S, c[p2 + step]).fma(u, a2);
            a3 = broadcast(S, c[p3 + step]).fma(u, a3);
            u = fromArray(S, b, q + 2 * v.stride(), m);
            a3 = broadcast(S, c[p3 + 2 * step]).fma(u, a3);
            a1.intoArray(y, y1, m);
            a2.intoArray(y, y2, m);
            a3.intoArray(y, y3, m);
        }
    }

    /// Row r has terms `r … 2`: row 0 all three, row 3 none.
    static void down(Coefficients p, Slice v, Slice out, int cols) {
        float[] c = p.data(), b = v.data(), y = out.data();
        int p0 = p.at(), p1 = p0 + p.row(), p2 = p1 + p.row(), step = p.step();
        for (int x = 0; x < cols; x += L) {
            var m = S.indexInRange(x, cols);
            int q = v.at() + x, y0 = out.at() + x, y1 = y0 + out.stride(), y2 = y1 + out.stride();
            var u = fromArray(S, b, q, m);
            var a0 = broadcast(S, c[p0]).fma(u, fromArray(S, y, y0, m));
            u = fromArray(S, b, q + v.stride(), m);
            a0 = broadcast(S, c[p0 + step]).fma(u, a0);
            var a1 = broadcast(S, c[p1 + step]).fma(u, fromArray(S, y, y1, m));
            u = fromArray(S, b, q + 2 * v.stride(), m);
            a0 = broadcast(S, c[p0 + 2 * step]).fma(u, a0);
            a1 = broadcast(S, c[p1 + 2 * step]).fma(u, a1);
            var a2 = broadcast(S, c[p2 + 2 * step]).fma(u, fromArray(S, y, y2, m));
            a0.intoArray(y, y0, m);
            a1.intoArray(y, y1, m);
            a2.intoArray(y, y2, m);
        }
    }
}
