package clew.engine.kernel;

import clew.engine.kernel.Activation.Curve;
import clew.engine.kernel.plain.PlainAttention;
import clew.engine.kernel.plain.PlainElements;
import clew.engine.kernel.plain.PlainProducts;
import clew.engine.kernel.simd.Chunks;
import clew.engine.kernel.simd.Floats;
import clew.engine.tensor.Rows;
import clew.engine.tensor.Shape;
import clew.engine.tensor.Storage;
import clew.engine.tensor.Tensor;
import clew.engine.tensor.Weight;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToDoubleFunction;

/// The float32 device of a process that has just begun: plain loops for its first work, then [SimdKernels].
///
/// Vectors are slow until they are compiled, and that takes longer than a short command should. Both give the same
/// bits, so nobody sees when the one takes over. Verbs that a short command does without are the vectors' at once.
public final class WarmingKernels implements Kernels {
    /// Multiplications after which vectors take over: plain loops do so many in less time than the processor's two or
    /// three seconds that it costs to run and compile vectors for the first time.
    static final long ENOUGH = 2L << 30;
    /// A verb of more multiplications than this ends the warming up: there is more to come.
    static final long MOST = 64L << 20;

    private final AtomicLong left;
    private final Kernels vectors;

    public WarmingKernels(Kernels vectors) {
        this(vectors, new AtomicLong(ENOUGH));
    }

    private WarmingKernels(Kernels vectors, AtomicLong left) {
        this.vectors = vectors;
        this.left = left;
    }

    /// Counts `work` multiplications: whether plain loops are to do them.
    private boolean cold(long work) {
        if (left.get() <= 0) return false;
        if (work > MOST) left.set(0);
        return left.addAndGet(-work) > 0;
    }

    @Override
    public String device() {
        return vectors.device();
    }

    @Override
    public Tensor tensor(Shape shape, double[] values) {
        return vectors.tensor(shape, values);
    }

    // ── products with weights ───────────────────────────────────────────────────────────────────────────────────────

    @Override
    public Tensor linear(Tensor x, Weight w, Part part) {
        if (!cold(x.size() * w.out()) || !PlainProducts.takes(w)) return vectors.linear(x, w, part);
        Shapes.linear(x, w);
        return like(x.shape().withCols(w.out()), PlainProducts.linear(Floats.of(x), x.rows(), w, part));
    }

    @Override
    public Tensor linearTransposed(Tensor g, Weight w, Part part) {
        if (!cold(g.size() * w.in()) || !PlainProducts.takes(w)) return vectors.linearTransposed(g, w, part);
        Shapes.linearTransposed(g, w);
        return like(g.shape().withCols(w.in()), PlainProducts.linearTransposed(Floats.of(g), g.rows(), w, part));
    }

    @Override
    public Tensor weightGradient(Tensor g, Tensor x, Rows rows, Weight w) {
        return vectors.weightGradient(g, x, rows, w);
    }

    @Override
    public Tensor gather(Tensor table, int[] ids) {
        return vectors.gather(table, ids);
    }

    @Override
    public Tensor scatter(Tensor g, int[] ids, Rows rows, Shape table) {
        return vectors.scatter(g, ids, rows, table);
    }

    // ── element-wise ────────────────────────────────────────────────────────────────────────────────────────────────

    @Override
    public Tensor add(Tensor x, Tensor y) {
        if (!cold(x.size())) return vectors.add(x, y);
        Shapes.equal("add", x, y);
        return like(x.shape(), PlainElements.add(Floats.of(x), Floats.of(y)));
    }

    @Override
    public Tensor scale(Tensor x, double c) {
        if (!cold(x.size())) return vectors.scale(x, c);
        return like(x.shape(), PlainElements.scale(Floats.of(x), (float) c));
    }

    @Override
    public Tensor mul(Tensor g, Tensor x, Rows rows) {
        if (!cold(g.size())) return vectors.mul(g, x, rows);
        Shapes.faces("mul", g, x, rows);
        return like(g.shape(), PlainElements.mul(Floats.of(g), Floats.of(x), g.cols(), rows));
    }

    @Override
    public Tensor curve(Activation f, Curve curve, Tensor x) {
        if (!cold(x.size()) || !PlainElements.takes(f)) return vectors.curve(f, curve, x);
        return like(x.shape(), PlainElements.curve(f, curve, Floats.of(x)));
    }

    @Override
    public Tensor part(Tensor x, Part part) {
        return vectors.part(x, part);
    }

    @Override
    public Tensor ratio(Tensor g, Tensor z, Tensor u, double eps, Rows rows) {
        if (!cold(g.size())) return vectors.ratio(g, z, u, eps, rows);
        Shapes.faces("ratio", g, z, rows);
        Shapes.faces("ratio", g, u, rows);
        return like(g.shape(),
            PlainElements.ratio(Floats.of(g), Floats.of(z), Floats.of(u), (float) eps, g.cols(), rows));
    }

    @Override
    public Tensor where(Tensor g, Tensor z, Part part, Rows rows) {
        return vectors.where(g, z, part, rows);
    }

    @Override
    public Tensor choose(Tensor x, Tensor a, Tensor b, Rows rows) {
        return vectors.choose(x, a, b, rows);
    }

    // ── rows and columns ────────────────────────────────────────────────────────────────────────────────────────────

    @Override
    public Tensor addToRows(Tensor x, Tensor b) {
        if (!cold(x.size())) return vectors.addToRows(x, b);
        Shapes.columns("addToRows", x, b);
        return like(x.shape(), PlainElements.addToRows(Floats.of(x), Floats.of(b)));
    }

    @Override
    public Tensor scaleCols(Tensor x, Tensor w) {
        if (!cold(x.size())) return vectors.scaleCols(x, w);
        Shapes.columns("scaleCols", x, w);
        return like(x.shape(), PlainElements.scaleCols(Floats.of(x), Floats.of(w)));
    }

    @Override
    public Tensor scaleRows(Tensor g, Tensor s, Rows rows) {
        if (!cold(g.size())) return vectors.scaleRows(g, s, rows);
        return like(g.shape(), PlainElements.scaleRows(Floats.of(g), Floats.of(s), g.cols(), rows));
    }

    @Override
    public Tensor centreRows(Tensor x) {
        if (!cold(x.size())) return vectors.centreRows(x);
        return like(x.shape(), PlainElements.centreRows(Floats.of(x), x.cols()));
    }

    @Override
    public Tensor rmsScale(Tensor x, double eps) {
        if (!cold(x.size())) return vectors.rmsScale(x, eps);
        return Tensor.of(PlainElements.rmsScale(Floats.of(x), x.cols(), eps), x.rows());
    }

    @Override
    public Tensor rowProjection(Tensor g, Tensor x, Tensor s, Rows rows) {
        if (!cold(g.size())) return vectors.rowProjection(g, x, s, rows);
        Shapes.faces("rowProjection", g, x, rows);
        return like(g.shape(),
            PlainElements.rowProjection(Floats.of(g), Floats.of(x), Floats.of(s), g.cols(), rows));
    }

    @Override
    public Tensor sumRows(Tensor g) {
        return vectors.sumRows(g);
    }

    @Override
    public Tensor selectRows(Tensor x, int[] index) {
        return vectors.selectRows(x, index);
    }

    @Override
    public Tensor placeRows(Tensor g, int[] index, int count) {
        if (!cold(g.size())) return vectors.placeRows(g, index, count);
        return Tensor.of(PlainElements.placeRows(Floats.of(g), index, count, g.cols()), count, g.cols());
    }

    @Override
    public void overwriteRows(Tensor held, int at, Tensor x) {
        vectors.overwriteRows(held, at, x);
    }

    @Override
    public Tensor rotate(Tensor g, Tensor cos, Tensor sin, int width, Rows rows) {
        if (!cold(g.size())) return vectors.rotate(g, cos, sin, width, rows);
        return like(g.shape(), PlainElements.rotate(Floats.of(g), Floats.of(cos), Floats.of(sin), cos.cols(), width,
            g.cols(), rows));
    }

    @Override
    public double[] dot(Tensor g, Tensor x, Rows rows) {
        if (!cold(g.size())) return vectors.dot(g, x, rows);
        Shapes.faces("dot", g, x, rows);
        float[] a = Floats.of(g), b = Floats.of(x);
        return perSeed(g.cols(), rows, run -> PlainElements.dot(a, b, g.cols(), run));
    }

    @Override
    public double[] dotRow(Tensor g, Tensor b, Rows rows) {
        if (!cold(g.size())) return vectors.dotRow(g, b, rows);
        Shapes.columns("dotRow", g, b);
        float[] a = Floats.of(g), row = Floats.of(b);
        return perSeed(g.cols(), rows, run -> PlainElements.dotRow(a, row, run));
    }

    // ── attention ───────────────────────────────────────────────────────────────────────────────────────────────────

    @Override
    public Tensor score(Tensor a, Tensor b, Heads heads, double c, Rows rows) {
        return vectors.score(a, b, heads, c, rows);
    }

    @Override
    public Tensor mix(Tensor p, Tensor b, Heads heads, double c, Rows rows) {
        return vectors.mix(p, b, heads, c, rows);
    }

    @Override
    public Tensor mixTransposed(Tensor p, Tensor a, Heads heads, double c, Carrier carrier, Rows rows) {
        return vectors.mixTransposed(p, a, heads, c, carrier, rows);
    }

    @Override
    public Tensor softmax(Tensor s, Heads heads, double temperature) {
        return vectors.softmax(s, heads, temperature);
    }

    @Override
    public Tensor softmaxBackward(Tensor g, Tensor p, Rows rows) {
        return vectors.softmaxBackward(g, p, rows);
    }

    @Override
    public Tensor attend(Fused.Inputs x) {
        if (!cold(x.q().size() * x.heads().keys()) || !PlainAttention.takes(x.heads())) return vectors.attend(x);
        return Tensor.of(new PlainAttention(x).forward(), x.q().rows(), x.q().cols());
    }

    @Override
    public Fused.Shares attendBackward(Tensor g, Fused.Inputs x, Fused.Reading how, Rows rows) {
        if (!cold(g.size() * x.heads().keys()) || !PlainAttention.takes(x.heads(), rows))
            return vectors.attendBackward(g, x, how, rows);
        return new PlainAttention(x).backward(Floats.of(g), how, rows);
    }

    @Override
    public Loans loans() {
        var lent = vectors.loans();
        return lent.through(new WarmingKernels(lent.kernels(), left));
    }

    /// Sums per seed, piece by piece as the vectors' workers take them.
    private static double[] perSeed(int cols, Rows rows, ToDoubleFunction<Rows.Run> piece) {
        var out = new double[rows.seeds()];
        for (var run : Chunks.cut(rows, cols)) out[run.seed()] += piece.applyAsDouble(run);
        return out;
    }

    private static Tensor like(Shape shape, float[] data) {
        return new Tensor(shape, new Storage.Floats(data));
    }
}
