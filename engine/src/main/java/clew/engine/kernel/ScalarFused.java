package clew.engine.kernel;

import clew.engine.tensor.Rows;
import clew.engine.tensor.Rows.Run;
import clew.engine.tensor.Tensor;

/// Attention in one piece in float64, query by query: its scores, its pattern, and what they hand back.
final class ScalarFused {
    private final Fused.Inputs x;
    private final Heads heads;
    private final double[] q, k, v;

    private ScalarFused(Fused.Inputs x) {
        this.x = x;
        this.heads = x.heads();
        this.q = ScalarKernels.wide(x.q());
        this.k = ScalarKernels.wide(x.k());
        this.v = ScalarKernels.wide(x.v());
    }

    static Tensor attend(Fused.Inputs x) {
        var op = new ScalarFused(x);
        var z = new double[Math.toIntExact(x.q().size())];
        for (int row = 0; row < x.q().rows(); row++)
            for (int h = 0; h < x.heads().heads(); h++) {
                var p = softmax(op.products(op.q, op.at(row, h), op.k, row, h, x.c()), 1);
                for (int j = 0; j < p.length; j++)
                    for (int d = 0; d < x.heads().width(); d++)
                        z[op.at(row, h) + d] += p[j] * op.v[op.key(row, j, h) + d];
            }
        return Tensor.of(z, x.q().rows(), x.q().cols());
    }

    static Fused.Shares backward(Tensor g, Fused.Inputs x, Fused.Reading how, Rows rows) {
        var op = new ScalarFused(x);
        var keyRows = x.keyRows(rows).count();
        double[] toQ = new double[Math.toIntExact(g.size())], toK = new double[keyRows * x.k().cols()],
                 toV = new double[keyRows * x.k().cols()], leak = new double[rows.seeds()];
        var cut = rows.cut(x.heads().queries());
        var starts = x.keyStarts(rows);
        for (int r = 0; r < starts.length; r++)
            for (int n = 0; n < cut.get(r).length(); n++)
                for (int h = 0; h < x.heads().heads(); h++)
                    op.pair(ScalarKernels.wide(g), how, cut.get(r), starts[r], n, h, toQ, toK, toV, leak);
        var held = how.holdsPattern();
        return new Fused.Shares(held ? null : Tensor.of(toQ, g.rows(), g.cols()),
            held ? null : Tensor.of(toK, keyRows, x.k().cols()), Tensor.of(toV, keyRows, x.k().cols()), leak);
    }

    /// Query n of a run at head h.
    private void pair(double[] g, Fused.Reading how, Run run, int start, int n, int h, double[] toQ, double[] toK,
                      double[] toV, double[] leak) {
        int row = run.first() + n, from = at(run.at() + n, h), d = heads.width();
        var s = products(q, at(row, h), k, row, h, x.c());
        var p = softmax(s, 1);
        for (int j = 0; j < p.length; j++)
            for (int i = 0; i < d; i++) toV[share(start, row, j, h) + i] += how.values() * p[j] * g[from + i];
        if (how.holdsPattern()) return;
        double[] gp = products(g, from, v, row, h, how.pattern()), tau = softmax(s, how.temperature());
        var mean = 0.0;
        for (int j = 0; j < p.length; j++) mean += tau[j] * gp[j];
        for (int j = 0; j < p.length; j++) {
            var gs = tau[j] * (gp[j] - mean);
            if (how.leaks()) leak[run.seed()] += gp[j] * p[j] - gs * s[j];
            for (int i = 0; i < d; i++) {
                toQ[from + i] += how.scores() * x.c() * gs * k[key(row, j, h) + i];
                toK[share(start, row, j, h) + i] += how.scores() * x.c() * gs * q[at(row, h) + i];
            }
        }
    }

    /// `factor · ⟨a, b_j⟩` for the keys j that the query of this row sees.
    private double[] products(double[] a, int at, double[] b, int row, int h, double factor) {
        int i = row % heads.queries();
        var out = new double[heads.lastKey(i) - heads.firstKey(i) + 1];
        for (int j = 0; j < out.length; j++)
            for (int d = 0; d < heads.width(); d++) out[j] += factor * a[at + d] * b[key(row, j, h) + d];
        return out;
    }

    private static double[] softmax(double[] s, double temperature) {
        double max = Double.NEGATIVE_INFINITY, sum = 0;
        var p = new double[s.length];
        for (double score : s) max = Math.max(max, score);
        for (int j = 0; j < p.length; j++) sum += p[j] = Math.exp((s[j] - max) / temperature);
        for (int j = 0; j < p.length; j++) p[j] /= sum;
        return p;
    }

    private int at(int row, int h) {
        return (row * heads.heads() + h) * heads.width();
    }

    /// Where the j-th key that the query of this row sees begins in k and v.
    private int key(int row, int j, int h) {
        var first = row / heads.queries() * x.keyStride() + heads.firstKey(row % heads.queries());
        return ((first + j) * heads.kvHeads() + heads.kv(h)) * heads.width();
    }

    /// And in their cotangents, whose rows of this run begin at `start`.
    private int share(int start, int row, int j, int h) {
        return ((start + heads.firstKey(row % heads.queries()) + j) * heads.kvHeads() + heads.kv(h)) * heads.width();
    }
}
