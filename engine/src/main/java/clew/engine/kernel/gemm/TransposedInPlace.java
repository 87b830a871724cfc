package clew.engine.kernel.gemm;

import clew.engine.kernel.Workers;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// `Y = X · Wᵀ` as [TimesTransposed] has it, for some dozens of tokens and W [n, k] of mapped f32: the weights are
/// broadcast from where they lie.
///
/// For so few tokens a copy of the weights would cost a quarter of the time, because nothing computes meanwhile. Here
/// six rows are six streams that the processor fetches ahead while the tiles compute.
final class TransposedInPlace {
    /// With more tokens the copy pays, since it is used more often.
    private static final int MOST = 192;
    private static final int ROWS = 6;
    private static final int WIDE = 4 * Tiles.LANES;
    /// Floats of the tokens that stay in the second-level cache while rows of W pass by.
    private static final int CACHED = 256 * 1024;
    /// Rows of a chunk come in multiples of this: whole tiles and whole squares to be transposed.
    private static final int SQUARES = 48;

    private final Workers workers;
    private final Workspace.Pool pool;

    TransposedInPlace(Workers workers, Workspace.Pool pool) {
        this.workers = workers;
        this.pool = pool;
    }

    /// Whether m tokens are few enough and fill their tiles, and there are rows for one.
    static boolean suits(int m, int rows) {
        return m <= MOST && lanes(m) - m <= Tiles.LANES && rows >= ROWS;
    }

    private static int lanes(int m) {
        return (m + WIDE - 1) / WIDE * WIDE;
    }

    void run(float[] x, int xo, int xs, int m, WeightView w, MemorySegment data, float[] y, int yo, int ys,
             Accumulate how) {
        var lanes = new Lanes(m, w.cols(), WIDE, lanes(m));
        var even = (w.rows() + 4 * workers.threads() - 1) / (4 * workers.threads());
        var chunk = Math.max(1, even / SQUARES) * SQUARES;
        try (var space = pool.lend()) {
            var packed = space.packed(lanes.size());
            workers.forEach(lanes.blocks() * lanes.strips(),
                    i -> lanes.pack(x, xo, xs, i / lanes.strips(), i % lanes.strips(), packed));
            workers.forEach((w.rows() + chunk - 1) / chunk, i -> {
                var from = i * chunk;
                chunk(packed, lanes, w, from, Math.min(chunk, w.rows() - from), data, y, yo + from, ys, how);
            });
        }
    }

    /// Rows `from … from+count−1` of W. Where they do not fill the last tile it begins earlier, and its first sums are
    /// those of rows that another tile has too.
    private void chunk(float[] packed, Lanes lanes, WeightView w, int from, int count, MemorySegment data,
                       float[] y, int yo, int ys, Accumulate how) {
        int whole = count / ROWS * ROWS, rest = count - whole, across = lanes.lanes();
        var cached = Math.max(1, CACHED / (across * Tiles.DEPTH)) * Tiles.DEPTH;
        try (var space = pool.lend()) {
            var sums = space.sums((whole + ROWS) * across);                                            // [n, lanes]
            Arrays.fill(sums, 0, (whole + ROWS) * across, 0f);
            for (int k = 0; k < w.cols(); k += cached)
                for (int n = 0; n < count; n += ROWS)
                    row(data, w, Math.min(from + n, w.rows() - ROWS), k, Math.min(w.cols(), k + cached), packed, lanes,
                            sums, n * across);
            Transposition.put(sums, 0, across, lanes.rows(), whole, y, yo, ys, how);
            if (rest > 0)
                Transposition.put(sums, (whole + ROWS - rest) * across, across, lanes.rows(), rest,
                        y, yo + whole, ys, how);
        }
    }

    /// Six rows of weights, columns `from … to−1`, with all tokens.
    private static void row(MemorySegment data, WeightView w, int n, int from, int to, float[] packed, Lanes lanes,
                            float[] sums, int so) {
        for (int k = from; k < to; k += Tiles.DEPTH) {
            var d = Math.min(Tiles.DEPTH, to - k);
            for (int b = 0; b < lanes.blocks(); b++)
                MappedRows6x4.run(data, 4 * w.index(n, k), 4L * w.stride(), packed, lanes.at(b, k), d,
                        sums, so + b * WIDE, lanes.lanes());
        }
    }
}
