package clew.engine.kernel.gemm;

import clew.engine.kernel.Workers;

/// `C (+)= A · W`, W [k, n]: a scalar of A against a vector of the weights' columns.
///
/// A chunk of work owns a stretch of columns. A's rows lie in scratch in blocks of [Tiles#DEPTH] steps; the weights are
/// brought into panels as wide as a tile, a block of [#DEPTH] rows × some panels at a time, while the tiles of the
/// block before compute ([Ahead]). All rows of A pass over the panels, as many at a time as the second-level cache
/// holds beside them. Sums begin at a row of zeros in the first-level cache, lie tile after tile in scratch while there
/// are blocks to come, and go from the last tile straight to their place. Every output is one sum in the order of k.
final class Times {
    /// Rows of A of one pass over the weights.
    private static final int ROWS = 44 * 12;
    /// Rows of A that stay in the second-level cache while the panels of a block pass by.
    private static final int BAND = 16 * 12;
    /// Rows of W in a block: a divisor of [Tiles#DEPTH].
    private static final int DEPTH = Math.min(Tiles.DEPTH, 384);
    /// Floats of a block: 384 kilobytes, and as much for the next.
    private static final int BLOCK = 96 * 1024;
    /// Floats of the sums of one chunk: a megabyte.
    private static final int SUMS = 256 * 1024;
    /// Columns of a chunk: a row of weights should be a stream worth fetching ahead.
    private static final int NARROW = 512, WIDE = 4096;

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
                columns(blocks, columns, new Output(rows, c, co + from, cs, how));
            });
        }
    }

    /// Columns of a chunk: a multiple of a tile's, shared out evenly.
    private int width(int tall, int cols) {
        var most = Math.clamp(SUMS / tall, NARROW, WIDE);
        var chunks = (cols + most - 1) / most;
        var even = (chunks + workers.threads() - 1) / workers.threads() * workers.threads();
        return evenly(cols, even);
    }

    /// Columns of each of so many parts, a multiple of a tile's.
    private static int evenly(int cols, int parts) {
        return ((cols + parts - 1) / parts + Tiles.WIDTH - 1) / Tiles.WIDTH * Tiles.WIDTH;
    }

    private void columns(Blocks a, Panels panels, Output out) {
        var grid = Grid.of(panels);
        try (var space = pool.lend()) {
            var sums = space.sums(panels.size(a.rows()));                                      // [panel][tall, width]
            var weights = space.weights(2 * grid.size());                               // twice [panel][depth, width]
            grid.ahead(0, weights).finish(space);
            for (int i = 0; i < grid.count(); i++) {
                var next = grid.ahead(i + 1, weights);
                for (int r = 0; r < a.rows(); r += BAND)
                    for (int p = 0; p < grid.block(i).count(); p++)
                        panel(a, r, Math.min(r + BAND, a.rows()), grid, i, p, weights, sums, next, out);
                next.finish(space);
            }
        }
    }

    /// Rows `from … to−1` of A with panel p of block i.
    private static void panel(Blocks a, int from, int to, Grid grid, int i, int p, float[] weights, float[] sums,
                              Ahead next, Output out) {
        int k = grid.row(i), d = grid.depth(i), n = grid.column(i) + p * Tiles.WIDTH;
        int width = grid.block(i).width(p), valid = grid.block(i).valid(p);
        var first = k == 0;
        var last = k + d == grid.panels.steps();
        for (int r = from, h; r < to; r += h) {
            h = Math.min(Tiles.TALL, to - r);
            int at = n * a.rows() + r * width, ao = a.at(k) + r * Tiles.STRIDE, bo = grid.at(i) + p * d * Tiles.WIDTH;
            var straight = last && valid == Tiles.WIDTH && out.takes(r + h);
            float[] f = first ? Tiles.ZEROS : sums, c = straight ? out.c : sums;
            int fo = first ? 0 : at, fs = first ? 0 : width;
            int co = straight ? out.at(r, n) : at, cs = straight ? out.cs : width;
            if (h == 12 && width == Tiles.WIDTH)
                next.multiply(a.data(), ao, weights, bo, d, f, fo, fs, c, co, cs);
            else Tiles.multiply(a.data(), ao, weights, bo, d, f, fo, fs, c, co, cs, h, width);
            if (last && !straight) out.put(sums, at, width, r, Math.min(r + h, out.rows), n, valid);
        }
    }

    /// The blocks of a chunk's weights, [#DEPTH] rows × `group` columns, in the order of their use: all columns of one
    /// stretch of rows, then the next rows. Every other one lies in the other half of scratch.
    private record Grid(Panels panels, int depth, int group) {
        static Grid of(Panels panels) {
            var most = BLOCK / DEPTH;
            return new Grid(panels, Math.min(DEPTH, panels.steps()),
                    evenly(panels.cols(), (panels.cols() + most - 1) / most));
        }

        int size() {
            return depth * group;
        }

        private int across() {
            return (panels.cols() + group - 1) / group;
        }

        int count() {
            return (panels.steps() + depth - 1) / depth * across();
        }

        int row(int i) {
            return i / across() * depth;
        }

        int column(int i) {
            return i % across() * group;
        }

        /// Rows of a block; none behind the last.
        int depth(int i) {
            return Math.clamp(panels.steps() - row(i), 0, depth);
        }

        Panels block(int i) {
            return panels.cols(column(i), Math.min(group, panels.cols() - column(i)));
        }

        int at(int i) {
            return i % 2 * size();
        }

        Ahead ahead(int i, float[] weights) {
            return new Ahead(block(i), row(i), depth(i), weights, at(i));
        }
    }

    /// Where the sums of a chunk go.
    private record Output(int rows, float[] c, int co, int cs, Accumulate how) {
        int at(int r, int n) {
            return co + r * cs + n;
        }

        /// Whether tiles may write rows up to `end` here: nothing is to be added, and there are so many.
        boolean takes(int end) {
            return how == Accumulate.SET && end <= rows;
        }

        /// Rows `from … to−1` of a panel's sums, right after its last tile: while the next one computes, the stores
        /// wait for their lines.
        void put(float[] sums, int o, int stride, int from, int to, int n, int cols) {
            for (int r = from; r < to; r++, o += stride) {
                var place = at(r, n);
                switch (how) {
                    case SET -> System.arraycopy(sums, o, c, place, cols);
                    case ADD -> { for (int i = 0; i < cols; i++) c[place + i] += sums[o + i]; }
                }
            }
        }
    }
}
