package clew.engine.kernel.gemm;

import clew.engine.kernel.Part;
import clew.engine.kernel.Workers;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// `Y = X · W` as [Times] has it, for a few rows of X and W [k, n] of mapped f32 that a cache holds: the weights are
/// the tile's vectors, read where they lie.
///
/// For so few rows a copy of the weights would cost a quarter of the time. Here [Tiles#DEPTH] rows of W are swept from
/// left to right. Sums lie tile after tile in scratch, one more stream, until all of k is done.
final class TimesInPlace {
    /// With more rows the copy pays, since it is used more often.
    private static final int MOST = 24;
    /// Floats of the weights, four megabytes: what comes from memory, a copy fetches with more lines under way at a
    /// time.
    private static final int CACHED = 1024 * 1024;
    private static final int ROWS = 6;
    private static final int WIDE = 4 * Tiles.LANES;
    /// Floats of the sums of one chunk: three quarters of a megabyte.
    private static final int SUMS = 192 * 1024;

    private final Workers workers;
    private final Workspace.Pool pool;

    TimesInPlace(Workers workers, Workspace.Pool pool) {
        this.workers = workers;
        this.pool = pool;
    }

    static boolean suits(int m, WeightView w) {
        return m <= MOST && (long) w.rows() * w.cols() <= CACHED;
    }

    void run(float[] x, int xo, int xs, int m, WeightView w, MemorySegment data, float[] y, int yo, int ys,
             Accumulate how) {
        var tall = Tiles.tall((m + ROWS - 1) / ROWS * ROWS);
        var tiles = (w.cols() + WIDE - 1) / WIDE;
        var wide = Math.clamp(tiles / (2 * workers.threads()), 1, SUMS / (tall * WIDE)) * WIDE;   // columns of a chunk
        try (var space = pool.lend()) {
            var rows = new Blocks(space.packed(Blocks.size(tall, w.rows())), tall, w.rows());
            workers.forEach(rows.count(), i -> rows.fill(i, x, xo, xs, 1, m));
            workers.forEach((w.cols() + wide - 1) / wide, i -> {
                var from = i * wide;
                var columns = w.cols(from, Math.min(wide, w.cols() - from));
                columns(rows, m, columns, data, y, yo + from, ys, how);
            });
        }
    }

    private void columns(Blocks x, int m, WeightView w, MemorySegment data, float[] y, int yo, int ys,
                         Accumulate how) {
        int tall = x.rows(), whole = w.cols() / WIDE * WIDE;
        try (var space = pool.lend()) {
            var sums = space.sums(tall * (whole + WIDE));                                         // [tile][tall, W]
            Arrays.fill(sums, 0, tall * (whole + WIDE), 0f);
            for (int k = 0, d; k < w.rows(); k += d) {
                d = Math.min(Tiles.DEPTH, w.rows() - k);
                for (int n = 0; n < whole; n += WIDE)
                    for (int r = 0; r < m; r += ROWS)
                        MappedColumns6x4.run(x.data(), x.at(k) + r * Tiles.STRIDE, data, 4 * w.index(k, n),
                                4L * w.stride(), d, sums, n * tall + r * WIDE);
                if (whole < w.cols()) last(x, w, k, d, sums, space);
            }
            for (int n = 0; n < w.cols(); n += WIDE)
                for (int r = 0; r < m; r++)
                    put(sums, n * tall + r * WIDE, y, yo + r * ys + n, Math.min(WIDE, w.cols() - n), how);
        }
    }

    /// The columns that do not fill a tile, by way of panels.
    private static void last(Blocks x, WeightView w, int k, int d, float[] sums, Workspace space) {
        var from = w.cols() / WIDE * WIDE;
        for (int n = from; n < w.cols(); n += Tiles.WIDTH) {
            var panel = space.weights(d * Tiles.WIDTH);
            Widen.block(w, Part.ALL, k, d, n, Math.min(Tiles.WIDTH, w.cols() - n), panel, 0, Tiles.WIDTH);
            var at = from * x.rows() + n - from;
            Tiles.multiply(x.data(), x.at(k), panel, 0, d, sums, at, WIDE, sums, at, WIDE, x.rows(), Tiles.WIDTH);
        }
    }

    private static void put(float[] sums, int o, float[] y, int at, int count, Accumulate how) {
        switch (how) {
            case SET -> System.arraycopy(sums, o, y, at, count);
            case ADD -> { for (int i = 0; i < count; i++) y[at + i] += sums[o + i]; }
        }
    }
}
