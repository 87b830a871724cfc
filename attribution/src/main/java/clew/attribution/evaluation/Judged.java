package clew.attribution.evaluation;

import java.util.BitSet;
import java.util.Comparator;
import java.util.stream.IntStream;

/// One explanation of a trial's prompt.
///
/// @param scores `[T]`
/// @param scorer what gave them, for metrics that ask it again
public record Judged(Trial trial, double[] scores, Scorer scorer) {
    /// The explanation that the scorer gives of the trial's prompt.
    public static Judged of(Trial trial, Scorer scorer) {
        return new Judged(trial, scorer.scores(trial.model(), trial.pass(), trial.explained()), scorer);
    }

    /// The positions that may be replaced, by signed score, the largest first; of equals the first in the prompt.
    public int[] order() {
        return IntStream.of(trial.removable()).boxed()
            .sorted(Comparator.comparingDouble((Integer t) -> -scores[t])).mapToInt(t -> t).toArray();
    }

    /// The first `k` of an order; all, where there are fewer.
    static BitSet first(int[] order, int k) {
        var set = new BitSet();
        for (int i = 0; i < Math.min(k, order.length); i++) set.set(order[i]);
        return set;
    }

    /// All but the first `k` of an order.
    static BitSet rest(int[] order, int k) {
        var set = new BitSet();
        for (int i = k; i < order.length; i++) set.set(order[i]);
        return set;
    }
}
