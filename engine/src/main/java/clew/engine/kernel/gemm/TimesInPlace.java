package clew.engine.kernel.gemm;

import clew.engine.kernel.Part;
import clew.engine.kernel.Workers;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// `Y (+)= X · W` for some dozens of rows of X and W [k, n] of mapped f32: the weights are the tile's vectors, read
/// where they lie.
///
/// For so few rows a copy of the weights into panels would cost a quarter of the time, because nothing computes
/// meanwhile.
/// Here some dozens of rows of W are swept from left to right, so that each is one sequential stream that the processor
/// fetches ahead, and the tiles compute while it does. Sums lie tile after tile in scratch, one more stream, until
/// all of
/// k is done.
final class TimesInPlace {
    /// With more rows the copy pays, since it is used more often.
    private static final int MOST = 512;
    /// Rows of W that lie 8 KB apart fall on the same sets of the cache, and fewer of them stay there.
    private static final int MOST_ALIASED = 192;

    private static final int ROWS = 6;
    private static final int W = Tiles.WIDTH;
    private static final int SUMS = 192 * 1024;

    private final Workers workers;
    private final Workspace.Pool pool;

    TimesInPlace(Workers workers, Workspace.Pool pool) {
        this.workers = workers;
        this.pool = pool;
    }

    /// Whether m rows of X are few enough.
    static boolean suits(int m, int stride) {
        return m <= (4L * stride % 8192 == 0 ? MOST_ALIASED : MOST);
    }

    void run(float[] x, int xo, int xs, int m, WeightView w, MemorySegment data, float[] y, int yo, int ys,
            Accumulate how) {
        var tall = (m + ROWS - 1) / ROWS * ROWS;
        var tiles = (w.cols() + W - 1) / W;
        var wide = Math.clamp(tiles / (2 * workers.threads()), 1, Math.min(24, SUMS / (tall * W)));  // tiles of a chunk
        try (var space = pool.lend()) {
            var rest = rest(x, xo, xs, m, w.rows(), space);
            workers.forEach((tiles + wide - 1) / wide, i -> {
                var from = i * wide * W;
                var columns = w.cols(from, Math.min(wide * W, w.cols() - from));
                columns(x, xo, xs, m, rest, columns, data, y, yo + from, ys, how);
            });
        }
    }

    /// The rows of X that do not fill a tile, and zeros: [6, k].
    private static float[] rest(float[] x, int xo, int xs, int m, int k, Workspace space) {
        var rest = space.packed(ROWS * k);
        for (int r = 0, whole = m / ROWS * ROWS; r < ROWS; r++) {
            if (whole + r < m) System.arraycopy(x, xo + (whole + r) * xs, rest, r * k, k);
            else Arrays.fill(rest, r * k, (r + 1) * k, 0f);
        }
        return rest;
    }

    private void columns(float[] x, int xo, int xs, int m, float[] rest, WeightView w, MemorySegment data,
                         float[] y, int yo, int ys, Accumulate how) {
        var tall = (m + ROWS - 1) / ROWS * ROWS;
        var depth = depth(w.stride());
        try (var space = pool.lend()) {
            var sums = space.sums(tall * (w.cols() + W));                                              // [tile][m, W]
            Arrays.fill(sums, 0, tall * (w.cols() + W), 0f);
            for (int k = 0; k < w.rows(); k += depth) {
                var d = Math.min(depth, w.rows() - k);
                for (int n = 0; n + W <= w.cols(); n += W) {
                    var at = 4 * w.index(k, n);
                    int r = 0;
                    for (; r + ROWS <= m; r += ROWS)
                        SegmentCols6x4.run(x, xo + r * xs + k, xs, data, at, 4L * w.stride(), d, sums,
                                n * tall + r * W, W);
                    if (r < m)
                        SegmentCols6x4.run(rest, k, w.rows(), data, at, 4L * w.stride(), d, sums, n * tall + r * W, W);
                }
                edge(x, xo + k, xs, m, w, k, d, sums, tall, space);
            }
            for (int n = 0; n < w.cols(); n += W)
                for (int r = 0; r < m; r++)
                    put(sums, n * tall + r * W, y, yo + r * ys + n, Math.min(W, w.cols() - n), how);
        }
    }

    /// Columns that do not fill a tile, by way of a panel.
    private static void edge(float[] x, int xo, int xs, int m, WeightView w, int k, int d, float[] sums, int tall,
            Workspace space) {
        var n = w.cols() / W * W;
        if (n == w.cols()) return;
        var panel = space.weights(d * W);
        Widen.block(w, Part.ALL, k, d, n, w.cols() - n, panel, 0, W);
        Tiles.multiply(x, xo, xs, 1, panel, 0, W, d, sums, n * tall, W, m, Tiles.roundUp(w.cols() - n) / Tiles.LANES);
    }

    /// Rows of W that are swept together: what stays in the caches, where rows 8 or 16 KB apart share their sets.
    private static int depth(int stride) {
        return 4L * stride % 16_384 == 0 ? 32 : 4L * stride % 8192 == 0 ? 64 : 128;
    }

    private static void put(float[] sums, int o, float[] y, int at, int count, Accumulate how) {
        switch (how) {
            case SET -> System.arraycopy(sums, o, y, at, count);
            case ADD -> { for (int i = 0; i < count; i++) y[at + i] += sums[o + i]; }
        }
    }
}
