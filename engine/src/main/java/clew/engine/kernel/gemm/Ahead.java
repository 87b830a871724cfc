package clew.engine.kernel.gemm;

import clew.engine.kernel.Part;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// The next block of weights, on its way into panels in scratch while tiles of this block compute.
///
/// A piece is [Tile12x2Ahead#ROWS] rows of one panel; pieces come in the order in which they lie in the file. Mapped
/// f32 are brought in by tiles, as many pieces as the tile has steps; whatever they leave, and weights of any other
/// kind, by [#finish].
final class Ahead {
    private static final int ROWS = Tile12x2Ahead.ROWS;
    private static final int W = Tiles.WIDTH;

    private final Panels panels;
    private final int k, depth;
    private final float[] to;
    private final int at;
    private final @Nullable MemorySegment data;
    /// Panels that are full: the pieces of four rows.
    private final int across;
    private final int pieces;
    private int done;

    /// Rows `k … k+depth−1` of the panels, to `to[at …]`.
    Ahead(Panels panels, int k, int depth, float[] to, int at) {
        this.panels = panels;
        this.k = k;
        this.depth = depth;
        this.to = to;
        this.at = at;
        data = panels.w().mappedFloats(panels.part());
        across = panels.cols() / W;
        pieces = data == null ? 0 : depth / ROWS * across;
    }

    /// [Tile12x2], by the way bringing in what comes next.
    void multiply(float[] a, int ao, float[] b, int bo, int steps, float[] f, int fo, int fs,
                  float[] c, int co, int cs) {
        if (data == null || steps > pieces - done) {
            Tile12x2.run(a, ao, b, bo, steps, f, fo, fs, c, co, cs);
            return;
        }
        int row = done / across * ROWS, p = done % across;
        Tile12x2Ahead.run(a, ao, b, bo, steps, f, fo, fs, c, co, cs,
                data, 4 * panels.w().index(k + row, p * W), 4L * panels.w().stride(), p, across,
                to, at + p * depth * W + row * W, depth * W);
        done += steps;
    }

    /// Brings in what is left.
    void finish(Workspace space) {
        int row = across == 0 ? 0 : done / across * ROWS, p = across == 0 ? 0 : done % across;
        for (; p > 0 && p < across; p++)
            Widen.block(panels.w(), Part.ALL, k + row, ROWS, p * W, W, to, at + p * depth * W + row * W, W);
        var whole = across == 0 || done % across == 0;
        panels.fill(k, depth, whole ? row : row + ROWS, to, at, space);
    }
}
