package clew.engine.kernel.gemm;

import clew.engine.kernel.Part;
import clew.engine.kernel.Workers;
import java.util.Arrays;

/// `Y = X · Wᵀ`, W [n, k]: a scalar of the weights against a vector of tokens.
///
/// The tokens are transposed into lanes, once; six rows of W at a time then pass by in the order they lie in the
/// file, and
/// `Yᵀ` grows in scratch until a chunk of its rows is done. So no weight is moved and every output is one sum in the
/// order
/// of k, whatever the threads and the number of tokens.
final class TimesTransposed {
    /// Tokens of one pass over the weights: 512 of them × 512 columns are a megabyte of second-level cache.
    private static final int TOKENS = 512;
    private static final int DEPTH = 1024;
    private static final int PACK_DEPTH = 512;
    private static final int ROWS = 6;

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
        var strips = (k + PACK_DEPTH - 1) / PACK_DEPTH;
        var chunk = chunkRows(w.rows());
        try (var space = pool.lend()) {
            var packed = space.packed(Tiles.roundUp(m) * k);
            workers.forEach(Lanes.blocks(m) * strips, i -> {
                var from = i % strips * PACK_DEPTH;
                Lanes.pack(x, xo, xs, m, k, i / strips, from, Math.min(k, from + PACK_DEPTH), packed);
            });
            workers.forEach((w.rows() + chunk - 1) / chunk, i -> {
                var from = i * chunk;
                chunk(packed, m, w.rows(from, Math.min(chunk, w.rows() - from)), part, y, yo + from, ys, how);
            });
        }
    }

    /// Enough chunks to share out evenly, each large enough to reuse the tokens in the second-level cache.
    private static int chunkRows(int rows) {
        return Math.clamp(rows / 16 / ROWS * ROWS, 4 * ROWS, 16 * ROWS);
    }

    private void chunk(float[] packed, int m, WeightView w, Part part, float[] y, int yo, int ys, Accumulate how) {
        var k = w.cols();
        var lanes = Tiles.roundUp(m);
        var depth = m > 256 ? DEPTH / 2 : DEPTH;
        try (var space = pool.lend()) {
            var sums = space.sums(w.rows() * lanes);                                                   // [n, lanes]
            Arrays.fill(sums, 0, w.rows() * lanes, 0f);
            var mapped = w.mappedFloats(part);
            var widened = space.weights(ROWS * depth);                                                 // [6, depth]
            for (int k0 = 0; k0 < k; k0 += depth) {
                var d = Math.min(depth, k - k0);
                for (int n = 0; n < w.rows(); n += ROWS) {
                    var rows = Math.min(ROWS, w.rows() - n);
                    var direct = mapped != null && rows == ROWS ? m / Tiles.WIDTH : 0;                 // whole blocks
                    for (int b = 0; b < direct; b++)
                        SegmentRows6x4.run(mapped, 4 * w.index(n, k0), 4L * w.stride(), packed,
                                b * Tiles.WIDTH * k + k0 * Tiles.WIDTH,
                                Tiles.WIDTH, d, sums, n * lanes + b * Tiles.WIDTH, lanes);
                    if (direct < Lanes.blocks(m)) Widen.block(w, part, n, rows, k0, d, widened, 0, d);
                    for (int b = direct; b < Lanes.blocks(m); b++) {
                        var width = Lanes.width(m, b);
                        Tiles.multiply(widened, 0, d, 1, packed, b * Tiles.WIDTH * k + k0 * width, width, d,
                                sums, n * lanes + b * Tiles.WIDTH, lanes, rows, width / Tiles.LANES);
                    }
                }
            }
            Lanes.unpack(sums, lanes, m, w.rows(), y, yo, ys, how);
        }
    }
}
