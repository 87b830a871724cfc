package clew.engine.kernel.gemm;

import clew.engine.kernel.Part;
import clew.engine.kernel.Workers;
import clew.engine.tensor.Coding;
import clew.engine.tensor.DType;
import clew.engine.tensor.Storage;

/// `Y = X · Wᵀ` for the few rows of X of a decoding step: dot products, four rows of W at a time, at the memory's
/// speed.
final class FewTransposed {
    /// More rows than this and transposing them into lanes is the faster way.
    static final int MOST = 4;

    /// Weights of one chunk: some tens of microseconds.
    private static final int CHUNK = 65_536;
    private static final int ROWS = 4;

    private final Workers workers;
    private final Workspace.Pool pool;

    FewTransposed(Workers workers, Workspace.Pool pool) {
        this.workers = workers;
        this.pool = pool;
    }

    void run(float[] x, int xo, int xs, int m, WeightView w, Part part, float[] y, int yo, int ys, Accumulate how) {
        var chunk = Math.max(ROWS, CHUNK / Math.max(1, w.cols()) / ROWS * ROWS);
        workers.forEach((w.rows() + chunk - 1) / chunk, i -> {
            try (var space = pool.lend()) {
                var end = Math.min(w.rows(), (i + 1) * chunk);
                for (int n = i * chunk, rows; n < end; n += rows) {
                    rows = end - n >= ROWS ? ROWS : 1;
                    rows(x, xo, xs, m, w, n, rows, part, y, yo + n, ys, how, space);
                }
            }
        });
    }

    private static void rows(float[] x, int xo, int xs, int m, WeightView w, int n, int rows, Part part,
                             float[] y, int yo, int ys, Accumulate how, Workspace space) {
        var out = space.sums(ROWS);
        var direct = part == Part.ALL && isDirect(w);
        var widened = direct ? new float[0] : space.weights(ROWS * w.cols());
        if (!direct) Widen.block(w, part, n, rows, 0, w.cols(), widened, 0, w.cols());
        var step = rows == 1 ? 0 : w.stride();                     // a single row fills all four places
        for (int r = 0; r < m; r++) {
            if (direct && w.storage() instanceof Storage.Coded c) coded(c, w, n, step, x, xo + r * xs, out, space);
            else if (direct) dot(w, n, step, x, xo + r * xs, out);
            else Dot4Array.run(widened, 0, Math.min(step, w.cols()), x, xo + r * xs, w.cols(), out);
            for (int i = 0, at = yo + r * ys; i < rows; i++)
                y[at + i] = how == Accumulate.SET ? out[i] : y[at + i] + out[i];
        }
    }

    private static void dot(WeightView w, int n, int step, float[] x, int xo, float[] out) {
        var at = w.index(n, 0);
        switch (w.storage()) {
            case Storage.Floats(var a)                        -> Dot4Array.run(a, (int) at, step, x, xo, w.cols(), out);
            case Storage.Mapped(var a, var t)
                when t == DType.F32                           -> Dot4F32.run(a, 4 * at, 4L * step, x, xo, w.cols(),
                        out);
            case Storage.Mapped(var a, _)                     -> Dot4Bf16.run(a, 2 * at, 2L * step, x, xo, w.cols(),
                    out);
            case Storage.Doubles _, Storage.Coded _, Storage.Remote _ -> throw new AssertionError("of another kind");
        }
    }

    /// Whether there is a kernel that reads these weights where they lie.
    private static boolean isDirect(WeightView w) {
        return switch (w.storage()) {
            case Storage.Floats _         -> true;
            case Storage.Doubles _, Storage.Remote _ -> false;
            case Storage.Mapped(_, var t) -> t == DType.F32 || t == DType.BF16;
            case Storage.Coded _          -> Tiles.LANES >= 8 && w.isWholeBlocks();
        };
    }

    /// Four rows of codes, their scales brought into scratch first.
    private static void coded(Storage.Coded c, WeightView w, int n, int step, float[] x, int xo, float[] out,
                              Workspace space) {
        int blocks = w.cols() / Coding.BLOCK, apart = step / Coding.BLOCK, scaleStep = step == 0 ? 0 : blocks;
        var first = w.index(n, 0) / Coding.BLOCK;
        var scales = space.rows(ROWS * blocks);
        for (int r = 0; r < (step == 0 ? 1 : ROWS); r++)
            for (int b = 0; b < blocks; b++) scales[r * blocks + b] = c.scales().at(first + r * apart + b);
        var bytes = c.coding().bytes();
        switch (c.coding()) {
            case INT8 -> Dot4Int8.run(c.codes(), bytes * first, (long) bytes * apart, scales, scaleStep, blocks,
                    x, xo, out);
            case NF4  -> Dot4Nf4.run(c.codes(), bytes * first, (long) bytes * apart, scales, scaleStep, blocks,
                    x, xo, out);
        }
    }
}
