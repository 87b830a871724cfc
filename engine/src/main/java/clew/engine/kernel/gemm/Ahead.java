package clew.engine.kernel.gemm;

import clew.engine.kernel.Part;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// The next block of weights, on its way into panels in scratch while tiles of this block compute.
///
/// Tiles bring in mapped f32, a vector with every step: eight rows abreast, from left to right, then the next eight.
/// Whatever they leave, and weights of any other kind, [#finish] does.
final class Ahead {
    private static final int ROWS = Tile12x2Ahead.ROWS;
    private static final int W = Tiles.WIDTH;
    private static final int L = Tiles.LANES;

    private final Panels panels;
    private final int k, depth;
    private final float[] to;
    private final int at;
    private final @Nullable MemorySegment data;
    /// Vectors of a row, in panels that are full.
    private final int across;
    /// Vectors that tiles may bring in, and those that they have.
    private final int vectors;
    private int done;

    /// Rows `k … k+depth−1` of the panels, to `to[at …]`.
    Ahead(Panels panels, int k, int depth, float[] to, int at) {
        this.panels = panels;
        this.k = k;
        this.depth = depth;
        this.to = to;
        this.at = at;
        data = panels.w().mappedFloats(panels.part());
        across = panels.cols() / W * 2;
        vectors = data == null ? 0 : depth / ROWS * ROWS * across;
    }

    /// [Tile12x2], by the way bringing in what comes next.
    void multiply(float[] a, int ao, float[] b, int bo, int steps, float[] f, int fo, int fs,
                  float[] c, int co, int cs) {
        if (data == null || steps > vectors - done) {
            Tile12x2.run(a, ao, b, bo, steps, f, fo, fs, c, co, cs);
            return;
        }
        int rows = rows(), in = done - rows * across, row = in % ROWS, col = in / ROWS;
        Tile12x2Ahead.run(a, ao, b, bo, steps, f, fo, fs, c, co, cs,
                data, 4 * panels.w().index(k + rows + row, col * L), 4L * panels.w().stride(), row, col, across,
                to, to(rows + row, col), depth * W);
        done += steps;
    }

    /// Whole groups of rows that are there.
    private int rows() {
        return across == 0 ? 0 : done / (ROWS * across) * ROWS;
    }

    /// Where a vector goes.
    private int to(int row, int col) {
        return at + col / 2 * depth * W + row * W + col % 2 * L;
    }

    /// Brings in what is left.
    void finish(Workspace space) {
        int rows = rows(), begun = done - rows * across;
        for (int i = begun; i % (ROWS * Math.max(1, across)) != 0; i++)
            Widen.block(panels.w(), Part.ALL, k + rows + i % ROWS, 1, i / ROWS * L, L,
                    to, to(rows + i % ROWS, i / ROWS), W);
        panels.fill(k, depth, begun == 0 ? rows : rows + ROWS, to, at, space);
    }
}
