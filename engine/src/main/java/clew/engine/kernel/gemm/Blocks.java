package clew.engine.kernel.gemm;

import clew.engine.kernel.Part;
import java.util.Arrays;

/// A matrix in the order a tile broadcasts it: blocks of [Tiles#DEPTH] steps, in each the rows [Tiles#STRIDE] apart.
///
/// `rows` is a multiple of [Tiles#ROWS]; what lies beyond the matrix is zero.
record Blocks(float[] data, int rows, int steps) {
    /// Floats of so many rows and steps.
    static int size(int rows, int steps) {
        return rows * Tiles.STRIDE * count(steps);
    }

    static int count(int steps) {
        return (steps + Tiles.DEPTH - 1) / Tiles.DEPTH;
    }

    int count() {
        return count(steps);
    }

    /// Where step k of row 0 lies.
    int at(int k) {
        return k / Tiles.DEPTH * rows * Tiles.STRIDE + k % Tiles.DEPTH;
    }

    /// Block b of the matrix whose element (r, i) is `a[ao + r·ars + i·aks]`, r < valid; one of the steps is 1.
    void fill(int b, float[] a, int ao, int ars, int aks, int valid) {
        int from = b * Tiles.DEPTH, depth = Math.min(Tiles.DEPTH, steps - from), at = at(from);
        if (aks == 1)
            for (int r = 0; r < valid; r++)
                System.arraycopy(a, ao + r * ars + from, data, at + r * Tiles.STRIDE, depth);
        else Transposition.run(a, ao + from * aks, aks, depth, valid, data, at, Tiles.STRIDE);
        for (int r = valid; r < rows; r++) Arrays.fill(data, at + r * Tiles.STRIDE, at + r * Tiles.STRIDE + depth, 0f);
    }

    /// All of w, row after row, so that each is one stream from memory.
    void fill(WeightView w, Part part) {
        for (int r = 0; r < w.rows(); r++)
            for (int k = 0; k < steps; k += Tiles.DEPTH)
                Widen.block(w, part, r, 1, k, Math.min(Tiles.DEPTH, steps - k), data, at(k) + r * Tiles.STRIDE, 0);
    }
}
