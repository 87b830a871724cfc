package clew.engine.kernel.gemm;

import clew.engine.kernel.Part;
import clew.engine.kernel.Workers;
import clew.engine.tensor.DType;
import clew.engine.tensor.Storage;
import java.util.Arrays;

/// `Y = X · W` for the few rows of X of a decoding step: weighted rows of W, four at a time, at the memory's speed.
final class FewTimes {
    /// More rows than this and panels in the cache are the faster way.
    static final int MOST = 4;

    private static final int ROWS = 4;

    private final Workers workers;
    private final Workspace.Pool pool;

    FewTimes(Workers workers, Workspace.Pool pool) {
        this.workers = workers;
        this.pool = pool;
    }

    void run(float[] x, int xo, int xs, int m, WeightView w, Part part, float[] y, int yo, int ys, Accumulate how) {
        // columns of a chunk: their sums stay in the cache
        var width = Tiles.roundUp(Math.clamp(w.cols() / 8, 192, 2048));
        workers.forEach((w.cols() + width - 1) / width, i -> {
            var from = i * width;
            var columns = w.cols(from, Math.min(width, w.cols() - from));
            if (how == Accumulate.SET)
                for (int r = 0; r < m; r++) Arrays.fill(y, yo + r * ys + from, yo + r * ys + from + columns.cols(), 0f);
            try (var space = pool.lend()) {
                for (int k = 0; k < w.rows(); k += ROWS)
                    rows(x, xo + k, xs, m, columns, k, part, y, yo + from, ys, space);
            }
        });
    }

    private static void rows(float[] x, int xo, int xs, int m, WeightView w, int k, Part part,
                             float[] y, int yo, int ys, Workspace space) {
        var n = w.cols();
        var rows = Math.min(ROWS, w.rows() - k);
        if (rows == ROWS && part == Part.ALL && w.storage() instanceof Storage.Mapped(var a, var t) && t == DType.F32) {
            for (int r = 0; r < m; r++)
                AxpyF32.four(x, xo + r * xs, a, 4 * w.index(k, 0), 4L * w.stride(), y, yo + r * ys, n);
            return;
        }
        var widened = space.weights(ROWS * n);
        Widen.block(w, part, k, rows, 0, n, widened, 0, n);
        for (int r = 0; r < m; r++) {
            if (rows == ROWS) Axpy.four(x, xo + r * xs, widened, 0, n, y, yo + r * ys, n);
            else for (int i = 0; i < rows; i++) Axpy.one(x[xo + r * xs + i], widened, i * n, y, yo + r * ys, n);
        }
    }
}
