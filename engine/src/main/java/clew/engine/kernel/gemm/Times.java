package clew.engine.kernel.gemm;

import clew.engine.kernel.Part;
import clew.engine.kernel.Workers;
import java.util.Arrays;

/// `C (+)= A · W`, W [k, n]: a scalar of A against a vector of the weights' columns.
///
/// A chunk of work owns a stretch of columns. Weights are brought into scratch `depth` rows at a time, in panels as
/// wide
/// as a tile; then the rows of A pass over each panel while it is in the cache. Every output is one sum in the order
/// of k.
final class Times {
    private static final int DEPTH = 512;
    private static final int PANELS = 4;

    private final Workers workers;
    private final Workspace.Pool pool;

    Times(Workers workers, Workspace.Pool pool) {
        this.workers = workers;
        this.pool = pool;
    }

    /// `A[r, i]` is `a[ao + r·ars + i·aks]`: with the steps exchanged A is read transposed.
    void run(float[] a, int ao, int ars, int aks, int rows, WeightView w, Part part, float[] c, int co, int cs,
            Accumulate how) {
        var width = PANELS * Tiles.WIDTH;
        workers.forEach((w.cols() + width - 1) / width, i -> {
            var from = i * width;
            var columns = w.cols(from, Math.min(width, w.cols() - from));
            columns(a, ao, ars, aks, rows, columns, part, c, co + from, cs, how);
        });
    }

    private void columns(float[] a, int ao, int ars, int aks, int rows, WeightView w, Part part,
                         float[] c, int co, int cs, Accumulate how) {
        if (how == Accumulate.SET)
            for (int r = 0; r < rows; r++) Arrays.fill(c, co + r * cs, co + r * cs + w.cols(), 0f);
        try (var space = pool.lend()) {
            var panel = space.weights(DEPTH * Tiles.WIDTH * PANELS);
            for (int k0 = 0; k0 < w.rows(); k0 += DEPTH) {
                var d = Math.min(DEPTH, w.rows() - k0);
                fill(w, part, k0, d, panel);
                for (int p = 0; p < w.cols(); p += Tiles.WIDTH) {
                    var cols = Math.min(Tiles.WIDTH, w.cols() - p);
                    multiply(a, ao + k0 * aks, ars, aks, panel, p * d, d, c, co + p, cs, rows, cols, space);
                }
            }
        }
    }

    /// Panel p of d rows at `p·WIDTH·d` as `[d][WIDTH]`.
    private static void fill(WeightView w, Part part, int k0, int d, float[] panel) {
        for (int k = 0; k < d; k++)
            for (int p = 0; p < w.cols(); p += Tiles.WIDTH)
                Widen.block(w, part, k0 + k, 1, p, Math.min(Tiles.WIDTH, w.cols() - p), panel,
                        p * d + k * Tiles.WIDTH, 0);
    }

    /// `cols` columns of C, of which the last may not fill a vector: those go through scratch.
    private static void multiply(float[] a, int ao, int ars, int aks, float[] panel, int po, int k,
                                 float[] c, int co, int cs, int rows, int cols, Workspace space) {
        var whole = cols / Tiles.LANES * Tiles.LANES;
        Tiles.multiply(a, ao, ars, aks, panel, po, Tiles.WIDTH, k, c, co, cs, rows, whole / Tiles.LANES);
        if (whole == cols) return;
        var edge = space.sums(rows * Tiles.LANES);                                                     // [rows, L]
        for (int r = 0; r < rows; r++) System.arraycopy(c, co + r * cs + whole, edge, r * Tiles.LANES, cols - whole);
        Tiles.multiply(a, ao, ars, aks, panel, po + whole, Tiles.WIDTH, k, edge, 0, Tiles.LANES, rows, 1);
        for (int r = 0; r < rows; r++) System.arraycopy(edge, r * Tiles.LANES, c, co + r * cs + whole, cols - whole);
    }
}
