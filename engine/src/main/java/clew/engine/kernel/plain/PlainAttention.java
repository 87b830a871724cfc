package clew.engine.kernel.plain;

import clew.engine.kernel.Fused;
import clew.engine.kernel.Heads;
import clew.engine.kernel.plain.PlainSums.Factors;
import clew.engine.kernel.plain.PlainSums.Lines;
import clew.engine.kernel.simd.Floats;
import clew.engine.tensor.Rows;
import clew.engine.tensor.Tensor;

/// Attention in one piece without a window, in bands of queries: the order of the vectors' sums.
public final class PlainAttention {
    private static final int BAND = 64;

    private final Fused.Inputs x;
    private final Heads heads;
    private final float[] q, k, v;
    private final int wide, narrow;

    public PlainAttention(Fused.Inputs x) {
        this.x = x;
        this.heads = x.heads();
        this.q = Floats.of(x.q());
        this.k = Floats.of(x.k());
        this.v = Floats.of(x.v());
        this.wide = heads.heads() * heads.width();
        this.narrow = heads.kvHeads() * heads.width();
    }

    /// Whether these loops have the vectors' bits: a window changes the order.
    public static boolean takes(Heads heads) {
        return heads.window() >= heads.keys();
    }

    /// The same for a way back, whose runs are to start where sequences do.
    public static boolean takes(Heads heads, Rows rows) {
        return takes(heads) && rows.cut(heads.queries()).stream().allMatch(run -> run.first() % heads.queries() == 0);
    }

    /// `z`, `[B·queries, H·d]`.
    public float[] forward() {
        int Q = heads.queries(), d = heads.width(), rows = x.q().rows();
        var z = new float[q.length];
        var p = new float[heads.keys()];
        var scores = scores(k, x.c(), rows);
        for (int row = 0; row < rows; row++)
            for (int h = 0; h < heads.heads(); h++) {
                var seen = heads.lastKey(row % Q) + 1;
                scores.of(q, row, row / Q, h, seen, p, 0);
                PlainExp.softmax(p, 0, seen, 1, p, 0);
                PlainSums.add(new Factors(p, 0, 1), keys(v, row / Q, h), seen, z, row * wide + h * d, d);
            }
        return z;
    }

    /// The shares of q, k and v, for cotangent rows g of z.
    public Fused.Shares backward(float[] g, Fused.Reading how, Rows rows) {
        var back = new Back(g, how, rows);
        var leak = new double[rows.seeds()];
        for (int s = 0; s < x.sequences(); s++)
            for (int kv = 0; kv < heads.kvHeads(); kv++) {
                var ofTask = back.keyHead(s, kv);
                for (int seed = 0; seed < leak.length; seed++) leak[seed] += ofTask[seed];
            }
        return back.shares(leak);
    }

    /// One way back: what it reads, and where its shares gather.
    private final class Back {
        private final Fused.Reading how;
        private final Rows rows;
        private final Rows.Run[] pieces;
        private final int[] keyStarts;
        private final float[] g, toQ, toK, toV;
        private final float[] s, pattern, shares, tempered = new float[heads.keys()];
        private final PlainScores scores, values;

        Back(float[] g, Fused.Reading how, Rows rows) {
            var ends = x.keyRows(rows).count();
            this.g = g;
            this.how = how;
            this.rows = rows;
            this.pieces = rows.cut(heads.queries()).toArray(Rows.Run[]::new);
            this.keyStarts = x.keyStarts(rows);
            this.toQ = new float[how.holdsPattern() ? 0 : rows.count() * wide];
            this.toK = new float[how.holdsPattern() ? 0 : ends * narrow];
            this.toV = new float[ends * narrow];
            this.s = new float[Math.min(BAND, heads.queries()) * heads.keys()];
            this.pattern = new float[s.length];
            this.shares = new float[s.length];
            this.scores = scores(k, x.c(), rows.count());
            this.values = scores(v, how.pattern(), rows.count());
        }

        /// All that queries of a sequence hand back to one key head; what the softmaxes keep, per seed.
        double[] keyHead(int sequence, int kv) {
            int Q = heads.queries(), group = heads.heads() / heads.kvHeads(), end = 0;
            var leak = new double[rows.seeds()];
            for (var piece : pieces) if (piece.first() / Q == sequence) end = Math.max(end, piece.length());
            for (int h = kv * group; h < (kv + 1) * group; h++)
                for (int i = 0; i < end; i += BAND) {
                    fill(sequence, h, i, Math.min(BAND, end - i));
                    for (int n = 0; n < pieces.length; n++) {
                        var count = Math.min(BAND, pieces[n].length() - i);
                        if (pieces[n].first() / Q == sequence && count > 0)
                            leak[pieces[n].seed()] += share(pieces[n].at(), keyStarts[n], sequence, h, i, count);
                    }
                }
            return leak;
        }

        /// Scores and pattern of a band.
        private void fill(int sequence, int h, int i, int count) {
            for (int r = 0; r < count; r++) {
                var at = r * heads.keys();
                var seen = heads.lastKey(i + r) + 1;
                scores.of(q, sequence * heads.queries() + i + r, sequence, h, seen, s, at);
                PlainExp.softmax(s, at, seen, 1, pattern, at);
            }
        }

        /// What queries `i … i+count−1` of a piece hand back, its first cotangent row being `row`, its first key `key`.
        private double share(int row, int key, int sequence, int h, int i, int count) {
            byKey(pattern, g, row + i, h, i, count, toV, key);
            if (how.holdsPattern()) return 0;
            var d = heads.width();
            var lines = keys(k, sequence, h);
            var leak = 0.0;
            for (int r = 0; r < count; r++) {
                int at = r * heads.keys(), seen = heads.lastKey(i + r) + 1;
                values.of(g, row + i + r, sequence, h, seen, shares, at);
                if (how.leaks()) leak += PlainLanes.dot(shares, at, pattern, at, seen);
                softmaxBackward(at, seen);
                if (how.leaks()) leak -= PlainLanes.dot(shares, at, s, at, seen);
                PlainSums.add(new Factors(shares, at, 1), lines, seen, toQ, (row + i + r) * wide + h * d, d);
            }
            byKey(shares, q, sequence * heads.queries() + i, h, i, count, toK, key);
            return leak;
        }

        private void softmaxBackward(int at, int n) {
            var p = pattern;
            var from = at;
            if (how.temperature() != 1) {
                PlainExp.softmax(s, at, n, (float) (1 / how.temperature()), tempered, 0);
                p = tempered;
                from = 0;
            }
            var mean = (float) PlainLanes.dot(shares, at, p, from, n);
            for (int j = 0; j < n; j++) shares[at + j] = p[from + j] * (shares[at + j] - mean);
        }

        Fused.Shares shares(double[] leak) {
            scale(toV, how.values());
            scale(toQ, how.scores() * (float) x.c());
            scale(toK, how.scores() * (float) x.c());
            var held = how.holdsPattern();
            return new Fused.Shares(held ? null : Tensor.of(toQ, rows.count(), wide),
                held ? null : Tensor.of(toK, toK.length / narrow, narrow), Tensor.of(toV, toV.length / narrow, narrow),
                leak);
        }
    }

    /// `y[key+j] += Σ_r p[r,j] · a[row+r]` over `count` queries from query i on. Four keys begin with what all four
    /// have; what the first of them have besides comes after it.
    private void byKey(float[] p, float[] a, int row, int h, int i, int count, float[] y, int key) {
        int ends = heads.lastKey(i + count - 1) + 1, d = heads.width(), keys = heads.keys();
        var lines = new Lines(a, row * wide + h * d, wide);
        for (int j = 0; j < ends; j++) {
            int own = Math.max(0, j - heads.lastKey(i));                      // the first query that sees key j
            int all = j / 4 * 4 + 3 < ends ? Math.max(0, j / 4 * 4 + 3 - heads.lastKey(i)) : own;
            int to = (key + j) * narrow + heads.kv(h) * d;
            var factors = new Factors(p, j, keys);
            PlainSums.add(factors.from(all), lines.from(all), count - all, y, to, d);
            PlainSums.add(factors.from(own), lines.from(own), all - own, y, to, d);
        }
    }

    private PlainScores scores(float[] b, double c, int queries) {
        return new PlainScores(heads, b, (float) c, x.sequences(), queries);
    }

    /// The rows of a sequence's keys, or values, at the head that query head h reads.
    private Lines keys(float[] b, int sequence, int h) {
        return new Lines(b, sequence * x.keyStride() * narrow + heads.kv(h) * heads.width(), narrow);
    }

    private static void scale(float[] x, double factor) {
        if (factor != 1) for (int i = 0; i < x.length; i++) x[i] *= (float) factor;
    }
}
