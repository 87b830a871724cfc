package clew.engine.kernel.gemm;

import clew.engine.kernel.Part;
import clew.engine.kernel.Workers;
import clew.engine.tensor.DType;
import clew.engine.tensor.Storage;

/// `out[n,k] = Σₘ g[m,n] · x[m,k]`: a scalar of g against a vector of x, both read where they lie.
///
/// A chunk of work owns rows and columns of `out`. It takes some steps at a time: their part of x stays in the
/// second-level cache while twelve columns of g after twelve pass by. Sums lie in `out` between blocks of steps. Long
/// rows of x, which would fall on the same sets of the cache, are first copied into panels. Every output is one sum in
/// the order of m.
final class Outer {
    /// Steps taken at a time where they lie, and where x is copied: rows of g 4 KB apart then still have their lines
    /// in the second-level cache.
    private static final int DEPTH = 384, COPIED = 256;
    /// Columns of a chunk.
    private static final int COLUMNS = 512;
    /// Floats from row to row of x from which rows are copied, and rows of `out` that make a copy worth its while.
    private static final int LONG = 512, MANY = 192;
    /// Rows of `out` in a chunk, if there are so many.
    private static final int FEW = 48;
    private static final int W = Tiles.WIDTH;

    private final Workers workers;
    private final Workspace.Pool pool;

    Outer(Workers workers, Workspace.Pool pool) {
        this.workers = workers;
        this.pool = pool;
    }

    /// Whether `out` is made of whole tiles, and there are registers for the large ones.
    static boolean suits(int n, int k) {
        return n % Tiles.ROWS == 0 && k % W == 0 && Tiles.TALL == 12;
    }

    void run(float[] g, int go, int gs, float[] x, int xo, int xs, int m, int n, int k, float[] out, int oo, int os) {
        int parts = workers.threads() == 1 ? 1 : 2 * workers.threads(), least = (k + COLUMNS - 1) / COLUMNS;
        var down = Math.clamp(n / (xs < LONG ? FEW : MANY), 1, (parts + least - 1) / least);
        int wide = part(k, Math.max(least, (parts + down - 1) / down), W), tall = part(n, down, Tiles.ROWS);
        int across = (k + wide - 1) / wide;
        workers.forEach(across * ((n + tall - 1) / tall), i -> {
            int c = i % across * wide, r = i / across * tall, cols = Math.min(wide, k - c);
            var chunk = new Chunk(g, go + r, gs, Math.min(tall, n - r), cols, out, oo + r * os + c, os);
            if (xs < LONG) inPlace(chunk, x, xo + c, xs, m);
            else copied(chunk, new WeightView(new Storage.Floats(x), DType.F32, xo + c, m, cols, xs));
        });
    }

    /// The size of each of so many parts, a multiple of `unit`.
    private static int part(int size, int parts, int unit) {
        return ((size + parts - 1) / parts + unit - 1) / unit * unit;
    }

    private static void inPlace(Chunk chunk, float[] x, int xo, int xs, int m) {
        for (int i = 0; i < m; i += DEPTH) chunk.add(i, Math.min(DEPTH, m - i), x, xo + i * xs, xs, W);
    }

    private void copied(Chunk chunk, WeightView x) {
        var panels = new Panels(x, Part.ALL);
        try (var space = pool.lend()) {
            var copy = space.weights(Math.min(COPIED, x.rows()) * x.cols());
            for (int i = 0, d; i < x.rows(); i += d) {
                d = Math.min(COPIED, x.rows() - i);
                panels.fill(i, d, 0, copy, 0, space);
                chunk.add(i, d, copy, 0, W, d * W);
            }
        }
    }

    /// A part of `out`: `rows × cols` from `oo` on, of the columns of g from `go` on.
    private record Chunk(float[] g, int go, int gs, int rows, int cols, float[] out, int oo, int os) {
        /// Steps `i … i+d−1`; the first row of x for the tiles of column p begins at `xo + p/W · panel`.
        void add(int i, int d, float[] x, int xo, int xs, int panel) {
            var f = i == 0 ? Tiles.ZEROS : out;
            for (int r = 0, h; r < rows; r += h) {
                h = rows - r >= 12 ? 12 : 4;
                int at = oo + r * os, a = go + i * gs + r;
                for (int p = 0, b = xo; p < cols; p += W, b += panel) {
                    int fo = i == 0 ? 0 : at + p, fs = i == 0 ? 0 : os;
                    if (h == 12) Outer12x2.run(g, a, gs, x, b, xs, d, f, fo, fs, out, at + p, os);
                    else Outer4x2.run(g, a, gs, x, b, xs, d, f, fo, fs, out, at + p, os);
                }
            }
        }
    }
}
