package clew.engine.kernel.gemm;

import clew.engine.kernel.Part;
import clew.engine.kernel.Workers;
import clew.engine.tensor.DType;
import clew.engine.tensor.Storage;

/// `Y = X · Wᵀ` as [TimesTransposed] has it, for many rows of X and a small W [n, k]: W is turned into [k, n] in
/// scratch, and [Times] does the rest.
///
/// [TimesTransposed] turns X and Y instead. Every output is the same sum in the order of k.
final class TimesTurned {
    /// Floats of W: four megabytes of scratch.
    private static final long MOST = 1 << 20;
    /// Rows of W that a chunk of work turns.
    private static final int ROWS = 64;

    private final Workers workers;
    private final Workspace.Pool pool;
    private final Times times;

    TimesTurned(Workers workers, Workspace.Pool pool, Times times) {
        this.workers = workers;
        this.pool = pool;
        this.times = times;
    }

    /// Whether W has few floats, and far fewer than X and Y together.
    static boolean suits(int m, WeightView w) {
        var floats = (long) w.rows() * w.cols();
        return floats <= MOST && 4 * floats <= (long) m * (w.rows() + w.cols());
    }

    void run(float[] x, int xo, int xs, int m, WeightView w, Part part, float[] y, int yo, int ys, Accumulate how) {
        int n = w.rows(), k = w.cols();
        try (var space = pool.lend()) {
            var turned = space.weights(n * k);
            workers.forEach((n + ROWS - 1) / ROWS, i -> turn(w, part, i * ROWS, Math.min(ROWS, n - i * ROWS), turned));
            var view = new WeightView(new Storage.Floats(turned), DType.F32, 0, k, n, n);
            times.run(x, xo, xs, 1, m, new Panels(view, Part.ALL), y, yo, ys, how);
        }
    }

    private void turn(WeightView w, Part part, int from, int count, float[] turned) {
        try (var space = pool.lend()) {
            var rows = space.rows(count * w.cols());
            Widen.block(w, part, from, count, 0, w.cols(), rows, 0, w.cols());
            Transposition.run(rows, 0, w.cols(), count, w.cols(), turned, from, w.rows());
        }
    }
}
