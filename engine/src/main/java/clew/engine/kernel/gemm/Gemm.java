package clew.engine.kernel.gemm;

import clew.engine.kernel.Part;
import clew.engine.kernel.Workers;
import clew.engine.tensor.DType;
import clew.engine.tensor.Storage;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// Matrix products of activations in `float[]` with weights as they lie in storage, in both directions.
///
/// | method | computes | W is |
/// |---|---|---|
/// | [#timesTransposed] | `y[m,n] (+)= Σₖ x[m,k] · w[n,k]` | [n, k]: forward of a Linear |
/// | [#times] | `y[m,n] (+)= Σₖ x[m,k] · w[k,n]` | [k, n]: forward of a Conv1D, backward of a Linear |
/// | [#outer] | `out[n,k] (+)= Σₘ g[m,n] · x[m,k]` | the gradient of either |
///
/// Weights may be of any [DType] or coded; f32, bf16, f16, int8 and NF4 are fast. Nothing is kept between calls but
/// scratch of a few megabytes.
/// Results are bit-identical for any number of threads. Nothing is skipped, so `0 · NaN` is NaN. `x`, `y` and weights
/// must not overlap.
public final class Gemm {
    private final Workspace.Pool pool = new Workspace.Pool();
    private final TimesTransposed timesTransposed;
    private final TransposedInPlace transposedInPlace;
    private final FewTransposed fewTransposed;
    private final Times times;
    private final TimesTurned timesTurned;
    private final TimesInPlace timesInPlace;
    private final FewTimes fewTimes;
    private final Outer outer;

    public Gemm(Workers workers) {
        timesTransposed = new TimesTransposed(workers, pool);
        transposedInPlace = new TransposedInPlace(workers, pool);
        fewTransposed = new FewTransposed(workers, pool);
        times = new Times(workers, pool);
        timesTurned = new TimesTurned(workers, pool, times);
        timesInPlace = new TimesInPlace(workers, pool);
        fewTimes = new FewTimes(workers, pool);
        outer = new Outer(workers, pool);
    }

    /// `y[m,n] (+)= Σₖ x[m,k] · w[n,k]`, W [n, k].
    public void timesTransposed(float[] x, int xOffset, int xStride, int m, WeightView w, Part part,
                                float[] y, int yOffset, int yStride, Accumulate how) {
        requireFit("x", x, xOffset, xStride, m, w.cols());
        requireFit("y", y, yOffset, yStride, m, w.rows());
        if (isEmpty(m, w.cols(), w.rows(), y, yOffset, yStride, how)) return;
        if (m <= FewTransposed.MOST) fewTransposed.run(x, xOffset, xStride, m, w, part, y, yOffset, yStride, how);
        else if (TransposedInPlace.suits(m, w.rows()) && w.mappedFloats(part) instanceof MemorySegment data)
            transposedInPlace.run(x, xOffset, xStride, m, w, data, y, yOffset, yStride, how);
        else if (TimesTurned.suits(m, w)) timesTurned.run(x, xOffset, xStride, m, w, part, y, yOffset, yStride, how);
        else timesTransposed.run(x, xOffset, xStride, m, w, part, y, yOffset, yStride, how);
    }

    /// `y[m,n] (+)= Σₖ x[m,k] · w[k,n]`, W [k, n].
    public void times(float[] x, int xOffset, int xStride, int m, WeightView w, Part part,
                      float[] y, int yOffset, int yStride, Accumulate how) {
        requireFit("x", x, xOffset, xStride, m, w.rows());
        requireFit("y", y, yOffset, yStride, m, w.cols());
        if (isEmpty(m, w.rows(), w.cols(), y, yOffset, yStride, how)) return;
        if (m <= FewTimes.MOST) fewTimes.run(x, xOffset, xStride, m, w, part, y, yOffset, yStride, how);
        else if (TimesInPlace.suits(m, w) && w.mappedFloats(part) instanceof MemorySegment data)
            timesInPlace.run(x, xOffset, xStride, m, w, data, y, yOffset, yStride, how);
        else times.run(x, xOffset, xStride, 1, m, new Panels(w, part), y, yOffset, yStride, how);
    }

    /// `out[n,k] (+)= Σₘ g[m,n] · x[m,k]`.
    public void outer(float[] g, int gOffset, int gStride, float[] x, int xOffset, int xStride, int m, int n, int k,
                      float[] out, int outOffset, int outStride, Accumulate how) {
        requireFit("g", g, gOffset, gStride, m, n);
        requireFit("x", x, xOffset, xStride, m, k);
        requireFit("out", out, outOffset, outStride, n, k);
        if (isEmpty(n, m, k, out, outOffset, outStride, how)) return;
        if (how == Accumulate.SET && Outer.suits(n, k)) {
            outer.run(g, gOffset, gStride, x, xOffset, xStride, m, n, k, out, outOffset, outStride);
            return;
        }
        var rows = new WeightView(new Storage.Floats(x), DType.F32, xOffset, m, k, xStride);
        times.run(g, gOffset, 1, gStride, n, new Panels(rows, Part.ALL), out, outOffset, outStride, how);
    }

    /// Whether there is nothing to multiply: then the sums are zeros.
    private static boolean isEmpty(int rows, int steps, int cols, float[] y, int yo, int ys, Accumulate how) {
        if (steps == 0 && how == Accumulate.SET)
            for (int r = 0; r < rows; r++) Arrays.fill(y, yo + r * ys, yo + r * ys + cols, 0f);
        return rows == 0 || steps == 0 || cols == 0;
    }

    private static void requireFit(String name, float[] data, int offset, int stride, int rows, int cols) {
        var end = rows == 0 || cols == 0 ? offset : offset + (rows - 1L) * stride + cols;
        if (offset < 0 || rows < 0 || stride < cols || end > data.length)
            throw new IllegalArgumentException(name + " [" + rows + ", " + cols + "] with stride " + stride + " at "
                    + offset
                    + " needs " + end + " elements, the array has " + data.length);
    }
}
