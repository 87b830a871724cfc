package clew.training;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/// The order of the data: a function of the seed and the step alone, so that a resumed run goes on as it would have.
///
/// Each epoch shuffles the documents, sorts pools of them by length, cuts the pools into batches of about `tokens`
/// tokens and
/// shuffles the batches. Little is padded, and lengths still mix.
public final class Batches {
    /// Documents sorted by length together.
    private static final int POOL = 2048;

    private final List<Document> documents;
    private final int tokens;
    private final long seed;
    private int before;
    private int epoch = -1;
    private List<Batch> current = List.of();

    /// @param tokens about how many tokens a batch has, padding included
    public Batches(List<Document> documents, int tokens, long seed) {
        if (documents.isEmpty()) throw new IllegalArgumentException("there are no documents to train on");
        this.documents = List.copyOf(documents);
        this.tokens = tokens;
        this.seed = seed;
    }

    /// The batch of step `t`; steps must be asked for in ascending order.
    public Batch at(int t) {
        if (t < before) throw new IllegalArgumentException("batch " + t + " lies before the current epoch");
        while (t >= before + current.size()) {
            before += current.size();
            epoch++;
            current = epoch(new Random(seed * 31 + epoch));
        }
        return current.get(t - before);
    }

    private List<Batch> epoch(Random random) {
        var order = new ArrayList<>(documents);
        Collections.shuffle(order, random);
        var batches = new ArrayList<Batch>();
        for (int from = 0; from < order.size(); from += POOL) {
            var pool = order.subList(from, Math.min(order.size(), from + POOL));
            pool.sort(Comparator.comparingInt(d -> d.ids().length));
            for (int i = 0; i < pool.size(); ) {
                var end = i + 1;
                while (end < pool.size() && (end + 1 - i) * (pool.get(end).ids().length - 1) <= tokens) end++;
                batches.add(Batch.of(pool.subList(i, end)));
                i = end;
            }
        }
        Collections.shuffle(batches, random);
        return batches;
    }
}
