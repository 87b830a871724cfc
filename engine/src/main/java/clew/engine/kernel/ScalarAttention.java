package clew.engine.kernel;

import clew.engine.kernel.Kernels.Carrier;
import clew.engine.tensor.Rows;
import clew.engine.tensor.Tensor;

/// The three products of attention in float64, pair by visible pair.
final class ScalarAttention {
    private ScalarAttention() {}

    static Tensor score(Tensor a, Tensor b, Heads heads, double c, Rows rows) {
        double[] q = ScalarKernels.wide(a), k = ScalarKernels.wide(b),
                s = new double[heads.heads() * rows.count() * heads.keys()];
        visit(heads, rows, (p, i, h, j, key) -> {
            for (int d = 0; d < heads.width(); d++) s[p] += c * q[at(heads, i, h, d)] * k[kvAt(heads, key, h, d)];
        });
        return Tensor.of(s, heads.heads() * rows.count(), heads.keys());
    }

    static Tensor mix(Tensor p, Tensor b, Heads heads, double c, Rows rows) {
        double[] w = ScalarKernels.wide(p), v = ScalarKernels.wide(b),
                z = new double[rows.count() * heads.heads() * heads.width()];
        visit(heads, rows, (e, i, h, j, key) -> {
            for (int d = 0; d < heads.width(); d++) z[at(heads, i, h, d)] += c * w[e] * v[kvAt(heads, key, h, d)];
        });
        return Tensor.of(z, rows.count(), heads.heads() * heads.width());
    }

    static Tensor mixTransposed(Tensor p, Tensor a, Heads heads, double c, Carrier carrier, Rows rows) {
        Shapes.fromFirstKey(heads, rows);
        double[] w = ScalarKernels.wide(p), z = ScalarKernels.wide(a),
                y = new double[rows.count() * heads.kvHeads() * heads.width()];
        for (var run : rows.cut(heads.queries())) {
            var sequence = run.first() / heads.queries();
            for (int h = 0; h < heads.heads(); h++)
                for (int i = 0; i < run.length(); i++)
                    for (int j = heads.firstKey(i); j <= heads.lastKey(i); j++) {
                        var held = carrier == Carrier.PATTERN
                            ? (heads.heads() * run.at() + h * run.length() + i)
                            : (sequence * heads.heads() + h) * heads.queries() + i;
                        var row = carrier == Carrier.VALUES ? run.at() + i : run.first() + i;
                        var weight = c * w[held * heads.keys() + j];
                        for (int d = 0; d < heads.width(); d++)
                            y[kvAt(heads, run.at() + j, h, d)] += weight * z[at(heads, row, h, d)];
                    }
        }
        return Tensor.of(y, rows.count(), heads.kvHeads() * heads.width());
    }

    /// A visible query–key pair: pattern element `p`, query row `i`, head `h`, key `j` of its sequence, key row `key`.
    private interface Pair {
        void at(int p, int i, int h, int j, int key);
    }

    private static void visit(Heads heads, Rows rows, Pair pair) {
        for (var run : rows.cut(heads.queries()))
            for (int h = 0; h < heads.heads(); h++)
                for (int n = 0; n < run.length(); n++) {
                    var sequence = run.first() / heads.queries();
                    var i = run.first() % heads.queries() + n;
                    var row = heads.heads() * run.at() + h * run.length() + n;
                    for (int j = heads.firstKey(i); j <= heads.lastKey(i); j++)
                        pair.at(row * heads.keys() + j, run.at() + n, h, j, sequence * heads.keys() + j);
                }
    }

    private static int at(Heads heads, int row, int h, int d) {
        return (row * heads.heads() + h) * heads.width() + d;
    }

    private static int kvAt(Heads heads, int row, int h, int d) {
        return (row * heads.kvHeads() + heads.kv(h)) * heads.width() + d;
    }
}
