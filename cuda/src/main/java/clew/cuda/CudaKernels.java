package clew.cuda;

import clew.engine.kernel.Activation;
import clew.engine.kernel.Fused;
import clew.engine.kernel.Heads;
import clew.engine.kernel.Kernels;
import clew.engine.kernel.Loans;
import clew.engine.kernel.Part;
import clew.engine.kernel.Shapes;
import clew.engine.tensor.Rows;
import clew.engine.tensor.Shape;
import clew.engine.tensor.Tensor;
import clew.engine.tensor.Weight;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Every verb in float32 on a graphics card, by `ScalarKernels`' definitions.
///
/// A verb queues its kernels and returns; only what is read waits, and the sums that come back as numbers. Results lie
/// on the card, and so do weights once they have been used; other operands are copied there when a verb meets them.
/// Work is cut up by shapes, never by the card: results have the same bits on every card, tensor cores aside.
final class CudaKernels implements Kernels, AutoCloseable {
    private static final int THREADS = 256, LANES = 32;

    private final Driver driver;
    private final Products.Precision precision;
    private final Memory memory;
    private final Queue queue;
    private final Kept kept;
    private final Known known;
    private final Room room;
    private final Operands operands;
    private final Products products;
    private final Attention attention;
    private final Sums sums;

    CudaKernels(Driver driver, Products.Precision precision) {
        this.driver = driver;
        this.precision = precision;
        this.memory = new Memory(driver);
        this.queue = new Queue(memory);
        this.kept = new Kept(memory);
        this.room = memory.room(Memory.Part.LOOSE);
        this.known = new Known(room);
        this.operands = new Operands(memory, kept, room);
        this.products = new Products(queue, room, driver.card(), precision);
        this.attention = new Attention(queue, room);
        this.sums = new Sums(queue, memory, room);
    }

    /// The same device with its results in this room.
    private CudaKernels(CudaKernels device, Room room) {
        this.driver = device.driver;
        this.precision = device.precision;
        this.memory = device.memory;
        this.queue = device.queue;
        this.kept = device.kept;
        this.known = device.known;
        this.room = room;
        this.operands = new Operands(memory, kept, room);
        this.products = new Products(queue, room, driver.card(), precision);
        this.attention = new Attention(queue, room);
        this.sums = new Sums(queue, memory, room);
    }

    @Override
    public String device() {
        return precision.device();
    }

    @Override
    public Tensor tensor(Shape shape, double[] values) {
        return like(shape, known.block(Tensor.of(values, shape.dims()).toFloats()));
    }

    // ── products with weights ───────────────────────────────────────────────────────────────────────────────────────

    @Override
    public Tensor linear(Tensor x, Weight w, Part part) {
        Shapes.linear(x, w);
        return like(x.shape().withCols(w.out()),
            products.linear(operands.floats(x), x.rows(), w, operands.weight(w.tensor()), part));
    }

    @Override
    public Tensor linearTransposed(Tensor g, Weight w, Part part) {
        Shapes.linearTransposed(g, w);
        return like(g.shape().withCols(w.in()),
            products.linearTransposed(operands.floats(g), g.rows(), w, operands.weight(w.tensor()), part));
    }

    @Override
    public Tensor weightGradient(Tensor g, Tensor x, Rows rows, Weight w) {
        Shapes.faces("weightGradient", g, x, rows);
        var facing = rows.isIdentity() ? x : selectRows(x, rows.faced());
        return like(w.tensor().shape(),
            products.weightGradient(operands.floats(g), operands.floats(facing), g.rows(), w));
    }

    @Override
    public Tensor gather(Tensor table, int[] ids) {
        for (int id : ids) Objects.checkIndex(id, table.rows());
        var C = table.cols();
        var n = (long) ids.length * C;
        var y = room.block(n);
        var held = operands.weight(table);
        queue.elements("gather", n, y, held.data(), held.type(), held.scales(), ints(ids), C, n);
        return like(Shape.of(ids.length, C), y);
    }

    /// No two threads add to one place: each row of the table sums its own, in their order.
    @Override
    public Tensor scatter(Tensor g, int[] ids, Rows rows, Shape table) {
        var face = rows.faced();
        var order = new long[face.length];
        for (int n = 0; n < order.length; n++)
            order[n] = (long) Objects.checkIndex(ids[face[n]], table.rows()) << 32 | n;
        Arrays.sort(order);
        int[] list = new int[order.length], target = new int[order.length], start = new int[order.length + 1];
        var targets = 0;
        for (int i = 0; i < order.length; i++) {
            list[i] = (int) order[i];
            var id = (int) (order[i] >> 32);
            if (i == 0 || id != target[targets - 1]) {
                start[targets] = i;
                target[targets++] = id;
            }
        }
        start[targets] = order.length;
        var y = room.zeros(table.size());
        queue.grid("scatter", targets, (table.cols() + THREADS - 1) / THREADS, 1, y, operands.floats(g),
            ints(target), ints(start), ints(list), table.cols());
        return like(table, y);
    }

    // ── element-wise ────────────────────────────────────────────────────────────────────────────────────────────────

    @Override
    public Tensor add(Tensor x, Tensor y) {
        Shapes.equal("add", x, y);
        return byElement("add", x.shape(), operands.floats(x), operands.floats(y), x.size());
    }

    @Override
    public Tensor scale(Tensor x, double c) {
        return byElement("scale", x.shape(), operands.floats(x), (float) c, x.size());
    }

    @Override
    public Tensor mul(Tensor g, Tensor x, Rows rows) {
        Shapes.faces("mul", g, x, rows);
        return byElement("mul", g.shape(), operands.floats(g), operands.floats(x), face(rows), g.cols(), g.size());
    }

    @Override
    public Tensor curve(Activation f, Activation.Curve curve, Tensor x) {
        return byElement("curve", x.shape(), operands.floats(x), f.ordinal(), curve.ordinal(), x.size());
    }

    @Override
    public Tensor part(Tensor x, Part part) {
        return byElement("part", x.shape(), operands.floats(x), part.ordinal(), x.size());
    }

    @Override
    public Tensor ratio(Tensor g, Tensor z, Tensor u, double eps, Rows rows) {
        Shapes.faces("ratio", g, z, rows);
        Shapes.faces("ratio", g, u, rows);
        return byElement("ratio", g.shape(), operands.floats(g), operands.floats(z), operands.floats(u), (float) eps,
            face(rows), g.cols(), g.size());
    }

    @Override
    public Tensor where(Tensor g, Tensor z, Part part, Rows rows) {
        Shapes.faces("where", g, z, rows);
        return byElement("where", g.shape(), operands.floats(g), operands.floats(z), part.ordinal(), face(rows),
            g.cols(), g.size());
    }

    @Override
    public Tensor choose(Tensor x, Tensor a, Tensor b, Rows rows) {
        Shapes.equal("choose", a, b);
        Shapes.faces("choose", a, x, rows);
        return byElement("choose", a.shape(), operands.floats(x), operands.floats(a), operands.floats(b), face(rows),
            a.cols(), a.size());
    }

    // ── rows and columns ────────────────────────────────────────────────────────────────────────────────────────────

    @Override
    public Tensor addToRows(Tensor x, Tensor b) {
        Shapes.columns("addToRows", x, b);
        return byElement("addToRows", x.shape(), operands.floats(x), operands.floats(b), x.cols(), x.size());
    }

    @Override
    public Tensor scaleCols(Tensor x, Tensor w) {
        Shapes.columns("scaleCols", x, w);
        return byElement("scaleCols", x.shape(), operands.floats(x), operands.floats(w), x.cols(), x.size());
    }

    @Override
    public Tensor scaleRows(Tensor g, Tensor s, Rows rows) {
        return byElement("scaleRows", g.shape(), operands.floats(g), operands.floats(s), face(rows), g.cols(),
            g.size());
    }

    @Override
    public Tensor centreRows(Tensor x) {
        return byRow("centreRows", x.shape(), operands.floats(x), x.cols());
    }

    @Override
    public Tensor rmsScale(Tensor x, double eps) {
        var s = room.block(x.rows());
        queue.grid("rmsScale", x.rows(), 1, 1, s, operands.floats(x), (float) eps, x.cols());
        return like(Shape.of(x.rows()), s);
    }

    @Override
    public Tensor rowProjection(Tensor g, Tensor x, Tensor s, Rows rows) {
        Shapes.faces("rowProjection", g, x, rows);
        return byRow("rowProjection", g.shape(), operands.floats(g), operands.floats(x), operands.floats(s), face(rows),
            g.cols());
    }

    @Override
    public Tensor sumRows(Tensor g) {
        var y = room.block(g.cols());
        queue.grid("sumRows", (g.cols() + LANES - 1) / LANES, 1, 1, y, operands.floats(g), (long) g.rows(), g.cols());
        return like(Shape.of(g.cols()), y);
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
        if (!(held.storage() instanceof Block to) || to.memory() != memory)
            throw new IllegalArgumentException("overwriteRows: " + held.shape() + " is not of this device");
        memory.copy(to, (long) at * x.cols(), operands.floats(x), x.size());
    }

    @Override
    public Tensor rotate(Tensor g, Tensor cos, Tensor sin, int width, Rows rows) {
        return byElement("rotate", g.shape(), operands.floats(g), operands.floats(cos), operands.floats(sin),
            face(rows), g.cols(), cos.cols(), width, g.size());
    }

    @Override
    public double[] dot(Tensor g, Tensor x, Rows rows) {
        Shapes.faces("dot", g, x, rows);
        return sums.of(operands.floats(g), operands.floats(x), rows, g.cols(), g.cols());
    }

    @Override
    public double[] dotRow(Tensor g, Tensor b, Rows rows) {
        Shapes.columns("dotRow", g, b);
        return sums.of(operands.floats(g), operands.floats(b), rows, g.cols(), 0);
    }

    // ── attention ───────────────────────────────────────────────────────────────────────────────────────────────────

    @Override
    public Tensor score(Tensor a, Tensor b, Heads heads, double c, Rows rows) {
        return like(Shape.of(heads.heads() * rows.count(), heads.keys()),
            attention.score(operands.floats(a), operands.floats(b), heads, (float) c, rows));
    }

    @Override
    public Tensor mix(Tensor p, Tensor b, Heads heads, double c, Rows rows) {
        return like(Shape.of(rows.count(), heads.heads() * heads.width()),
            attention.mix(operands.floats(p), operands.floats(b), heads, (float) c, rows));
    }

    @Override
    public Tensor mixTransposed(Tensor p, Tensor a, Heads heads, double c, Carrier carrier, Rows rows) {
        Shapes.fromFirstKey(heads, rows);
        return like(Shape.of(rows.count(), heads.kvHeads() * heads.width()),
            attention.mixTransposed(operands.floats(p), operands.floats(a), heads, (float) c, carrier, rows));
    }

    @Override
    public Tensor softmax(Tensor s, Heads heads, double temperature) {
        return byRow("softmax", s.shape(), operands.floats(s), (float) (1 / temperature), heads.queries(), heads.keys(),
            heads.window());
    }

    @Override
    public Tensor softmaxBackward(Tensor g, Tensor p, Rows rows) {
        Shapes.faces("softmaxBackward", g, p, rows);
        return byRow("softmaxBackward", g.shape(), operands.floats(g), operands.floats(p), face(rows), g.cols());
    }

    @Override
    public Tensor attend(Fused.Inputs x) {
        return like(Shape.of(x.q().rows(), x.q().cols()), attention.attend(inputs(x)));
    }

    @Override
    public Fused.Shares attendBackward(Tensor g, Fused.Inputs x, Fused.Reading how, Rows rows) {
        var keyRows = x.keyRows(rows).count();
        var shares = attention.backward(operands.floats(g), inputs(x), how, rows, keyRows);
        var v = like(Shape.of(keyRows, x.v().cols()), shares.v());
        if (shares.q() == null || shares.k() == null || shares.leak() == null)
            return new Fused.Shares(null, null, v, new double[rows.seeds()]);
        var H = x.heads().heads();
        var ones = queue.table("ones " + H, () -> IntStream.generate(() -> Float.floatToIntBits(1)).limit(H).toArray());
        return new Fused.Shares(like(Shape.of(g.rows(), g.cols()), shares.q()),
            like(Shape.of(keyRows, x.k().cols()), shares.k()), v,
            how.leaks() ? sums.of(shares.leak(), ones, rows, H, 0) : new double[rows.seeds()]);
    }

    private Attention.Inputs inputs(Fused.Inputs x) {
        return new Attention.Inputs(operands.floats(x.q()), operands.floats(x.k()), operands.floats(x.v()), x);
    }

    // ── launching ───────────────────────────────────────────────────────────────────────────────────────────────────

    private Tensor byElement(String kernel, Shape shape, @Nullable Object... values) {
        var y = room.block(shape.size());
        queue.elements(kernel, shape.size(), with(y, values));
        return like(shape, y);
    }

    private Tensor byRow(String kernel, Shape shape, @Nullable Object... values) {
        var y = room.block(shape.size());
        queue.grid(kernel, shape.cols() == 0 ? 0 : shape.rows(), 1, 1, with(y, values));
        return like(shape, y);
    }

    private static @Nullable Object[] with(Block y, @Nullable Object[] values) {
        var all = new @Nullable Object[values.length + 1];
        all[0] = y;
        System.arraycopy(values, 0, all, 1, values.length);
        return all;
    }

    /// Which rows are faced; null where each faces itself.
    private @Nullable Block face(Rows rows) {
        return rows.isIdentity() ? null : queue.table(rows, rows::faced);
    }

    private Block ints(int[] values) {
        return room.copy(MemorySegment.ofArray(values));
    }

    private static Tensor like(Shape shape, Block data) {
        return new Tensor(shape, data);
    }

    // ── keeping ─────────────────────────────────────────────────────────────────────────────────────────────────────

    @Override
    public void sweep() {
        kept.sweep();
    }

    @Override
    public Loans loans() {
        return new Borrowed(memory, lent -> new CudaKernels(this, lent));
    }

    /// Launches one by one from now on.
    void withoutGraphs(String why) {
        synchronized (memory) {
            memory.work().withoutGraphs(why);
        }
    }

    /// Why launches are not sent as graphs; empty where they are.
    Optional<String> withoutGraphs() {
        synchronized (memory) {
            return memory.work().withoutGraphs();
        }
    }

    @Override
    public void close() {
        kept.clear();
        known.clear();
        try {
            memory.close();
        } finally {
            driver.close();
        }
    }
}
