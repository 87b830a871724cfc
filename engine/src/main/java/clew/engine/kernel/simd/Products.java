package clew.engine.kernel.simd;

import clew.engine.kernel.Part;
import clew.engine.kernel.Workers;
import clew.engine.kernel.gemm.Accumulate;
import clew.engine.kernel.gemm.Gemm;
import clew.engine.kernel.gemm.WeightView;
import clew.engine.tensor.Rows;
import clew.engine.tensor.Tensor;
import clew.engine.tensor.Weight;
import clew.engine.tensor.Weight.Layout;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Products with weights where they lie: which of [Gemm]'s forms a layout and a direction need.
public final class Products {
    /// Outputs from which on it is worth looking which of them a cotangent names, and the share that is few.
    private static final int MANY = 4096, FEW = 16;

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
    ///
    /// A seed names few logits of many: then only their rows of W are read, and weights that are infinite or no number
    /// show in the others no more than they would in a sum over the named ones.
    public float[] linearTransposed(float[] g, int rows, Weight w, Part part) {
        return switch (w.layout()) {
            case OUT_IN -> {
                var named = w.out() < MANY ? null : named(g, rows, w.out());
                yield named == null ? times(g, rows, view(w), part) : timesNamed(g, rows, named, w, part);
            }
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

    /// The outputs of which any row has a cotangent, ascending, if they are few.
    private static int @Nullable [] named(float[] g, int rows, int out) {
        var named = new TreeSet<Integer>();
        for (int i = 0; i < rows * out; i++)
            if (g[i] != 0) {
                named.add(i % out);
                if (named.size() > out / FEW) return null;
            }
        return named.stream().mapToInt(i -> i).toArray();
    }

    private float[] timesNamed(float[] g, int rows, int[] named, Weight w, Part part) {
        int n = named.length, in = w.in();
        float[] some = arena.any(n, in), gs = arena.any(rows, n);
        for (int j = 0; j < n; j++) {
            Floats.copy(w.tensor(), (long) (w.from() + named[j]) * in, in, some, j * in);
            for (int r = 0; r < rows; r++) gs[r * n + j] = g[r * w.out() + named[j]];
        }
        return times(gs, rows, WeightView.of(Tensor.of(some, n, in)), part);
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
