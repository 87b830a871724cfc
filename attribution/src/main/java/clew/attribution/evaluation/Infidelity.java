package clew.attribution.evaluation;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/// `E_S[(β Σ_{t∈S} φ_t − (f(x) − f(x∖S)))²] / E_S[(f(x) − f(x∖S))²]` — how far the scores of replaced tokens are from
/// adding up to what the replacement changes; from 0, they do, to 1, they say nothing.
///
/// Yeh et al. 2019, definition 2.1, with a set S of tokens as the perturbation, each token in it with probability ½. β
/// ≥ 0 is the scale that fits best, so that methods of any unit compare (their section 2.2; Captum's `normalize`, which
/// lets it be negative); the denominator makes prompts comparable. NaN where no replacement changes anything.
///
/// @param samples sets S
/// @param seed    the same sets for every method
public record Infidelity(int samples, long seed) implements Metric {
    @Override
    public String name() {
        return "infidelity";
    }

    @Override
    public Better better() {
        return Better.LOWER;
    }

    @Override
    public double of(Judged judged) {
        var trial = judged.trial();
        var sets = sets(trial.removable());
        var outcomes = trial.outcomes(sets);
        double predicted = 0, both = 0, changed = 0;
        for (int i = 0; i < sets.size(); i++) {
            var sum = sets.get(i).stream().mapToDouble(t -> judged.scores()[t]).sum();
            var change = trial.whole().value() - outcomes.get(i).value();
            predicted += sum * sum;
            both      += sum * change;
            changed   += change * change;
        }
        if (changed == 0) return Double.NaN;
        if (both <= 0) return 1;                                                          // β = 0
        return Math.max(0, 1 - both * both / predicted / changed);                        // β = Σpc/Σp²
    }

    private List<BitSet> sets(int[] removable) {
        var random = new Random(seed);
        var sets = new ArrayList<BitSet>();
        if (removable.length == 0) return sets;
        while (sets.size() < samples) {
            var set = IntStream.of(removable).filter(_ -> random.nextBoolean()).collect(BitSet::new, BitSet::set,
                BitSet::or);
            if (!set.isEmpty()) sets.add(set);
        }
        return sets;
    }
}
