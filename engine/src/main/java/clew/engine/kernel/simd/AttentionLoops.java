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
    /// Queries `from … to−1` of the run's: `s[i,j] += Σ_d a[i,d] · bt[d,j]`, bt the keys of all heads, transposed.
    ///
    /// @param bt `[B, K, d, keys]`
    void score(float[] a, float[] bt, float[] s, Run run, int h, int from, int to) {
        int d = heads.width(), keys = heads.keys(), wide = heads.heads() * d;
        int sequence = run.first() / heads.queries(), first = run.first() % heads.queries();
        var b = new Slice(bt, (sequence * heads.kvHeads() + heads.kv(h)) * d * keys, keys);
        var row = heads.heads() * run.at() + h * run.length();
        for (int n = from; n < to; ) {
            var four = to - n >= 4;
            int last = four ? n + 3 : n, lo = heads.firstKey(first + n), hi = heads.lastKey(first + last) + 1;
            var q = new Coefficients(a, (run.at() + n) * wide + h * d, wide, 1);
            var keysSeen = new Slice(bt, b.at() + lo, keys);
            var out = new Slice(s, (row + n) * keys + lo, keys);
            if (four) Strip.four(q, keysSeen, out, d, hi - lo);
            else      Strip.one(q, keysSeen, out, d, hi - lo);
            for (; n <= last; n++) {
                var at = (row + n) * keys;
                Arrays.fill(s, at + lo, at + heads.firstKey(first + n), 0);
                Arrays.fill(s, at + heads.lastKey(first + n) + 1, at + hi, 0);
            }
        }
    }

    /// The same for few queries, where transposing the keys would cost more than it saves: `s[i,j] = c · ⟨a[i], b[j]⟩`.
    void scoreByRow(float[] a, float[] b, float c, float[] s, Run run, int h, int from, int to) {
        int d = heads.width(), keys = heads.keys(), wide = heads.heads() * d, narrow = heads.kvHeads() * d;
        int sequence = run.first() / heads.queries(), first = run.first() % heads.queries();
        var base = sequence * keys * narrow + heads.kv(h) * d;
        for (int n = from; n < to; n++) {
            var at = (heads.heads() * run.at() + h * run.length() + n) * keys;
            for (int j = heads.firstKey(first + n); j <= heads.lastKey(first + n); j++)
                s[at + j] = c * (float) Sums.dot(a, (run.at() + n) * wide + h * d, b, base + j * narrow, d);
        }
    }

    /// Queries `from … to−1` of the run's: `z[i,d] += Σ_j p[i,j] · b[j,d]`.
    void mix(float[] p, float[] b, float[] z, Run run, int h, int from, int to) {
        int d = heads.width(), keys = heads.keys(), wide = heads.heads() * d, narrow = heads.kvHeads() * d;
        int sequence = run.first() / heads.queries(), first = run.first() % heads.queries();
        var values = new Slice(b, sequence * keys * narrow + heads.kv(h) * d, narrow);
        var pattern = new Coefficients(p, (heads.heads() * run.at() + h * run.length()) * keys, keys, 1);
        var out = new Slice(z, run.at() * wide + h * d, wide);
        int n = from;
        for (; n <= to - 4; n += 4) {
            int i = first + n, lo = heads.firstKey(i + 3), hi = Math.max(lo, heads.lastKey(i) + 1);
            Strip.four(pattern.row(n).from(lo), values.from(lo), out.from(n), hi - lo, d);
            for (int r = 0; r < 4; r++) {
                int seen = heads.firstKey(i + r), end = heads.lastKey(i + r) + 1;
                add(pattern.row(n + r), values, out.from(n + r), seen, Math.min(lo, end));
                add(pattern.row(n + r), values, out.from(n + r), Math.max(hi, seen), end);
            }
        }
        for (; n < to; n++)
            add(pattern.row(n), values, out.from(n), heads.firstKey(first + n), heads.lastKey(first + n) + 1);
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
        int j = from;
        for (; j <= to - 4; j += 4) {
            int lo = Math.min(run.length(), j + 3), hi = Math.max(lo, end(run, j));
            Strip.four(pattern.row(j).from(lo), values.from(lo), out.from(j), hi - lo, d);
            for (int r = 0; r < 4; r++) {
                add(pattern.row(j + r), values, out.from(j + r), j + r, Math.min(lo, end(run, j + r)));
                add(pattern.row(j + r), values, out.from(j + r), Math.max(hi, j + r), end(run, j + r));
            }
        }
        for (; j < to; j++) add(pattern.row(j), values, out.from(j), j, end(run, j));
    }

    /// One more than the last query of the run that sees key j.
    private int end(Run run, int j) {
        return j + Math.min(heads.window(), run.length() - j);
    }

    private void add(Coefficients p, Slice v, Slice out, int from, int to) {
        if (from < to) Strip.one(p.from(from), v.from(from), out, to - from, heads.width());
    }
}
