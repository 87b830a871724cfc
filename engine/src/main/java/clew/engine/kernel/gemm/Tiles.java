package clew.engine.kernel.gemm;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// `C = F + A · B` on arrays, cut into register tiles; see [Tile12x2] for how A, B, F and C lie.
final class Tiles {
    static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    static final int LANES = SPECIES.length();

    /// Columns of B and C that a tile covers.
    static final int WIDTH = 2 * LANES;

    /// Steps of a sum for which a tile's rows of A lie in scratch: with 512-bit vectors B then streams from the
    /// second-level cache, which costs less than loading and storing the sums four times as often.
    static final int DEPTH = LANES >= 16 ? 768 : 192;

    /// From one row of A to the next: not a power of two, so that rows do not fall on the same sets of the cache.
    static final int STRIDE = DEPTH + 16;

    /// Rows come in multiples of four; those that are missing are zeros in scratch.
    static final int ROWS = 4;

    /// Rows of the tallest tile: 12 × 2 sums need the 32 registers that come with 512-bit vectors.
    static final int TALL = LANES >= 16 ? 12 : 4;

    /// Where sums begin: a row of zeros, read with stride 0 as F of every row.
    static final float[] ZEROS = new float[WIDTH];

    private Tiles() {}

    /// `rows` rounded up to what tiles cover.
    static int tall(int rows) {
        return (rows + ROWS - 1) / ROWS * ROWS;
    }

    /// The next multiple of a vector's length.
    static int roundUp(int n) {
        return (n + LANES - 1) / LANES * LANES;
    }

    /// `rows` (a multiple of [#ROWS]) × one or two vectors of C; the rows of B and F are as wide.
    static void multiply(float[] a, int ao, float[] b, int bo, int k, float[] f, int fo, int fs,
                         float[] c, int co, int cs, int rows, int width) {
        if (width == WIDTH) wide(a, ao, b, bo, k, f, fo, fs, c, co, cs, rows);
        else narrow(a, ao, b, bo, k, f, fo, fs, c, co, cs, rows);
    }

    private static void wide(float[] a, int ao, float[] b, int bo, int k, float[] f, int fo, int fs,
                             float[] c, int co, int cs, int rows) {
        int r = 0;
        for (; r + TALL <= rows && TALL == 12; r += 12)
            Tile12x2.run(a, ao + r * STRIDE, b, bo, k, f, fo + r * fs, fs, c, co + r * cs, cs);
        for (; r + 8 <= rows && TALL == 12; r += 8)
            Tile8x2.run(a, ao + r * STRIDE, b, bo, k, f, fo + r * fs, fs, c, co + r * cs, cs);
        for (; r < rows; r += 4)
            Tile4x2.run(a, ao + r * STRIDE, b, bo, k, f, fo + r * fs, fs, c, co + r * cs, cs);
    }

    private static void narrow(float[] a, int ao, float[] b, int bo, int k, float[] f, int fo, int fs,
                               float[] c, int co, int cs, int rows) {
        int r = 0;
        for (; r + 12 <= rows; r += 12)
            Tile12x1.run(a, ao + r * STRIDE, b, bo, k, f, fo + r * fs, fs, c, co + r * cs, cs);
        for (; r + 8 <= rows; r += 8)
            Tile8x1.run(a, ao + r * STRIDE, b, bo, k, f, fo + r * fs, fs, c, co + r * cs, cs);
        for (; r < rows; r += 4)
            Tile4x1.run(a, ao + r * STRIDE, b, bo, k, f, fo + r * fs, fs, c, co + r * cs, cs);
    }
}
