package clew.engine.kernel.simd;

import clew.engine.kernel.Workers;
import clew.engine.tensor.Rows;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/// Cuts work into pieces that own their outputs. The cut depends on the work alone, never on the number of threads.
public final class Chunks {
    /// Elements of one piece: three arrays of it fit a second-level cache.
    private static final int PIECE = 1 << 14;

    /// A loop over `from … to−1`.
    public interface Span {
        void over(int from, int to);
    }

    private Chunks() {}

    /// All of `size` elements.
    public static void elements(Workers workers, int size, Span loop) {
        spans(workers, size, PIECE, loop);
    }

    /// All of `rows` rows, each as much work as `cost` elements.
    public static void rows(Workers workers, int rows, int cost, Span loop) {
        spans(workers, rows, rowsOf(cost), loop);
    }

    /// All of `cols` columns by whole vectors, each column as much work as `cost` elements.
    public static void vectors(Workers workers, int cols, int cost, Span loop) {
        rows(workers, Math.ceilDiv(cols, Lanes.L), cost * Lanes.L, (from, to) ->
            loop.over(from * Lanes.L, Math.min(to * Lanes.L, cols)));
    }

    /// All runs of `rows`, cut further, each row as much work as `cost` elements.
    public static void runs(Workers workers, Rows rows, int cost, Consumer<Rows.Run> loop) {
        var pieces = cut(rows, cost);
        all(workers, pieces.size(), (long) rows.count() * cost, i -> loop.accept(pieces.get(i)));
    }

    /// Pieces 0 … count−1, which together are as much work as `cost` elements.
    public static void all(Workers workers, int count, long cost, IntConsumer piece) {
        if (cost < 2 * PIECE) for (int i = 0; i < count; i++) piece.accept(i);
        else workers.forEach(count, piece);
    }

    /// The runs of `rows` in pieces of a sensible size, in order.
    public static List<Rows.Run> cut(Rows rows, int cost) {
        var step = rowsOf(cost);
        var pieces = new ArrayList<Rows.Run>();
        for (var run : rows.runs())
            for (int done = 0; done < run.length(); done += step)
                pieces.add(part(run, done, Math.min(step, run.length() - done)));
        return pieces;
    }

    private static Rows.Run part(Rows.Run run, int from, int length) {
        return new Rows.Run(run.seed(), run.at() + from, run.first() + from, length);
    }

    private static int rowsOf(int cost) {
        return Math.max(1, PIECE / Math.max(1, cost));
    }

    private static void spans(Workers workers, int size, int step, Span loop) {
        if (size < 2 * step) {
            loop.over(0, size);
            return;
        }
        workers.forEach(Math.ceilDiv(size, step), i -> {
            var from = i * step;
            loop.over(from, from + Math.min(step, size - from));
        });
    }
}
