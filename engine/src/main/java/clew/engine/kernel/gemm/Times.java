package clew.engine.kernel.gemm;

import clew.engine.kernel.Workers;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/// `C (+)= A · W`, W [k, n]: a scalar of A against a vector of the weights' columns.
///
/// A chunk of work owns a stretch of columns. A's rows lie in scratch in blocks of [Tiles#DEPTH] steps; the weights are
/// brought into panels as wide as a tile, as many rows at a time as the second-level cache holds, and all rows of A
/// pass over each panel while it is in the first. Sums lie tile after tile in scratch, a stream too, until all of k is
/// done. Every output is one sum in the order of k.
final class Times {
    /// Rows of A of one pass over the weights.
    private static final int ROWS = 44 * 12;
    /// Floats of the weights' panels of one chunk: half a megabyte.
    private static final int PANELS = 256 * 1024;
    /// Floats of the sums of one chunk: a megabyte.
    private static final int SUMS = 256 * 1024;
    /// Columns of a chunk: a row of weights should be a stream worth fetching ahead.
    private static final int NARROW = 512, WIDE = 2048;

    private final Workers workers;
    private final Workspace.Pool pool;

    Times(Workers workers, Workspace.Pool pool) {
        this.workers = workers;
        this.pool = pool;
    }

    /// `A[r, i]` is `a[ao + r·ars + i·aks]`: with the steps exchanged A is read transposed.
    void run(float[] a, int ao, int ars, int aks, int rows, Panels panels, float[] c, int co, int cs,
             Accumulate how) {
        var passes = (rows + ROWS - 1) / ROWS;
        var step = (rows + passes - 1) / passes;
        for (int r = 0; r < rows; r += step)
            pass(a, ao + r * ars, ars, aks, Math.min(step, rows - r), panels, c, co + r * cs, cs, how);
    }

    private void pass(float[] a, int ao, int ars, int aks, int rows, Panels panels, float[] c, int co, int cs,
                      Accumulate how) {
        var tall = Tiles.tall(rows);
        var width = width(tall, panels.cols());
        try (var space = pool.lend()) {
            var blocks = new Blocks(space.packed(Blocks.size(tall, panels.steps())), tall, panels.steps());
            workers.forEach(blocks.count(), i -> blocks.fill(i, a, ao, ars, aks, rows));
            workers.forEach((panels.cols() + width - 1) / width, i -> {
                var from = i * width;
                var columns = panels.cols(from, Math.min(width, panels.cols() - from));
                columns(blocks, rows, columns, c, co + from, cs, how);
            });
        }
    }

    /// Columns of a chunk: a multiple of a tile's, shared out evenly.
    private int width(int tall, int cols) {
        var most = Math.clamp(SUMS / tall, NARROW, WIDE);
        var chunks = (cols + most - 1) / most;
        var even = (chunks + workers.threads() - 1) / workers.threads() * workers.threads();
        return ((cols + even - 1) / even + Tiles.WIDTH - 1) / Tiles.WIDTH * Tiles.WIDTH;
    }

    private void columns(Blocks a, int rows, Panels panels, float[] c, int co, int cs, Accumulate how) {
        var tall = a.rows();
        var depth = depth(panels.cols());
        try (var space = pool.lend()) {
            var sums = space.sums(panels.size(tall));                                      // [panel][tall, width]
            var weights = space.weights(panels.size(depth));                                  // [panel][depth, width]
            for (int k = 0; k < panels.steps(); k += depth) {
                var d = Math.min(depth, panels.steps() - k);
                panels.fill(k, d, weights, space);
                var last = k + d == panels.steps();
                for (int p = 0; p < panels.count(); p++) {
                    int width = panels.width(p), at = p * tall * Tiles.WIDTH;
                    for (int r = 0; r < tall; r += Tiles.TALL) {
                        if (k == 0) Arrays.fill(sums, at + r * width, at + Math.min(r + Tiles.TALL, tall) * width, 0f);
                        Tiles.multiply(a.data(), a.at(k) + r * Tiles.STRIDE, weights, p * d * Tiles.WIDTH, d,
                                sums, at + r * width, width, Math.min(Tiles.TALL, tall - r), width);
                        if (last) put(sums, at, width, r, Math.min(r + Tiles.TALL, rows), panels.valid(p),
                                c, co + p * Tiles.WIDTH, cs, how);
                    }
                }
            }
        }
    }

    /// Rows of W at a time: a divisor of [Tiles#DEPTH].
    private static int depth(int cols) {
        for (int d = Tiles.DEPTH; ; d /= 2) if (d <= 32 || d * cols <= PANELS) return d;
    }

    /// Rows `from … to−1` of the sums to their place, right after their last tile: while the next one computes, the
    /// stores wait for their lines.
    private static void put(float[] sums, int o, int stride, int from, int to, int cols, float[] c, int co, int cs,
                            Accumulate how) {
        for (int r = from; r < to; r++) {
            int at = o + r * stride, place = co + r * cs;
            switch (how) {
                case SET -> set(sums, at, c, place, cols);
                case ADD -> { for (int i = 0; i < cols; i++) c[place + i] += sums[at + i]; }
            }
        }
    }

    private static void set(float[] from, int at, float[] to, int o, int cols) {
        if (cols != Tiles.WIDTH) {
            System.arraycopy(from, at, to, o, cols);
            return;
        }
        FloatVector.fromArray(Tiles.SPECIES, from, at).intoArray(to, o);
        FloatVector.fromArray(Tiles.SPECIES, from, at + Tiles.LANES).intoArray(to, o + Tiles.LANES);
    }
}
