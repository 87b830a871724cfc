package clew.engine.kernel.simd;

import clew.engine.kernel.Part;
import clew.engine.kernel.Workers;
import clew.engine.kernel.gemm.Accumulate;
import clew.engine.kernel.gemm.Gemm;
import clew.engine.kernel.gemm.WeightView;
import clew.engine.tensor.Rows;
import clew.engine.tensor.Weight;
import clew.engine.tensor.Weight.Layout;

/// Products with weights where they lie: which of [Gemm]'s forms a layout and a direction need.
public final class Products {
    private final Gemm gemm;
    private final Arena arena;

    public Products(Workers workers, Arena arena) {
        this.gemm = new Gemm(workers);
        this.arena = arena;
    }

    /// `y[r,o] = Σ_i x[r,i] · part(W[o,i])`.
    public float[] linear(float[] x, int rows, Weight w, Part part) {
        return switch (w.layout()) {
            case OUT_IN -> timesTransposed(x, rows, view(w), part);
            case IN_OUT -> times(x, rows, view(w), part);
        };
    }

    /// `y[r,i] = Σ_o g[r,o] · part(W[o,i])`.
    public float[] linearTransposed(float[] g, int rows, Weight w, Part part) {
        return switch (w.layout()) {
            case OUT_IN -> times(g, rows, view(w), part);
            case IN_OUT -> timesTransposed(g, rows, view(w), part);
        };
    }

    /// `∂/∂W[o,i] = Σ_n g[n,o] · x[face(n),i]`, as large as the whole matrix.
    public float[] weightGradient(float[] g, float[] x, Rows rows, Weight w) {
        int in = w.in(), out = w.out(), n = rows.count(), stride = w.tensor().cols();
        var y = arena.zeros(Math.toIntExact(w.tensor().size()));
        var faced = rows.isIdentity() ? x : faced(x, rows, in);
        switch (w.layout()) {
            case OUT_IN -> gemm.outer(g, 0, out, faced, 0, in, n, out, in, y, w.from() * in, stride, Accumulate.SET);
            case IN_OUT -> gemm.outer(faced, 0, in, g, 0, out, n, in, out, y, w.from(), stride, Accumulate.SET);
        }
        return y;
    }

    private float[] times(float[] x, int rows, WeightView w, Part part) {
        var y = arena.any(rows, w.cols());
        gemm.times(x, 0, w.rows(), rows, w, part, y, 0, w.cols(), Accumulate.SET);
        return y;
    }

    private float[] timesTransposed(float[] x, int rows, WeightView w, Part part) {
        var y = arena.any(rows, w.rows());
        gemm.timesTransposed(x, 0, w.cols(), rows, w, part, y, 0, w.rows(), Accumulate.SET);
        return y;
    }

    private static WeightView view(Weight w) {
        var all = WeightView.of(w.tensor());
        return switch (w.layout()) {
            case OUT_IN -> all.rows(w.from(), w.out());
            case IN_OUT -> all.cols(w.from(), w.out());
        };
    }

    /// The rows of x that each cotangent row faces, side by side.
    private float[] faced(float[] x, Rows rows, int cols) {
        var y = arena.any(rows.count(), cols);
        for (var run : rows.runs())
            System.arraycopy(x, run.first() * cols, y, run.at() * cols, run.length() * cols);
        return y;
    }
}
