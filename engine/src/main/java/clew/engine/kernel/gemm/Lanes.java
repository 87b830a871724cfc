package clew.engine.kernel.gemm;

/// Rows put side by side into vector lanes, and back: the transpositions around a product whose vectors run over rows.
///
/// Rows are taken in blocks of [Tiles#WIDTH], the last block rounded up to whole vectors and filled with zeros. Block b of
/// k columns lies at `b·WIDTH·k` as `[k][width]`.
final class Lanes {
    /// Columns that are moved before the next row's: 64 lines of 256 bytes stay in a first-level cache.
    private static final int STRIP = 64;

    private Lanes() {}

    /// Width of block `block` of `rows` rows.
    static int width(int rows, int block) {
        return Math.min(Tiles.WIDTH, Tiles.roundUp(rows) - block * Tiles.WIDTH);
    }

    /// Number of blocks of `rows` rows.
    static int blocks(int rows) {
        return (rows + Tiles.WIDTH - 1) / Tiles.WIDTH;
    }

    /// Columns `from … to−1` of block `block` of x [rows, k] to their places in `packed`.
    static void pack(float[] x, int xo, int xs, int rows, int k, int block, int from, int to, float[] packed) {
        var width = width(rows, block);
        var valid = Math.min(width, rows - block * Tiles.WIDTH);
        var at = block * Tiles.WIDTH * k;
        for (int c0 = from; c0 < to; c0 += STRIP) {
            var count = Math.min(STRIP, to - c0);
            for (int r = 0; r < valid; r++)
                scatter(x, xo + (block * Tiles.WIDTH + r) * xs + c0, count, packed, at + c0 * width + r, width);
            for (int c = 0; valid < width && c < count; c++)
                java.util.Arrays.fill(packed, at + (c0 + c) * width + valid, at + (c0 + c + 1) * width, 0f);
        }
    }

    private static void scatter(float[] from, int o, int count, float[] to, int at, int stride) {
        for (int i = 0; i < count; i++) to[at + i * stride] = from[o + i];
    }

    /// `y[r, c] (+)= sums[c, r]` for r < rows, c < cols, where a row of sums is `lanes` long.
    static void unpack(float[] sums, int lanes, int rows, int cols, float[] y, int yo, int ys, Accumulate how) {
        for (int r = 0; r < rows; r++) {
            switch (how) {
                case SET -> gather(sums, r, lanes, y, yo + r * ys, cols);
                case ADD -> gatherAdd(sums, r, lanes, y, yo + r * ys, cols);
            }
        }
    }

    private static void gather(float[] from, int o, int stride, float[] to, int at, int count) {
        for (int i = 0; i < count; i++) to[at + i] = from[o + i * stride];
    }

    private static void gatherAdd(float[] from, int o, int stride, float[] to, int at, int count) {
        for (int i = 0; i < count; i++) to[at + i] += from[o + i * stride];
    }
}
