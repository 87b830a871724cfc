package clew.engine.kernel.gemm;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// `C += A · B` on arrays, cut into register tiles; see [Tile6x4] for how A, B and C lie.
final class Tiles {
    static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    static final int LANES = SPECIES.length();

    /// Vectors side by side in the widest tile: 6 × 4 sums need the 32 registers that come with 512-bit vectors.
    private static final int VECTORS = LANES >= 16 ? 4 : 2;

    /// Columns of B and C that the widest tile covers.
    static final int WIDTH = VECTORS * LANES;

    private Tiles() {}

    /// The next multiple of a vector's length.
    static int roundUp(int n) {
        return (n + LANES - 1) / LANES * LANES;
    }

    /// `rows` × `vectors·LANES` of C, columns in stretches of 4, 2 and 1 vectors.
    static void multiply(float[] a, int ao, int ars, int aks, float[] b, int bo, int bs, int k,
                         float[] c, int co, int cs, int rows, int vectors) {
        for (int v = 0, wide; v < vectors; v += wide) {
            var left = vectors - v;
            wide = left >= VECTORS ? VECTORS : left >= 2 ? 2 : 1;
            var at = v * LANES;
            switch (wide) {
                case 4  -> four(a, ao, ars, aks, b, bo + at, bs, k, c, co + at, cs, rows);
                case 2  -> two(a, ao, ars, aks, b, bo + at, bs, k, c, co + at, cs, rows);
                default -> one(a, ao, ars, aks, b, bo + at, bs, k, c, co + at, cs, rows);
            }
        }
    }

    /// Rows in sixes and fours where they divide so, else one by one: single rows run at half speed.
    private static void four(float[] a, int ao, int ars, int aks, float[] b, int bo, int bs, int k,
                             float[] c, int co, int cs, int rows) {
        for (int r = 0, tall; r < rows; r += tall) {
            var left = rows - r;
            tall = left >= 6 && left != 8 && left != 9 ? 6 : left >= 4 ? 4 : 1;
            switch (tall) {
                case 6  -> {
                    if (aks == 1) Tile6x4.run(a, ao + r * ars, ars, b, bo, bs, k, c, co + r * cs, cs);
                    else Tile6x4Strided.run(a, ao + r * ars, ars, aks, b, bo, bs, k, c, co + r * cs, cs);
                }
                case 4  -> Tile4x4.run(a, ao + r * ars, ars, aks, b, bo, bs, k, c, co + r * cs, cs);
                default -> Tile1x4.run(a, ao + r * ars, aks, b, bo, bs, k, c, co + r * cs);
            }
        }
    }

    private static void two(float[] a, int ao, int ars, int aks, float[] b, int bo, int bs, int k,
                            float[] c, int co, int cs, int rows) {
        int r = 0;
        for (; r + 6 <= rows; r += 6) Tile6x2.run(a, ao + r * ars, ars, aks, b, bo, bs, k, c, co + r * cs, cs);
        for (; r < rows; r++)         Tile1x2.run(a, ao + r * ars, aks, b, bo, bs, k, c, co + r * cs);
    }

    private static void one(float[] a, int ao, int ars, int aks, float[] b, int bo, int bs, int k,
                            float[] c, int co, int cs, int rows) {
        int r = 0;
        for (; r + 6 <= rows; r += 6) Tile6x1.run(a, ao + r * ars, ars, aks, b, bo, bs, k, c, co + r * cs, cs);
        for (; r < rows; r++)         Tile1x1.run(a, ao + r * ars, aks, b, bo, bs, k, c, co + r * cs);
    }
}
