package clew.engine.kernel;

import clew.engine.kernel.Activation.Curve;
import clew.engine.kernel.simd.Arena;
import clew.engine.kernel.simd.Attention;
import clew.engine.kernel.simd.Borrowed;
import clew.engine.kernel.simd.Chunks;
import clew.engine.kernel.simd.CurveBlocks;
import clew.engine.kernel.simd.Elementwise;
import clew.engine.kernel.simd.Elementwise.Stretch;
import clew.engine.kernel.simd.Floats;
import clew.engine.kernel.simd.FusedAttention;
import clew.engine.kernel.simd.Pool;
import clew.engine.kernel.simd.Products;
import clew.engine.kernel.simd.RotateLoop;
import clew.engine.kernel.simd.RowLoops;
import clew.engine.kernel.simd.RowSums;
import clew.engine.kernel.simd.SoftmaxLoops;
import clew.engine.tensor.Rows;
import clew.engine.tensor.Shape;
import clew.engine.tensor.Storage;
import clew.engine.tensor.Tensor;
import clew.engine.tensor.Weight;
import java.util.function.Consumer;

/// Every verb in float32 on the Vector API, by [ScalarKernels]' definitions.
///
/// Results lie in `float[]`; operands may lie anywhere and are narrowed or widened to float at the door. Large work is
/// cut into pieces that own their outputs and are shared among the [Workers], so results do not depend on their number.
/// Where the arrays come from is up to the [Arena]: the heap, or a pass's [Loans] of the device's [Pool].
public final class SimdKernels implements Kernels {
    private final Workers workers;
    private final Pool pool;
    private final Arena arena;
    private final Products products;

    public SimdKernels(Workers workers) {
        this(workers, new Pool(), Arena.HEAP);
    }

    private SimdKernels(Workers workers, Pool pool, Arena arena) {
        this.workers = workers;
        this.pool = pool;
        this.arena = arena;
        this.products = new Products(workers, arena);
    }

    @Override
    public String device() {
        return "simd";
    }

    @Override
    public Tensor tensor(Shape shape, double[] values) {
        return like(shape, Floats.of(Tensor.of(values, shape.dims())));
    }

    // ── products with weights ───────────────────────────────────────────────────────────────────────────────────────

    @Override
    public Tensor linear(Tensor x, Weight w, Part part) {
        Shapes.linear(x, w);
        return like(x.shape().withCols(w.out()), products.linear(Floats.of(x), x.rows(), w, part));
    }

    @Override
    public Tensor linearTransposed(Tensor g, Weight w, Part part) {
        Shapes.linearTransposed(g, w);
        return like(g.shape().withCols(w.in()), products.linearTransposed(Floats.of(g), g.rows(), w, part));
    }

    @Override
    public Tensor weightGradient(Tensor g, Tensor x, Rows rows, Weight w) {
        Shapes.faces("weightGradient", g, x, rows);
        return like(w.tensor().shape(), products.weightGradient(Floats.of(g), Floats.of(x), rows, w));
    }

    @Override
    public Tensor gather(Tensor table, int[] ids) {
        var D = table.cols();
        var y = arena.any(ids.length, D);
        Chunks.rows(workers, ids.length, D, (from, to) -> {
            for (int r = from; r < to; r++) Floats.copy(table, (long) ids[r] * D, D, y, r * D);
        });
        return Tensor.of(y, ids.length, D);
    }

    @Override
    public Tensor scatter(Tensor g, int[] ids, Rows rows, Shape table) {
        var a = Floats.of(g);
        var D = table.cols();
        var y = arena.zeros(Math.toIntExact(table.size()));
        var face = rows.faced();
        for (int n = 0; n < face.length; n++) RowLoops.accumulate(a, n * D, y, ids[face[n]] * D, D);
        return like(table, y);
    }

    // ── element-wise ────────────────────────────────────────────────────────────────────────────────────────────────

    @Override
    public Tensor add(Tensor x, Tensor y) {
        Shapes.equal("add", x, y);
        float[] a = Floats.of(x), b = Floats.of(y), out = arena.any(a.length);
        Chunks.elements(workers, out.length, (from, to) -> Elementwise.add(a, b, out, from, to));
        return like(x.shape(), out);
    }

    @Override
    public Tensor scale(Tensor x, double c) {
        if (c == 1 && x.storage() instanceof Storage.Floats) return x;
        float[] a = Floats.of(x), out = arena.any(a.length);
        Chunks.elements(workers, out.length, (from, to) -> Elementwise.scale(a, (float) c, out, from, to));
        return like(x.shape(), out);
    }

    @Override
    public Tensor mul(Tensor g, Tensor x, Rows rows) {
        Shapes.faces("mul", g, x, rows);
        float[] a = Floats.of(g), b = Floats.of(x), out = arena.any(a.length);
        stretches(rows, g.cols(), s -> Elementwise.mul(a, b, out, s));
        return like(g.shape(), out);
    }

    @Override
    public Tensor curve(Activation f, Curve curve, Tensor x) {
        float[] a = Floats.of(x), out = arena.any(a.length);
        Chunks.elements(workers, out.length, (from, to) -> CurveBlocks.at(f, curve, a, out, from, to));
        return like(x.shape(), out);
    }

    @Override
    public Tensor part(Tensor x, Part part) {
        float[] a = Floats.of(x), out = arena.any(a.length);
        Chunks.elements(workers, out.length, (from, to) -> {
            switch (part) {
                case ALL      -> System.arraycopy(a, from, out, from, to - from);
                case POSITIVE -> Elementwise.positive(a, out, from, to);
                case NEGATIVE -> Elementwise.negative(a, out, from, to);
            }
        });
        return like(x.shape(), out);
    }

    @Override
    public Tensor ratio(Tensor g, Tensor z, Tensor u, double eps, Rows rows) {
        Shapes.faces("ratio", g, z, rows);
        Shapes.faces("ratio", g, u, rows);
        float[] a = Floats.of(g), b = Floats.of(z), c = Floats.of(u), out = arena.any(a.length);
        stretches(rows, g.cols(), s -> Elementwise.ratio(a, b, c, (float) eps, out, s));
        return like(g.shape(), out);
    }

    @Override
    public Tensor where(Tensor g, Tensor z, Part part, Rows rows) {
        Shapes.faces("where", g, z, rows);
        float[] a = Floats.of(g), b = Floats.of(z), out = arena.any(a.length);
        stretches(rows, g.cols(), s -> {
            switch (part) {
                case ALL      -> System.arraycopy(a, s.at(), out, s.at(), s.to() - s.at());
                case POSITIVE -> Elementwise.wherePositive(a, b, out, s);
                case NEGATIVE -> Elementwise.whereNegative(a, b, out, s);
            }
        });
        return like(g.shape(), out);
    }

    @Override
    public Tensor choose(Tensor x, Tensor a, Tensor b, Rows rows) {
        Shapes.equal("choose", a, b);
        Shapes.faces("choose", a, x, rows);
        float[] test = Floats.of(x), yes = Floats.of(a), no = Floats.of(b), out = arena.any(yes.length);
        stretches(rows, a.cols(), s -> Elementwise.choose(test, yes, no, out, s));
        return like(a.shape(), out);
    }

    // ── rows and columns ────────────────────────────────────────────────────────────────────────────────────────────

    @Override
    public Tensor addToRows(Tensor x, Tensor b) {
        Shapes.columns("addToRows", x, b);
        float[] a = Floats.of(x), v = Floats.of(b), out = arena.any(a.length);
        rows(x, at -> RowLoops.addRow(a, v, out, at));
        return like(x.shape(), out);
    }

    @Override
    public Tensor scaleCols(Tensor x, Tensor w) {
        Shapes.columns("scaleCols", x, w);
        float[] a = Floats.of(x), v = Floats.of(w), out = arena.any(a.length);
        rows(x, at -> RowLoops.mulRow(a, v, out, at));
        return like(x.shape(), out);
    }

    @Override
    public Tensor scaleRows(Tensor g, Tensor s, Rows rows) {
        float[] a = Floats.of(g), v = Floats.of(s), out = arena.any(a.length);
        var C = g.cols();
        faced(rows, C, (n, r) -> Elementwise.scale(a, v[r], out, n * C, (n + 1) * C));
        return like(g.shape(), out);
    }

    @Override
    public Tensor centreRows(Tensor x) {
        float[] a = Floats.of(x), out = arena.any(a.length);
        rows(x, at -> RowLoops.centre(a, out, at, x.cols()));
        return like(x.shape(), out);
    }

    @Override
    public Tensor rmsScale(Tensor x, double eps) {
        var a = Floats.of(x);
        var C = x.cols();
        var s = arena.any(x.rows());
        rows(x, at -> s[at / C] = RowLoops.rmsScale(a, at, C, eps));
        return Tensor.of(s, s.length);
    }

    @Override
    public Tensor rowProjection(Tensor g, Tensor x, Tensor s, Rows rows) {
        Shapes.faces("rowProjection", g, x, rows);
        float[] a = Floats.of(g), b = Floats.of(x), v = Floats.of(s), out = arena.any(a.length);
        var C = g.cols();
        faced(rows, C, (n, r) -> RowLoops.project(a, b, v[r], out, n * C, r * C, C));
        return like(g.shape(), out);
    }

    @Override
    public Tensor sumRows(Tensor g) {
        var a = Floats.of(g);
        var out = arena.zeros(g.cols());
        Chunks.vectors(workers, out.length, g.rows(), (from, to) -> RowLoops.sumColumns(a, out, from, to));
        return Tensor.of(out, out.length);
    }

    @Override
    public Tensor selectRows(Tensor x, int[] index) {
        return gather(x, index);
    }

    @Override
    public Tensor placeRows(Tensor g, int[] index, int count) {
        return scatter(g, index, Rows.all(index.length), Shape.of(count, g.cols()));
    }

    @Override
    public void overwriteRows(Tensor held, int at, Tensor x) {
        Shapes.within("overwriteRows", held, at, x);
        Floats.copy(x, 0, Math.toIntExact(x.size()), Floats.of(held), at * x.cols());
    }

    @Override
    public Tensor rotate(Tensor g, Tensor cos, Tensor sin, int width, Rows rows) {
        var a = Floats.of(g);
        var out = arena.any(a.length);
        var C = g.cols();
        var loop = new RotateLoop(Floats.of(cos), Floats.of(sin), cos.cols(), width);
        faced(rows, C, (n, r) -> loop.row(a, out, n * C, r, C));
        return like(g.shape(), out);
    }

    @Override
    public double[] dot(Tensor g, Tensor x, Rows rows) {
        Shapes.faces("dot", g, x, rows);
        return RowSums.dot(workers, Floats.of(g), Floats.of(x), g.cols(), rows);
    }

    @Override
    public double[] dotRow(Tensor g, Tensor b, Rows rows) {
        Shapes.columns("dotRow", g, b);
        return RowSums.dotRow(workers, Floats.of(g), Floats.of(b), rows);
    }

    // ── attention ───────────────────────────────────────────────────────────────────────────────────────────────────

    @Override
    public Tensor score(Tensor a, Tensor b, Heads heads, double c, Rows rows) {
        var s = new Attention(workers, arena, heads).score(Floats.of(a), Floats.of(b), (float) c, rows);
        return Tensor.of(s, heads.heads() * rows.count(), heads.keys());
    }

    @Override
    public Tensor mix(Tensor p, Tensor b, Heads heads, double c, Rows rows) {
        var z = new Attention(workers, arena, heads).mix(Floats.of(p), Floats.of(b), (float) c, rows);
        return Tensor.of(z, rows.count(), heads.heads() * heads.width());
    }

    @Override
    public Tensor mixTransposed(Tensor p, Tensor a, Heads heads, double c, Carrier carrier, Rows rows) {
        Shapes.fromFirstKey(heads, rows);
        var y = new Attention(workers, arena, heads)
            .mixTransposed(Floats.of(p), Floats.of(a), (float) c, carrier, rows);
        return Tensor.of(y, rows.count(), heads.kvHeads() * heads.width());
    }

    @Override
    public Tensor softmax(Tensor s, Heads heads, double temperature) {
        float[] a = Floats.of(s), out = arena.zeros(a.length);
        var inverse = (float) (1 / temperature);
        Chunks.rows(workers, s.rows(), s.cols(), (from, to) -> {
            var scratch = SoftmaxLoops.scratch(s.cols());
            for (int r = from; r < to; r++) {
                int at = r * s.cols(), i = r % heads.queries();
                SoftmaxLoops.softmax(a, inverse, out, at + heads.firstKey(i), at + heads.lastKey(i) + 1, scratch);
            }
        });
        return like(s.shape(), out);
    }

    @Override
    public Tensor softmaxBackward(Tensor g, Tensor p, Rows rows) {
        Shapes.faces("softmaxBackward", g, p, rows);
        float[] a = Floats.of(g), w = Floats.of(p), out = arena.any(a.length);
        var C = g.cols();
        faced(rows, C, (n, r) -> SoftmaxLoops.backward(a, w, out, n * C, r * C, C));
        return like(g.shape(), out);
    }

    @Override
    public Tensor attend(Fused.Inputs x) {
        return Tensor.of(new FusedAttention(workers, arena, x).forward(), x.q().rows(), x.q().cols());
    }

    @Override
    public Fused.Shares attendBackward(Tensor g, Fused.Inputs x, Fused.Reading how, Rows rows) {
        return new FusedAttention(workers, arena, x).backward(Floats.of(g), how, rows);
    }

    // ── keeping ─────────────────────────────────────────────────────────────────────────────────────────────────────

    @Override
    public Loans loans() {
        return new Borrowed(pool, lent -> new SimdKernels(workers, pool, lent));
    }

    // ── walking ─────────────────────────────────────────────────────────────────────────────────────────────────────

    /// A loop over one row that begins at `at`.
    private interface RowLoop {
        void row(int at);
    }

    /// A loop over cotangent row n, which faces activation row r.
    private interface FacedLoop {
        void row(int n, int r);
    }

    private void rows(Tensor x, RowLoop loop) {
        var C = x.cols();
        Chunks.rows(workers, x.rows(), C, (from, to) -> {
            for (int r = from; r < to; r++) loop.row(r * C);
        });
    }

    private void faced(Rows rows, int cols, FacedLoop loop) {
        Chunks.runs(workers, rows, cols, run -> {
            for (int i = 0; i < run.length(); i++) loop.row(run.at() + i, run.first() + i);
        });
    }

    private void stretches(Rows rows, int cols, Consumer<Stretch> loop) {
        Chunks.runs(workers, rows, cols, run ->
            loop.accept(new Stretch(run.at() * cols, run.first() * cols, (run.at() + run.length()) * cols)));
    }

    private static Tensor like(Shape shape, float[] data) {
        return new Tensor(shape, new Storage.Floats(data));
    }
}
