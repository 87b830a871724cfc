package clew.engine.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Which activation rows the rows of a cotangent belong to.
///
/// A backward pass carries many seeds at once. Its cotangents hold, seed after seed, only the rows that the seed can
/// reach: a [Run] is a stretch of cotangent rows that faces a stretch of activation rows. One seed over everything is
/// one run of all rows; K seeds over everything wrap around the activations K times; a seed at position p of a causal
/// model needs no row after p, so its run ends there. Kernels walk the runs.
///
/// @param activations how many rows the activation has
/// @param runs        in order of `at`, without gaps: `runs[i+1].at = runs[i].at + runs[i].length`; empty runs are
///                    dropped and runs of one seed that continue each other joined: equal rows are equal records
public record Rows(int activations, List<Run> runs) {
    /// Cotangent rows `at … at+length−1` of seed `seed` face activation rows `first … first+length−1`.
    public record Run(int seed, int at, int first, int length) {}

    public Rows {
        var joined = new ArrayList<Run>();
        var at = 0;
        for (var run : runs) {
            if (run.at() != at || run.seed() < 0 || run.first() < 0 || run.length() < 0
                || run.length() > activations - run.first())
                throw new IllegalArgumentException(
                    "rows: " + run + " does not fit cotangent row " + at + " and " + activations + " activation rows");
            if (run.length() == 0) continue;
            at = Math.addExact(at, run.length());
            var last = joined.isEmpty() ? null : joined.getLast();
            if (last != null && last.seed() == run.seed() && last.first() + last.length() == run.first()) {
                joined.removeLast();
                run = new Run(run.seed(), last.at(), last.first(), last.length() + run.length());
            }
            joined.add(run);
        }
        runs = List.copyOf(joined);
    }

    /// Every row faces itself: what a forward pass uses, and a backward pass with one seed.
    public static Rows all(int activations) {
        return seeds(1, activations);
    }

    /// `k` seeds, each over all rows.
    public static Rows seeds(int k, int activations) {
        var runs = new Run[k];
        for (int s = 0; s < k; s++) runs[s] = new Run(s, Math.multiplyExact(s, activations), 0, activations);
        return new Rows(activations, Arrays.asList(runs));
    }

    /// Number of cotangent rows.
    public int count() {
        return runs.isEmpty() ? 0 : runs.getLast().at() + runs.getLast().length();
    }

    /// Number of seeds: one more than the highest seed of any run.
    public int seeds() {
        var seeds = 0;
        for (var run : runs) seeds = Math.max(seeds, run.seed() + 1);
        return seeds;
    }

    /// Whether cotangent row i faces activation row i for all i: nothing wraps and nothing is skipped.
    public boolean isIdentity() {
        return runs.size() == 1 && runs.getFirst().first() == 0 && runs.getFirst().length() == activations;
    }

    /// The runs cut at multiples of `length` activation rows: one run per seed and sequence.
    public List<Run> cut(int length) {
        var cut = new ArrayList<Run>();
        for (var run : runs)
            for (int done = 0; done < run.length(); ) {
                var first = run.first() + done;
                var step = Math.min(run.length() - done, length - first % length);
                cut.add(new Run(run.seed(), run.at() + done, first, step));
                done += step;
            }
        return cut;
    }

    /// Rows of attention patterns: each run of n rows of a sequence of `queries` becomes n rows per head.
    ///
    /// Pattern row `H·at + h·n + i` belongs to head h of H and to row i of the run at `at`.
    public Rows heads(int heads, int queries) {
        var spread = new ArrayList<Run>();
        for (var run : cut(queries))
            for (int h = 0; h < heads; h++) {
                var first = (run.first() / queries * heads + h) * queries + run.first() % queries;
                spread.add(new Run(run.seed(), heads * run.at() + h * run.length(), first, run.length()));
            }
        return new Rows(Math.multiplyExact(heads, activations), spread);
    }

    /// The rows of the sequences whose patterns these are: the inverse of [#heads].
    public Rows mergeHeads(int heads, int queries) {
        var merged = new ArrayList<Run>();
        var cut = cut(queries);
        for (int i = 0; i < cut.size(); i += heads) {
            var run = cut.get(i);
            var first = run.first() / queries / heads * queries + run.first() % queries;
            merged.add(new Run(run.seed(), run.at() / heads, first, run.length()));
        }
        return new Rows(activations / heads, merged);
    }

    /// The rows of a tensor in which each row has become `parts` rows, one behind another.
    public Rows split(int parts) {
        var split = new ArrayList<Run>();
        for (var r : runs)
            split.add(new Run(r.seed(), parts * r.at(), parts * r.first(), Math.multiplyExact(parts, r.length())));
        return new Rows(Math.multiplyExact(parts, activations), split);
    }

    /// The rows of a tensor in which `parts` rows have become one: the inverse of [#split].
    public Rows join(int parts) {
        var joined = new ArrayList<Run>();
        for (var r : runs) {
            if (r.first() % parts != 0 || r.length() % parts != 0)
                throw new IllegalArgumentException("rows: " + r + " is not whole rows of " + parts);
            joined.add(new Run(r.seed(), r.at() / parts, r.first() / parts, r.length() / parts));
        }
        return new Rows(activations / parts, joined);
    }

    /// The activation row that each cotangent row faces.
    public int[] faced() {
        var faced = new int[count()];
        for (var run : runs) for (int i = 0; i < run.length(); i++) faced[run.at() + i] = run.first() + i;
        return faced;
    }
}
