package clew.engine.kernel.gemm;

import java.util.Arrays;

/// Rows put side by side into vector lanes, and back: the transpositions around a product whose vectors run over rows.
///
/// Rows are taken in blocks of [Tiles#WIDTH], the last block rounded up to whole vectors and filled with zeros; their
/// columns in strips of [Tiles#DEPTH], so that all that a strip of the product needs lies together. Block b of a strip
/// of d columns lies at `b·WIDTH·d` in the strip as `[d][width]`.
final class Lanes {
    /// Side of the squares that are moved at a time.
    private static final int SIDE = 16;

    private Lanes() {}

    /// Width of block `block` of `rows` rows.
    static int width(int rows, int block) {
        return Math.min(Tiles.WIDTH, Tiles.roundUp(rows) - block * Tiles.WIDTH);
    }

    /// Number of blocks of `rows` rows.
    static int blocks(int rows) {
        return (rows + Tiles.WIDTH - 1) / Tiles.WIDTH;
    }

    /// Where block `block` of the strip that begins with column `from` lies, of x [rows, k].
    static int at(int rows, int k, int block, int from) {
        return from * Tiles.roundUp(rows) + block * Tiles.WIDTH * Math.min(Tiles.DEPTH, k - from);
    }

    /// The strip from column `from` on of block `block` of x [rows, k] to its place in `packed`.
    static void pack(float[] x, int xo, int xs, int rows, int k, int block, int from, float[] packed) {
        int width = width(rows, block), depth = Math.min(Tiles.DEPTH, k - from), at = at(rows, k, block, from);
        var valid = Math.min(width, rows - block * Tiles.WIDTH);
        transpose(x, xo + block * Tiles.WIDTH * xs + from, xs, valid, depth, packed, at, width);
        for (int c = 0; valid < width && c < depth; c++)
            Arrays.fill(packed, at + c * width + valid, at + (c + 1) * width, 0f);
    }

    /// `y[r, c] (+)= sums[c, r]` for r < rows, c < cols, where a row of sums is `lanes` long.
    static void unpack(float[] sums, int at, int lanes, int rows, int cols, float[] y, int yo, int ys, Accumulate how) {
        if (how == Accumulate.SET) {
            transpose(sums, at, lanes, cols, rows, y, yo, ys);
            return;
        }
        var strip = new float[SIDE * cols];
        for (int r0 = 0; r0 < rows; r0 += SIDE) {
            var count = Math.min(SIDE, rows - r0);
            transpose(sums, at + r0, lanes, cols, count, strip, 0, cols);
            for (int r = 0; r < count; r++) add(strip, r * cols, y, yo + (r0 + r) * ys, cols);
        }
    }

    private static void add(float[] from, int o, float[] to, int at, int count) {
        for (int i = 0; i < count; i++) to[at + i] += from[o + i];
    }

    /// `to[c, r] = from[r, c]`, square by square, so that the lines of both sides stay in the cache.
    static void transpose(float[] from, int o, int os, int rows, int cols, float[] to, int at, int ts) {
        for (int c = 0; c < cols; c += SIDE) {
            for (int r = 0; r < rows; r += SIDE) {
                int high = Math.min(SIDE, rows - r), wide = Math.min(SIDE, cols - c);
                if (high == SIDE && wide == SIDE && Tiles.LANES == SIDE)
                    Transpose16.run(from, o + r * os + c, os, to, at + c * ts + r, ts);
                else square(from, o + r * os + c, os, high, wide, to, at + c * ts + r, ts);
            }
        }
    }

    private static void square(float[] from, int o, int os, int high, int wide, float[] to, int at, int ts) {
        for (int r = 0; r < high; r++) for (int c = 0; c < wide; c++) to[at + c * ts + r] = from[o + r * os + c];
    }
}
