package clew.cuda;

import clew.cuda.Arguments.Place;
import clew.engine.kernel.Part;
import clew.engine.tensor.Weight;
import clew.engine.tensor.Weight.Layout;
import java.util.Arrays;

/// Products with weights: which kernel has which shape.
///
/// How many pieces k is cut into depends on the shape alone, so that a result has the same bits on every card.
final class Products {
    private static final int FEW = 8, STEP = 16, SMALL = 32, MIDDLE = 64, LARGE = 128;
    /// Tiles that are enough to keep a large card busy, and the least of k that is worth a piece.
    private static final int TILES = 128, PIECE = 256, PIECES = 16;

    private final Queue queue;
    private final Room room;
    private final Card card;
    private final Precision precision;

    /// What products are computed in.
    enum Precision {
        /// Floats, or parts of them that are as good.
        F32("cuda", 0),
        /// TF32 on tensor cores: eleven significant bits of each factor, float sums.
        TF32("cuda-tf32", 0x1p-10);

        private final String device;
        private final double error;

        Precision(String device, double error) {
            this.device = device;
            this.error = error;
        }

        /// The name of the device that computes so.
        String device() {
            return device;
        }

        /// How far the product of two numbers may be off, against itself, beyond what floats are.
        double error() {
            return error;
        }

        boolean isFor(Card card) {
            return card.canRunKernels() && (this == F32 || card.hasTensorCores());
        }
    }

    Products(Queue queue, Room room, Card card, Precision precision) {
        this.queue = queue;
        this.room = room;
        this.card = card;
        this.precision = precision;
    }

    /// The left operand: element (m, k) is number `m · row + k · step`.
    private record Left(Block data, long row, long step) {}

    /// The right operand: element (n, k) is number `from + n · column + k · step`.
    private record Right(Held held, long from, long column, long step, Part part) {}

    /// `y[r, o] = Σ_i x[r, i] · part(W[o, i])`.
    Block linear(Block x, int rows, Weight w, Held held, Part part) {
        var y = room.block((long) rows * w.out());
        var stride = w.tensor().cols();
        var right = w.layout() == Layout.OUT_IN ? new Right(held, w.index(0, 0), stride, 1, part)
                                                : new Right(held, w.index(0, 0), 1, stride, part);
        run(new Place(y, 0), w.out(), new Left(x, w.in(), 1), right, rows, w.out(), w.in());
        return y;
    }

    /// `y[n, i] = Σ_o g[n, o] · part(W[o, i])`.
    Block linearTransposed(Block g, int rows, Weight w, Held held, Part part) {
        var y = room.block((long) rows * w.in());
        var stride = w.tensor().cols();
        var right = w.layout() == Layout.OUT_IN ? new Right(held, w.index(0, 0), 1, stride, part)
                                                : new Right(held, w.index(0, 0), stride, 1, part);
        run(new Place(y, 0), w.in(), new Left(g, w.out(), 1), right, rows, w.in(), w.out());
        return y;
    }

    /// `y[o, i] = Σ_n g[n, o] · x[n, i]`, where the view has it; zeros elsewhere.
    Block weightGradient(Block g, Block x, int rows, Weight w) {
        var y = room.zeros(w.tensor().size());
        int in = w.in(), out = w.out(), stride = w.tensor().cols();
        var at = new Place(y, w.index(0, 0));
        if (w.layout() == Layout.OUT_IN)
            run(at, stride, new Left(g, 1, out), new Right(Held.floats(x), 0, 1, in, Part.ALL), out, in, rows);
        else
            run(at, stride, new Left(x, 1, in), new Right(Held.floats(g), 0, 1, out, Part.ALL), in, out, rows);
        return y;
    }

    private void run(Place y, int stride, Left a, Right b, int rows, int cols, int depth) {
        if (rows == 0 || cols == 0) return;
        var tiles = tiles(rows, MIDDLE) * tiles(cols, MIDDLE);
        int pieces = tiles >= TILES ? 1 : Math.clamp(Math.min(TILES / tiles, depth / PIECE), 1, PIECES);
        if (rows <= FEW && a.step() == 1 && b.step() == 1)
            queue.grid("productFew", (cols + FEW - 1) / FEW, 1, 1, y, (long) stride, a.data(), a.row(), b.held().data(),
                b.held().type(), b.held().scales(), b.from(), b.column(), b.part().ordinal(), rows, cols, depth);
        else if (pieces == 1) tiled(y, stride, a, b, rows, cols, depth, depth, 1, 0);
        else {
            var each = (depth + pieces * STEP - 1) / (pieces * STEP) * STEP;
            var size = (long) rows * cols;
            var sums = room.block(pieces * size);
            tiled(new Place(sums, 0), cols, a, b, rows, cols, depth, each, pieces, size);
            queue.elements("addSplits", size, y, (long) stride, sums, pieces, rows, cols);
        }
    }

    private void tiled(Place y, int stride, Left a, Right b, int rows, int cols, int depth, int each, int pieces,
                       long between) {
        var rough = precision == Precision.TF32;
        var type = b.held().type();
        var tensor = card.hasTensorCores() && (rough || type == Held.BF16 || type == Held.F16);
        var side = tensor ? MIDDLE : side(rows, cols);
        Object[] values = {y, (long) stride, a.data(), a.row(), a.step(), b.held().data(), type, b.held().scales(),
                           b.from(), b.column(), b.step(), b.part().ordinal(), rows, cols, depth, each, between};
        if (tensor) {
            values = Arrays.copyOf(values, values.length + 1);
            values[values.length - 1] = rough ? 1 : 0;
        }
        var kernel = tensor ? "productTensor" : side == LARGE ? "productLarge" : side == MIDDLE ? "productMiddle"
            : "productSmall";
        queue.grid(kernel, tiles(cols, side), tiles(rows, side), pieces, values);
    }

    /// The largest tile that still gives every multiprocessor two.
    private int side(int rows, int cols) {
        var enough = 2L * card.multiprocessors();
        if (tiles(rows, LARGE) * tiles(cols, LARGE) >= enough) return LARGE;
        return rows > SMALL && tiles(rows, MIDDLE) * tiles(cols, MIDDLE) >= enough ? MIDDLE : SMALL;
    }

    private static long tiles(int extent, int side) {
        return (extent + side - 1L) / side;
    }
}
