package clew.engine.kernel.gemm;

import clew.engine.kernel.Part;
import clew.engine.kernel.Workers;

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
    /// Rows of weights come in multiples of this: whole tiles and whole squares to be transposed.
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
        var lanes = new Lanes(m, w.cols(), Tiles.WIDTH, Tiles.roundUp(m));
        var chunk = chunkRows(w.rows(), lanes.lanes());
        try (var space = pool.lend()) {
            var packed = space.packed(lanes.size());
            workers.forEach(lanes.blocks() * lanes.strips(),
                    i -> lanes.pack(x, xo, xs, i / lanes.strips(), i % lanes.strips(), packed));
            workers.forEach((w.rows() + chunk - 1) / chunk, i -> {
                var from = i * chunk;
                chunk(packed, lanes, w.rows(from, Math.min(chunk, w.rows() - from)), part, y, yo + from, ys, how);
            });
        }
    }

    /// Enough chunks to share out evenly, each large enough for whole squares to be transposed.
    private int chunkRows(int rows, int lanes) {
        var even = (rows + 2 * workers.threads() - 1) / (2 * workers.threads());
        return Math.max(1, Math.min(even, SUMS / lanes) / SQUARES) * SQUARES;
    }

    private void chunk(float[] packed, Lanes lanes, WeightView w, Part part, float[] y, int yo, int ys,
                       Accumulate how) {
        int k = w.cols(), tall = Tiles.tall(w.rows());
        var cached = Math.max(1, CACHED / (lanes.lanes() * Tiles.DEPTH)) * Tiles.DEPTH;
        var group = Math.min(tall, ROWS * lanes.blocks());
        try (var space = pool.lend()) {
            var sums = space.sums(tall * lanes.lanes());                                               // [n, lanes]
            for (int k1 = 0; k1 < k; k1 += cached) {
                var steps = Math.min(cached, k - k1);
                var rows = new Blocks(space.weights(Blocks.size(group, steps)), group, steps);
                for (int n = 0; n < w.rows(); n += group) {
                    var valid = Math.min(group, w.rows() - n);
                    rows.fill(w.rows(n, valid).cols(k1, steps), part);
                    multiply(rows, k1, Tiles.tall(valid), packed, lanes, sums, n * lanes.lanes());
                    if (k1 + steps == k) put(sums, n, valid, lanes, y, yo + n, ys, how);
                }
            }
        }
    }

    /// Rows of weights with all tokens, for the steps from k1 on that `rows` holds.
    private static void multiply(Blocks rows, int k1, int tall, float[] packed, Lanes lanes, float[] sums, int so) {
        for (int i = 0; i < rows.steps(); i += Tiles.DEPTH) {
            var d = Math.min(Tiles.DEPTH, rows.steps() - i);
            var first = k1 + i == 0;
            for (int b = 0; b < lanes.blocks(); b++) {
                var at = so + b * lanes.wide();
                Tiles.multiply(rows.data(), rows.at(i), packed, lanes.at(b, k1 + i), d,
                        first ? Tiles.ZEROS : sums, first ? 0 : at, first ? 0 : lanes.lanes(),
                        sums, at, lanes.lanes(), tall, lanes.width(b));
            }
        }
    }

    /// Finished rows of `Yᵀ`, block after block of tokens.
    private static void put(float[] sums, int n, int rows, Lanes lanes, float[] y, int yo, int ys, Accumulate how) {
        for (int b = 0; b < lanes.blocks(); b++) {
            var first = b * lanes.wide();
            Transposition.put(sums, n * lanes.lanes() + first, lanes.lanes(), lanes.valid(b), rows,
                    y, yo + first * ys, ys, how);
        }
    }
}
