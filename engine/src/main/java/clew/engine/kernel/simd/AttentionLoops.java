package clew.engine.kernel.simd;

import clew.engine.kernel.Heads;
import clew.engine.kernel.simd.Strip.Coefficients;
import clew.engine.kernel.simd.Strip.Slice;
import java.util.Arrays;

/// The three products of attention for one stretch of rows and one head. Only visible pairs are read and written.
///
/// Four rows are taken together over what all four see; what some of them see besides is added row by row. So a NaN at
/// a key reaches no query that does not see it, and what lies in an invisible place of a pattern plays no part.
record AttentionLoops(Heads heads) {
    /// Terms, or keys to score, of one pass: as many rows of 64 columns as half a first-level cache holds.
    private static final int BLOCK = 64;

    /// Which terms row r sums: `r + below … r + above − 1`, as far as they lie in `lo … hi − 1`.
    private record Band(int below, int above, int lo, int hi) {
        int from(int r) {
            return Math.max(lo, r + below);
        }

        int to(int r) {
            return Math.max(from(r), Math.min(hi, r + above));
        }

        Band cut(int from, int to) {
            return new Band(below, above, Math.max(lo, from), Math.min(hi, to));
        }
    }

    /// `s[r,j] = Σ_d q[r,d] · bt[d,j]` of `count` queries from query i on, bt one head's keys, transposed.
    void score(Coefficients queries, Slice bt, Slice s, int i, int count) {
        for (int j = heads.firstKey(i); j <= heads.lastKey(i + count - 1); j += BLOCK) {
            var block = new Slice(bt.data(), bt.at() + j, bt.stride());
            for (int r = 0, some; r < count; r += some) {
                some = count - r >= 4 ? 4 : 1;
                int seen = heads.lastKey(i + r + some - 1) + 1 - j;
                int cols = Math.min(Lanes.roundUp(seen), Math.min(BLOCK, s.stride() - j));
                score(queries.from(r, 0), block, s.from(r), i + r, some, j, cols);
            }
        }
    }

    /// `count` queries, the first of them query i, against keys `j … j+cols−1`.
    private void score(Coefficients q, Slice b, Slice s, int i, int count, int j, int cols) {
        if (heads.lastKey(i + count - 1) < j || heads.firstKey(i) >= j + cols) return;
        var block = new Slice(s.data(), s.at() + j, s.stride());
        if (count == 4) Strip.four(q, b, block, heads.width(), cols);
        else            Strip.one(q, b, block, heads.width(), cols);
        for (int r = 0; r < count; r++) {
            int at = s.at() + r * s.stride(), lo = heads.firstKey(i + r), hi = heads.lastKey(i + r) + 1;
            Arrays.fill(s.data(), at + j, at + Math.clamp(lo, j, j + cols), 0);
            Arrays.fill(s.data(), at + Math.clamp(hi, j, j + cols), at + j + cols, 0);
        }
    }

    /// The same for few queries, where transposing the keys would cost more than it saves: `s[r,j] = c · ⟨q[r], b[j]⟩`.
    void scoreByRow(Slice queries, Slice b, float c, Slice s, int i, int count) {
        for (int r = 0; r < count; r++) {
            int lo = heads.firstKey(i + r), seen = heads.lastKey(i + r) + 1 - lo;
            var q = queries.from(r);
            Dots.dots(q.data(), q.at(), heads.width(), b.from(lo), c, s.data(), s.from(r).at() + lo, seen);
        }
    }

    /// `z[r,d] += Σ_j p[r,j] · b[j,d]` of `count` queries from query i on, b one head's values.
    void mix(Coefficients pattern, Slice values, Slice z, int i, int count) {
        int keys = heads.keys(), end = heads.lastKey(i) + 1;
        banded(pattern, values, z, 0, count, new Band(end - Math.min(heads.window(), keys), end, 0, keys));
    }

    /// `y[j,d] += Σ_r p[r,j] · a[r,d]` over `count` queries from query i on, for keys `from … to−1`.
    ///
    /// @param pattern p transposed: its rows are keys, its steps queries
    void mixTransposed(Coefficients pattern, Slice a, Slice y, int i, int count, int from, int to) {
        var below = -heads.lastKey(i);
        banded(pattern, a, y, from, to, new Band(below, below + Math.min(heads.window(), heads.keys()), 0, count));
    }

    /// `out[r] += Σ_t p[r,t] · v[t]` for rows `from … to−1`, t in the band, a block of terms at a time for all rows.
    private void banded(Coefficients p, Slice v, Slice out, int from, int to, Band band) {
        for (int t = band.from(from), end = band.to(to - 1); t < end; t += BLOCK) {
            var cut = band.cut(t, t + BLOCK);
            var near = v.near(t, Math.min(BLOCK, end - t), heads.width());
            int r = from;
            for (; r <= to - 4; r += 4) four(p, near, out.from(r), r, cut);
            for (; r < to; r++) one(p, near, out.from(r), r, cut.from(r), cut.to(r));
        }
    }

    /// Rows r … r+3: the terms that all four have, then what single rows have before and after them.
    private void four(Coefficients p, Slice v, Slice out, int r, Band band) {
        int lo = band.from(r + 3), hi = Math.max(lo, band.to(r)), d = heads.width();
        if (lo < hi) Strip.four(p.from(r, lo), v.from(lo), out, hi - lo, d);
        // Ends move by at most one from row to row: three over four rows are stairs, none at all is nothing to add.
        int before = lo - band.from(r), after = band.to(r + 3) - hi;
        var meet = lo <= band.to(r);
        if (meet && before == 3) Stairs.down(p.from(r, lo - 3), v.from(lo - 3), out, d);
        else if (before > 0) for (int i = 0; i < 4; i++)
            one(p, v, out.from(i), r + i, band.from(r + i), Math.min(lo, band.to(r + i)));
        if (meet && after == 3) Stairs.up(p.from(r, hi), v.from(hi), out, d);
        else if (after > 0) for (int i = 0; i < 4; i++)
            one(p, v, out.from(i), r + i, Math.max(hi, band.from(r + i)), band.to(r + i));
    }

    private void one(Coefficients p, Slice v, Slice out, int r, int from, int to) {
        if (from < to) Strip.one(p.from(r, from), v.from(from), out, to - from, heads.width());
    }
}
