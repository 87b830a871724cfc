package clew.engine.kernel;

import clew.engine.tensor.Rows;
import clew.engine.tensor.Shape;
import clew.engine.tensor.Storage;
import clew.engine.tensor.Tensor;
import clew.engine.tensor.Weight;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A device that computes nothing: results have their shapes and hold zeros that take no room, and what they would take
/// elsewhere is added up.
///
/// What runs on it takes the steps that it would take on another device, in a moment: so long work is foretold. The
/// unit is the multiply-add of a product; everything else is worth so many of them. For one thread.
public final class CountingKernels implements Kernels {
    /// What an element is worth that is read or written once, by several threads; and one that is widened to double or
    /// narrowed, by a single one.
    private static final double ELEMENT = 20, CONVERTED = 60;
    /// A product of fewer rows waits for its weights as long as one of so many.
    private static final int FEW = 4;

    /// What was done so far on this device and all that lend its memory.
    private static final class Tally {
        double work;
        long bytes, widened, lent, most;

        void lend(long more) {
            lent += more;
            most = Math.max(most, lent);
        }
    }

    private final Tally tally;
    private final @Nullable Lent lent;

    /// Nothing is done yet.
    public CountingKernels() {
        this(new Tally(), null);
    }

    private CountingKernels(Tally tally, @Nullable Lent lent) {
        this.tally = tally;
        this.lent = lent;
    }

    @Override
    public String device() {
        return "counting";
    }

    /// What was done so far, in multiply-adds.
    public double work() {
        return tally.work;
    }

    /// Bytes of all results so far, in floats.
    public long bytes() {
        return tally.bytes;
    }

    /// The most bytes that were borrowed of the device at a time.
    public long mostLent() {
        return tally.most;
    }

    /// Bytes of all arrays of doubles so far that were made of tensors, or tensors of them.
    public long widened() {
        return tally.widened;
    }

    /// Zeros; each of them is itself alone.
    private final class Zeros implements Storage.Remote {
        private final long elements;

        Zeros(long elements) {
            this.elements = elements;
        }

        @Override
        public long elements() {
            return elements;
        }

        @Override
        public void read(long from, int count, float[] out, int at) {
            convert(count);
            Arrays.fill(out, at, at + count, 0);
        }
    }

    /// What one pass has borrowed.
    private final class Lent implements Loans {
        private final Kernels kernels = new CountingKernels(tally, this);
        private final List<Zeros> fresh = new ArrayList<>();
        private final Set<Storage> held = new HashSet<>();

        void add(Zeros zeros) {
            fresh.add(zeros);
            tally.lend(Float.BYTES * zeros.elements());
        }

        private void handBack(Storage storage) {
            tally.lend(-Float.BYTES * ((Zeros) storage).elements());
        }

        @Override
        public Kernels kernels() {
            return kernels;
        }

        @Override
        public void settle(Predicate<Storage> needed) {
            for (var zeros : fresh)
                if (needed.test(zeros)) held.add(zeros);
                else handBack(zeros);
            fresh.clear();
        }

        @Override
        public void keepOnly(Predicate<Storage> needed) {
            settle(_ -> true);
            held.removeIf(zeros -> {
                if (needed.test(zeros)) return false;
                handBack(zeros);
                return true;
            });
        }

        @Override
        public void leave(Storage storage) {
            settle(_ -> true);
            if (held.remove(storage)) handBack(storage);
        }
    }

    @Override
    public Loans loans() {
        return new Lent();
    }

    private void convert(int count) {
        tally.work += CONVERTED * count;
        tally.widened += (long) Double.BYTES * count;
    }

    /// A result that takes so many multiply-adds, besides being written.
    private Tensor made(Shape shape, double products) {
        tally.work += products + ELEMENT * shape.size();
        tally.bytes += Float.BYTES * shape.size();
        var zeros = new Zeros(shape.size());
        if (lent != null) lent.add(zeros);
        return new Tensor(shape, zeros);
    }

    private Tensor like(Tensor x) {
        return made(x.shape(), 0);
    }

    private static double product(int rows, Weight w) {
        return (double) Math.max(rows, FEW) * w.in() * w.out();
    }

    /// Query–key pairs of all heads, times their width.
    private static double pairs(Heads heads, Rows rows) {
        long pairs = 0;
        for (var run : rows.cut(heads.queries()))
            for (int i = run.first() % heads.queries(), end = i + run.length(); i < end; i++)
                pairs += heads.lastKey(i) - heads.firstKey(i) + 1;
        return (double) pairs * heads.heads() * heads.width();
    }

    @Override
    public Tensor tensor(Shape shape, double[] values) {
        convert(values.length);
        return made(shape, 0);
    }

    // ── products with weights ───────────────────────────────────────────────────────────────────────────────────────

    @Override
    public Tensor linear(Tensor x, Weight w, Part part) {
        Shapes.linear(x, w);
        return made(x.shape().withCols(w.out()), product(x.rows(), w));
    }

    @Override
    public Tensor linearTransposed(Tensor g, Weight w, Part part) {
        Shapes.linearTransposed(g, w);
        return made(g.shape().withCols(w.in()), product(g.rows(), w));
    }

    @Override
    public Tensor weightGradient(Tensor g, Tensor x, Rows rows, Weight w) {
        Shapes.faces("weightGradient", g, x, rows);
        return made(w.tensor().shape(), product(g.rows(), w));
    }

    @Override
    public Tensor gather(Tensor table, int[] ids) {
        return made(Shape.of(ids.length, table.cols()), 0);
    }

    @Override
    public Tensor scatter(Tensor g, int[] ids, Rows rows, Shape table) {
        return made(table, 0);
    }

    // ── element-wise ────────────────────────────────────────────────────────────────────────────────────────────────

    @Override
    public Tensor add(Tensor x, Tensor y) {
        Shapes.equal("add", x, y);
        return like(x);
    }

    @Override
    public Tensor scale(Tensor x, double c) {
        return like(x);
    }

    @Override
    public Tensor mul(Tensor g, Tensor x, Rows rows) {
        Shapes.faces("mul", g, x, rows);
        return like(g);
    }

    @Override
    public Tensor curve(Activation f, Activation.Curve curve, Tensor x) {
        return made(x.shape(), ELEMENT * x.size());
    }

    @Override
    public Tensor part(Tensor x, Part part) {
        return like(x);
    }

    @Override
    public Tensor ratio(Tensor g, Tensor z, Tensor u, double eps, Rows rows) {
        Shapes.faces("ratio", g, z, rows);
        return like(g);
    }

    @Override
    public Tensor where(Tensor g, Tensor z, Part part, Rows rows) {
        Shapes.faces("where", g, z, rows);
        return like(g);
    }

    @Override
    public Tensor choose(Tensor x, Tensor a, Tensor b, Rows rows) {
        Shapes.faces("choose", a, x, rows);
        return like(a);
    }

    // ── rows and columns ────────────────────────────────────────────────────────────────────────────────────────────

    @Override
    public Tensor addToRows(Tensor x, Tensor b) {
        Shapes.columns("addToRows", x, b);
        return like(x);
    }

    @Override
    public Tensor scaleCols(Tensor x, Tensor w) {
        Shapes.columns("scaleCols", x, w);
        return like(x);
    }

    @Override
    public Tensor scaleRows(Tensor g, Tensor s, Rows rows) {
        return like(g);
    }

    @Override
    public Tensor centreRows(Tensor x) {
        return like(x);
    }

    @Override
    public Tensor rmsScale(Tensor x, double eps) {
        return made(Shape.of(x.rows()), ELEMENT * x.size());
    }

    @Override
    public Tensor rowProjection(Tensor g, Tensor x, Tensor s, Rows rows) {
        Shapes.faces("rowProjection", g, x, rows);
        return made(g.shape(), ELEMENT * g.size());
    }

    @Override
    public Tensor sumRows(Tensor g) {
        return made(Shape.of(g.cols()), ELEMENT * g.size());
    }

    @Override
    public Tensor selectRows(Tensor x, int[] index) {
        return gather(x, index);
    }

    @Override
    public Tensor placeRows(Tensor g, int[] index, int count) {
        return made(Shape.of(count, g.cols()), 0);
    }

    @Override
    public void overwriteRows(Tensor held, int at, Tensor x) {
        Shapes.within("overwriteRows", held, at, x);
        tally.work += ELEMENT * x.size();
    }

    @Override
    public Tensor rotate(Tensor g, Tensor cos, Tensor sin, int width, Rows rows) {
        return like(g);
    }

    @Override
    public double[] dot(Tensor g, Tensor x, Rows rows) {
        Shapes.faces("dot", g, x, rows);
        tally.work += ELEMENT * g.size();
        return new double[rows.seeds()];
    }

    @Override
    public double[] dotRow(Tensor g, Tensor b, Rows rows) {
        Shapes.columns("dotRow", g, b);
        tally.work += ELEMENT * g.size();
        return new double[rows.seeds()];
    }

    // ── attention ───────────────────────────────────────────────────────────────────────────────────────────────────

    @Override
    public Tensor score(Tensor a, Tensor b, Heads heads, double c, Rows rows) {
        return made(Shape.of(heads.heads() * rows.count(), heads.keys()), pairs(heads, rows));
    }

    @Override
    public Tensor mix(Tensor p, Tensor b, Heads heads, double c, Rows rows) {
        return made(Shape.of(rows.count(), heads.heads() * heads.width()), pairs(heads, rows));
    }

    @Override
    public Tensor mixTransposed(Tensor p, Tensor a, Heads heads, double c, Carrier carrier, Rows rows) {
        Shapes.fromFirstKey(heads, rows);
        return made(Shape.of(rows.count(), heads.kvHeads() * heads.width()), pairs(heads, rows));
    }

    @Override
    public Tensor softmax(Tensor s, Heads heads, double temperature) {
        return made(s.shape(), ELEMENT * s.size());
    }

    @Override
    public Tensor softmaxBackward(Tensor g, Tensor p, Rows rows) {
        Shapes.faces("softmaxBackward", g, p, rows);
        return made(g.shape(), ELEMENT * g.size());
    }

    @Override
    public Tensor attend(Fused.Inputs x) {
        return made(x.q().shape(), 2 * pairs(x.heads(), Rows.all(x.q().rows())));
    }

    /// Of its six products over all pairs the scores and what goes to v are left where the pattern is held.
    @Override
    public Fused.Shares attendBackward(Tensor g, Fused.Inputs x, Fused.Reading how, Rows rows) {
        var keys = Shape.of(x.keyRows(rows).count(), x.k().cols());
        var pairs = pairs(x.heads(), rows);
        var v = made(keys, 2 * pairs);
        var leak = new double[rows.seeds()];
        if (how.holdsPattern()) return new Fused.Shares(null, null, v, leak);
        return new Fused.Shares(made(g.shape(), 3 * pairs), made(keys, 0), v, leak);
    }
}
