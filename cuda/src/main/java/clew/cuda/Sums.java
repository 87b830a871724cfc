package clew.cuda;

import clew.engine.tensor.Rows;
import java.util.stream.IntStream;

/// Sums per seed as numbers, which wait for the card: chunk by chunk in double there, and over the chunks here.
final class Sums {
    private static final int ELEMENTS = 16_384;

    private final Queue queue;
    private final Memory memory;
    private final Room room;

    Sums(Queue queue, Memory memory, Room room) {
        this.queue = queue;
        this.memory = memory;
        this.room = room;
    }

    private record Chunks(Rows rows, int rowsOfOne) {}

    /// `Σ g · x` of each seed's rows, C columns; one row x for all where `step` is 0.
    double[] of(Block g, Block x, Rows rows, int C, int step) {
        var each = Math.max(1, ELEMENTS / Math.max(1, C));
        var table = queue.table(new Chunks(rows, each), () -> rows.runs().stream().flatMapToInt(run ->
            IntStream.iterate(0, done -> done < run.length(), done -> done + each).flatMap(done -> IntStream.of(
                run.at() + done, run.first() + done, Math.min(each, run.length() - done)))).toArray());
        var seeds = rows.runs().stream().flatMapToInt(run ->
            IntStream.iterate(0, done -> done < run.length(), done -> done + each).map(_ -> run.seed())).toArray();
        var parts = room.block(2L * seeds.length);
        queue.grid("dot", seeds.length, 1, 1, parts, g, x, table, C, step);
        var sums = new double[rows.seeds()];
        var read = memory.doubles(parts, seeds.length);
        for (int i = 0; i < seeds.length; i++) sums[seeds[i]] += read[i];
        return sums;
    }
}
