package clew.engine.kernel.simd;

import clew.engine.kernel.Heads;
import clew.engine.kernel.simd.Strip.Coefficients;
import clew.engine.kernel.simd.Strip.Slice;
import clew.engine.tensor.Rows.Run;
import java.util.Arrays;

/// The three products of attention for one run of rows and one head. Only visible pairs are read and written.
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

    /// Queries `from … to−1` of the run's: `s[i,j] = Σ_d a[i,d] · bt[d,j]`, bt the keys of all heads, transposed.
    ///
    /// @param bt     `[B, K, d, stride]`
    /// @param stride keys of one sequence, filled up
    void score(float[] a, float[] bt, int stride, float[] s, Run run, int h, int from, int to) {
        int d = heads.width(), keys = heads.keys(), wide = heads.heads() * d;
        int sequence = run.first() / heads.queries(), first = run.first() % heads.queries();
        var queries = new Coefficients(a, run.at() * wide + h * d, wide, 1);
        var out = new Slice(s, (heads.heads() * run.at() + h * run.length()) * keys, keys);
        for (int j = heads.firstKey(first + from); j <= heads.lastKey(first + to - 1); j += BLOCK) {
            int at = (sequence * heads.kvHeads() + heads.kv(h)) * d * stride + j, cols = Math.min(BLOCK, keys - j);
            for (int n = from, count; n < to; n += count) {
                count = to - n >= 4 ? 4 : 1;
                score(queries.from(n, 0), new Slice(bt, at, stride), out.from(n), first + n, count, j, cols);
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

    /// The same for few queries, where transposing the keys would cost more than it saves: `s[i,j] = c · ⟨a[i], b[j]⟩`.
    void scoreByRow(float[] a, float[] b, float c, float[] s, Run run, int h, int from, int to) {
        int d = heads.width(), keys = heads.keys(), wide = heads.heads() * d, narrow = heads.kvHeads() * d;
        int sequence = run.first() / heads.queries(), first = run.first() % heads.queries();
        var base = sequence * keys * narrow + heads.kv(h) * d;
        for (int n = from; n < to; n++) {
            int at = (heads.heads() * run.at() + h * run.length() + n) * keys, lo = heads.firstKey(first + n);
            var keysSeen = new Slice(b, base + lo * narrow, narrow);
            Dots.dots(a, (run.at() + n) * wide + h * d, d, keysSeen, c, s, at + lo, heads.lastKey(first + n) + 1 - lo);
        }
    }

    /// Queries `from … to−1` of the run's: `z[i,d] += Σ_j p[i,j] · b[j,d]`.
    void mix(float[] p, float[] b, float[] z, Run run, int h, int from, int to) {
        int d = heads.width(), keys = heads.keys(), wide = heads.heads() * d, narrow = heads.kvHeads() * d;
        int sequence = run.first() / heads.queries(), end = keys - heads.queries() + run.first() % heads.queries() + 1;
        var pattern = new Coefficients(p, (heads.heads() * run.at() + h * run.length()) * keys, keys, 1);
        var values = new Slice(b, sequence * keys * narrow + heads.kv(h) * d, narrow);
        var out = new Slice(z, run.at() * wide + h * d, wide);
        banded(pattern, values, out, from, to, new Band(end - Math.min(heads.window(), keys), end, 0, keys));
    }

    /// Keys `from … to−1` of the run's: `y[j,d] += Σ_i p[i,j] · a[i,d]`, for one query head h.
    ///
    /// @param held  the pattern's row of the run's first query at head h
    /// @param query a's row of the run's first query
    void mixTransposed(float[] p, int held, float[] a, int query, float[] y, Run run, int h, int from, int to) {
        int d = heads.width(), keys = heads.keys(), wide = heads.heads() * d, narrow = heads.kvHeads() * d;
        var pattern = new Coefficients(p, held * keys, 1, keys);
        var values = new Slice(a, query * wide + h * d, wide);
        var out = new Slice(y, run.at() * narrow + heads.kv(h) * d, narrow);
        banded(pattern, values, out, from, to, new Band(0, Math.min(heads.window(), keys), 0, run.length()));
    }

    /// `out[r] += Σ_t p[r,t] · v[t]` for rows `from … to−1`, t in the band, a block of terms at a time for all rows.
    private void banded(Coefficients p, Slice v, Slice out, int from, int to, Band band) {
        var scratch = new float[BLOCK * heads.width()];
        for (int t = band.from(from), end = band.to(to - 1); t < end; t += BLOCK) {
            var cut = band.cut(t, t + BLOCK);
            var near = v.near(t, Math.min(BLOCK, end - t), heads.width(), scratch);
            int r = from;
            for (; r <= to - 4; r += 4) four(p, near, out.from(r), r, cut);
            for (; r < to; r++) one(p, near, out.from(r), r, cut.from(r), cut.to(r));
        }
    }

    /// Rows r … r+3: the terms that all four have, then what single rows have before and after them.
    private void four(Coefficients p, Slice v, Slice out, int r, Band band) {
        int lo = band.from(r + 3), hi = Math.max(lo, band.to(r));
        if (lo < hi) Strip.four(p.from(r, lo), v.from(lo), out, hi - lo, heads.width());
        for (int i = 0; i < 4; i++) {
            one(p, v, out.from(i), r + i, band.from(r + i), Math.min(lo, band.to(r + i)));
            one(p, v, out.from(i), r + i, Math.max(hi, band.from(r + i)), band.to(r + i));
        }
    }

    private void one(Coefficients p, Slice v, Slice out, int r, int from, int to) {
        if (from < to) Strip.one(p.from(r, from), v.from(from), out, to - from, heads.width());
    }
}
