package clew.attribution.evaluation;

import java.util.BitSet;
import java.util.stream.IntStream;

/// Kendall's τ between the scores and what each token's replacement takes from f, `f(x) − f(x∖t)` (Jain and Wallace
/// 2019, who compare attention with leave-one-out).
public record TauLoo() implements Metric {
    @Override
    public String name() {
        return "tau-loo";
    }

    @Override
    public Better better() {
        return Better.HIGHER;
    }

    @Override
    public double of(Judged judged) {
        var trial = judged.trial();
        var sets = IntStream.of(trial.removable()).mapToObj(t -> {
            var one = new BitSet();
            one.set(t);
            return one;
        }).toList();
        var drops = trial.outcomes(sets).stream().mapToDouble(o -> trial.whole().value() - o.value()).toArray();
        return Agreement.kendall(trial.of(judged.scores()), drops);
    }
}
