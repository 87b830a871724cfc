package clew.engine.kernel;

import clew.engine.tensor.Rows;
import clew.engine.tensor.Tensor;
import clew.engine.tensor.Weight;

/// Shape checks at the door of a kernel, each with both shapes in its message.
public final class Shapes {
    private Shapes() {}

    /// x `[R, in]` fits W.
    public static void linear(Tensor x, Weight w) {
        if (x.cols() != w.in())
            throw new IllegalArgumentException("linear: x " + x.shape() + " · w [" + w.out() + ", " + w.in() + "]: "
                + x.cols() + " ≠ " + w.in());
    }

    /// g `[N, out]` fits Wᵀ.
    public static void linearTransposed(Tensor g, Weight w) {
        if (g.cols() != w.out())
            throw new IllegalArgumentException(
                "linear, backward: g " + g.shape() + " · w [" + w.out() + ", " + w.in() + "]: " + g.cols() + " ≠ "
                    + w.out());
    }

    /// g has the rows that `rows` lists and x the rows that they face; their widths may differ only for outer products.
    public static void faces(String verb, Tensor g, Tensor x, Rows rows) {
        var outer = verb.equals("weightGradient");
        if (g.rows() != rows.count() || x.rows() != rows.activations() || !outer && g.cols() != x.cols())
            throw new IllegalArgumentException(verb + ": g " + g.shape() + " does not face x " + x.shape() + " over "
                + rows.count() + " of " + rows.activations() + " rows");
    }

    /// Equal shapes.
    public static void equal(String verb, Tensor x, Tensor y) {
        if (!x.shape().equals(y.shape()))
            throw new IllegalArgumentException(verb + ": " + x.shape() + " and " + y.shape() + " differ");
    }

    /// b holds one value per column of x.
    public static void columns(String verb, Tensor x, Tensor b) {
        if (b.size() != x.cols())
            throw new IllegalArgumentException(verb + ": x " + x.shape() + " needs " + x.cols() + " values, got "
                + b.shape());
    }

    /// x's rows, from row `at` of `held` on, are rows of it.
    public static void within(String verb, Tensor held, int at, Tensor x) {
        if (x.cols() != held.cols() || at < 0 || at > held.rows() - x.rows())
            throw new IllegalArgumentException(
                verb + ": " + x.shape() + " at row " + at + " does not lie within " + held.shape());
    }

    /// Every run starts at a sequence's first row and queries are keys: what the transposed product of attention needs.
    public static void fromFirstKey(Heads heads, Rows rows) {
        for (var run : rows.cut(heads.queries()))
            if (heads.queries() != heads.keys() || run.first() % heads.queries() != 0)
                throw new IllegalArgumentException("attention, backward: a run must start at its sequence's first row");
    }
}
