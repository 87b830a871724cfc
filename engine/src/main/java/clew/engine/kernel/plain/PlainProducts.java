package clew.engine.kernel.plain;

import clew.engine.kernel.Part;
import clew.engine.kernel.plain.PlainSums.Factors;
import clew.engine.kernel.plain.PlainSums.Lines;
import clew.engine.kernel.simd.Floats;
import clew.engine.tensor.Storage;
import clew.engine.tensor.Weight;
import clew.engine.tensor.Weight.Layout;

/// Products with weights: rows of the stored matrix one after another, each widened once for all rows of x.
///
/// Every output is one chain of fused multiply-adds in the order of the sum, but that a dot product for at most [#FEW]
/// rows of x is a chain per lane.
public final class PlainProducts {
    /// Up to so many rows of x the vectors' dot products are taken lane by lane.
    private static final int FEW = 4;
    /// Rows of w that are widened at a time, which stay in the cache while all rows of x take them.
    private static final int ROWS = 16;

    private PlainProducts() {}

    /// Whether these loops have the vectors' bits; codes have kernels of their own.
    public static boolean takes(Weight w) {
        return !(w.tensor().storage() instanceof Storage.Coded || w.tensor().storage() instanceof Storage.Remote);
    }

    /// `y[r,o] = Σ_i x[r,i] · part(W[o,i])`.
    public static float[] linear(float[] x, int rows, Weight w, Part part) {
        return switch (w.layout()) {
            case OUT_IN -> dots(x, rows, new Matrix(w, part));
            case IN_OUT -> mix(x, rows, new Matrix(w, part));
        };
    }

    /// `y[r,i] = Σ_o g[r,o] · part(W[o,i])`.
    public static float[] linearTransposed(float[] g, int rows, Weight w, Part part) {
        return switch (w.layout()) {
            case OUT_IN -> mix(g, rows, new Matrix(w, part));
            case IN_OUT -> dots(g, rows, new Matrix(w, part));
        };
    }

    /// The rows and columns of the stored matrix that a weight views.
    private record Matrix(Weight w, Part part) {
        int rows() {
            return w.layout() == Layout.OUT_IN ? w.out() : w.in();
        }

        int cols() {
            return w.layout() == Layout.OUT_IN ? w.in() : w.out();
        }

        /// Row n as floats, to `to[at …]`.
        void row(int n, float[] to, int at) {
            var first = w.layout() == Layout.OUT_IN ? w.index(n, 0) : w.index(0, n);
            Floats.copy(w.tensor(), first, cols(), to, at);
            if (part != Part.ALL) clamp(part, to, at, at + cols());
        }
    }

    private static void clamp(Part part, float[] w, int from, int to) {
        for (int i = from; i < to; i++) w[i] = part == Part.POSITIVE ? Math.max(w[i], 0) : Math.min(w[i], 0);
    }

    /// `y[r,n] = ⟨x[r], w[n]⟩`.
    private static float[] dots(float[] x, int rows, Matrix w) {
        return rows <= FEW ? dotsByLanes(x, rows, w) : transposed(dotsTransposed(x, rows, w), w.rows(), rows);
    }

    private static float[] dotsByLanes(float[] x, int rows, Matrix w) {
        int R = w.rows(), C = w.cols();
        var y = new float[Math.multiplyExact(rows, R)];
        var row = new float[C];
        var lanes = new float[PlainLanes.GEMM];
        for (int n = 0; n < R; n++) {
            w.row(n, row, 0);
            for (int r = 0; r < rows; r++) y[r * R + n] = dot(row, x, r * C, lanes);
        }
        return y;
    }

    /// A chain per lane over whole vectors, the lanes' sum, then the rest in order.
    private static float dot(float[] w, float[] x, int at, float[] lanes) {
        int i = 0, L = lanes.length;
        for (int l = 0; l < L; l++) lanes[l] = 0;
        for (; i <= w.length - L; i += L)
            for (int l = 0; l < L; l++) lanes[l] = Math.fma(w[i + l], x[at + i + l], lanes[l]);
        var sum = PlainLanes.total(lanes);
        for (; i < w.length; i++) sum = Math.fma(w[i], x[at + i], sum);
        return sum;
    }

    /// `yᵀ[n] = Σ_i w[n,i] · xᵀ[i]`, `[R, rows]`: the sums of all rows of x side by side.
    private static float[] dotsTransposed(float[] x, int rows, Matrix w) {
        int R = w.rows(), C = w.cols();
        var xt = transposed(x, rows, C);
        var y = new float[Math.multiplyExact(rows, R)];
        var row = new float[C];
        for (int n = 0; n < R; n++) {
            w.row(n, row, 0);
            PlainSums.add(new Factors(row, 0, 1), new Lines(xt, 0, rows), C, y, n * rows, rows);
        }
        return y;
    }

    /// `y[r] = Σ_n x[r,n] · w[n]`, some rows of w at a time.
    private static float[] mix(float[] x, int rows, Matrix w) {
        int R = w.rows(), C = w.cols();
        var y = new float[Math.multiplyExact(rows, C)];
        var some = new float[Math.multiplyExact(ROWS, C)];
        for (int n = 0; n < R; n += ROWS) {
            var count = Math.min(ROWS, R - n);
            for (int i = 0; i < count; i++) w.row(n + i, some, i * C);
            for (int r = 0; r < rows; r++)
                PlainSums.add(new Factors(x, r * R + n, 1), new Lines(some, 0, C), count, y, r * C, C);
        }
        return y;
    }

    private static float[] transposed(float[] x, int rows, int cols) {
        var y = new float[x.length];
        for (int r = 0; r < rows; r++)
            for (int c = 0; c < cols; c++) y[c * rows + r] = x[r * cols + c];
        return y;
    }
}
