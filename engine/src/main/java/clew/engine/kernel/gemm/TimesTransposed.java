package clew.engine.kernel.gemm;

import clew.engine.kernel.Part;
import clew.engine.kernel.Workers;
import java.util.Arrays;

/// `Y = X · Wᵀ`, W [n, k]: a scalar of the weights against a vector of tokens.
///
/// The tokens are transposed into lanes, once; rows of W then pass by in the order they lie in the file, and `Yᵀ` grows
/// in scratch until a chunk of its rows is done. So no weight is moved further than into the first-level cache, and
/// every output is one sum in the order of k, whatever the threads and the number of tokens.
final class TimesTransposed {
    /// Tokens of one pass over the weights.
    private static final int TOKENS = 512;
    /// Floats of the tokens that stay in the second-level cache while rows of W pass by: a megabyte.
    private static final int CACHED = 256 * 1024;
    /// Floats of the sums of one chunk: half a megabyte.
    private static final int SUMS = 192 * 1024;
    private static final int ROWS = 12;
    /// Rows of weights whose sums fill squares to be transposed.
    private static final int SQUARES = 48;

    private final Workers workers;
    private final Workspace.Pool pool;

    TimesTransposed(Workers workers, Workspace.Pool pool) {
        this.workers = workers;
        this.pool = pool;
    }

    void run(float[] x, int xo, int xs, int m, WeightView w, Part part, float[] y, int yo, int ys, Accumulate how) {
        var passes = (m + TOKENS - 1) / TOKENS;
        var step = Tiles.roundUp((m + passes - 1) / passes);
        for (int at = 0; at < m; at += step)
            pass(x, xo + at * xs, xs, Math.min(step, m - at), w, part, y, yo + at * ys, ys, how);
    }

    private void pass(float[] x, int xo, int xs, int m, WeightView w, Part part, float[] y, int yo, int ys,
                      Accumulate how) {
        var k = w.cols();
        var strips = (k + Tiles.DEPTH - 1) / Tiles.DEPTH;
        var chunk = chunkRows(w.rows(), Tiles.roundUp(m));
        try (var space = pool.lend()) {
            var packed = space.packed(Tiles.roundUp(m) * k);
            workers.forEach(Lanes.blocks(m) * strips,
                    i -> Lanes.pack(x, xo, xs, m, k, i / strips, i % strips * Tiles.DEPTH, packed));
            workers.forEach((w.rows() + chunk - 1) / chunk, i -> {
                var from = i * chunk;
                chunk(packed, m, w.rows(from, Math.min(chunk, w.rows() - from)), part, y, yo + from, ys, how);
            });
        }
    }

    /// Enough chunks to share out evenly, each large enough for whole squares to be transposed.
    private int chunkRows(int rows, int lanes) {
        var even = (rows + 2 * workers.threads() - 1) / (2 * workers.threads());
        return Math.max(1, Math.min(even, SUMS / lanes) / SQUARES) * SQUARES;
    }

    private void chunk(float[] packed, int m, WeightView w, Part part, float[] y, int yo, int ys, Accumulate how) {
        int k = w.cols(), lanes = Tiles.roundUp(m), tall = Tiles.tall(w.rows());
        var cached = Math.max(1, CACHED / (lanes * Tiles.DEPTH)) * Tiles.DEPTH;
        var group = Math.min(tall, ROWS * Lanes.blocks(m));
        try (var space = pool.lend()) {
            var sums = space.sums(tall * lanes);                                                       // [n, lanes]
            Arrays.fill(sums, 0, tall * lanes, 0f);
            for (int k1 = 0; k1 < k; k1 += cached) {
                var steps = Math.min(cached, k - k1);
                var rows = new Blocks(space.weights(Blocks.size(group, steps)), group, steps);
                for (int n = 0; n < w.rows(); n += group) {
                    var valid = Math.min(group, w.rows() - n);
                    rows.fill(w.rows(n, valid).cols(k1, steps), part);
                    for (int i = 0; i < steps; i += Tiles.DEPTH) {
                        int k0 = k1 + i, d = Math.min(Tiles.DEPTH, steps - i);
                        for (int b = 0; b < Lanes.blocks(m); b++)
                            block(rows.data(), rows.at(i), valid, packed, Lanes.at(m, k, b, k0), d,
                                    sums, n * lanes, lanes, b, m, k0 + d == k, y, yo + n, ys, how);
                    }
                }
            }
        }
    }

    /// Rows of weights with one block of tokens: [valid, d] · [d, width].
    private static void block(float[] rows, int ro, int valid, float[] packed, int po, int d,
                              float[] sums, int so, int lanes, int b, int m, boolean last,
                              float[] y, int yo, int ys, Accumulate how) {
        int width = Lanes.width(m, b), first = b * Tiles.WIDTH;
        for (int n = 0; n < valid; n += SQUARES) {
            var count = Math.min(SQUARES, valid - n);
            var at = so + n * lanes + first;
            Tiles.multiply(rows, ro + n * Tiles.STRIDE, packed, po, d, sums, at, lanes, Tiles.tall(count), width);
            if (last)
                Lanes.unpack(sums, at, lanes, Math.min(width, m - first), count, y, yo + first * ys + n, ys, how);
        }
    }
}
