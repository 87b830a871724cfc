package clew.cuda;

import clew.engine.kernel.Fused;
import clew.engine.kernel.Heads;
import clew.engine.tensor.Rows;
import java.util.stream.IntStream;

/// Tables of the tiles that attention works through, as `attention.cuh` has them: six integers each.
final class Tiles {
    static final int SIDE = 32, INTS = 6;

    private Tiles() {}

    /// A table and how many tiles it has.
    record Table(Block block, int tiles) {}

    private record Queries(Rows rows, int queries) {}

    private record Keys(Rows rows, Heads heads, boolean ownRows) {}

    /// The rows of every run and sequence in tiles of queries: at, first, count, run's at, run's length, offset.
    static Table queries(Queue queue, Rows rows, int queries) {
        var tiles = rows.cut(queries).stream().mapToInt(run -> tiles(run.length())).sum();
        return new Table(queue.table(new Queries(rows, queries), () -> rows.cut(queries).stream()
            .flatMapToInt(run -> IntStream.range(0, tiles(run.length())).map(t -> t * SIDE).flatMap(offset ->
                IntStream.of(run.at() + offset, run.first() + offset, Math.min(SIDE, run.length() - offset), run.at(),
                    run.length(), offset))).toArray()), tiles);
    }

    /// The keys that every run reaches: at, first, length, start, keys, from. They begin with the run's own rows.
    static Table keysOf(Queue queue, Rows rows, Heads heads) {
        var tiles = rows.cut(heads.queries()).stream().mapToInt(run -> tiles(run.length())).sum();
        return new Table(queue.table(new Keys(rows, heads, true), () -> rows.cut(heads.queries()).stream()
            .flatMapToInt(run -> keys(run, run.at(), run.length())).toArray()), tiles);
    }

    /// The same where keys have rows of their own, as [Fused.Inputs#keyRows] lists them.
    static Table keysOf(Queue queue, Rows rows, Fused.Inputs x) {
        var heads = x.heads();
        var cut = rows.cut(heads.queries());
        var tiles = cut.stream().mapToInt(run -> tiles(reach(heads, run))).sum();
        return new Table(queue.table(new Keys(rows, heads, false), () -> {
            var starts = x.keyStarts(rows);
            return IntStream.range(0, starts.length).flatMap(r -> keys(cut.get(r), starts[r], reach(heads, cut.get(r))))
                .toArray();
        }), tiles);
    }

    private static IntStream keys(Rows.Run run, int start, int keys) {
        return IntStream.range(0, tiles(keys)).flatMap(t ->
            IntStream.of(run.at(), run.first(), run.length(), start, keys, t * SIDE));
    }

    /// Keys up to the run's last query.
    private static int reach(Heads heads, Rows.Run run) {
        return heads.lastKey(run.first() % heads.queries() + run.length() - 1) + 1;
    }

    private static int tiles(int extent) {
        return (extent + SIDE - 1) / SIDE;
    }
}
