package clew.engine.kernel.gemm;

/// Rows become columns, square by square, so that the lines of both sides stay in the cache.
final class Transposition {
    /// Side of the squares that are moved at a time.
    private static final int SIDE = 16;

    private Transposition() {}

    /// `y[r, c] (+)= sums[c, r]` for r < rows, c < cols, where a row of sums is `lanes` long.
    static void put(float[] sums, int at, int lanes, int rows, int cols, float[] y, int yo, int ys, Accumulate how) {
        if (how == Accumulate.SET) {
            run(sums, at, lanes, cols, rows, y, yo, ys);
            return;
        }
        var strip = new float[SIDE * cols];
        for (int r0 = 0; r0 < rows; r0 += SIDE) {
            var count = Math.min(SIDE, rows - r0);
            run(sums, at + r0, lanes, cols, count, strip, 0, cols);
            for (int r = 0; r < count; r++) add(strip, r * cols, y, yo + (r0 + r) * ys, cols);
        }
    }

    private static void add(float[] from, int o, float[] to, int at, int count) {
        for (int i = 0; i < count; i++) to[at + i] += from[o + i];
    }

    /// `to[c, r] = from[r, c]`.
    static void run(float[] from, int o, int os, int rows, int cols, float[] to, int at, int ts) {
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
