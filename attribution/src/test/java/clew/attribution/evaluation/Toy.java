package clew.attribution.evaluation;

import clew.attribution.Contrast;
import clew.attribution.Explained;
import clew.attribution.Score;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Optional;
import java.util.stream.IntStream;

/// Prompts whose answers are known in closed form: `f = Σ w` and `p = Π h`, over the tokens that are not replaced and
/// over those that are.
final class Toy {
    private Toy() {}

    /// Every token may be replaced.
    static Trial trial(double[] w, double[] h, int... marked) {
        var marks = new BitSet();
        for (int t : marked) marks.set(t);
        return trial(w, h, new Trial.Terms(IntStream.range(0, w.length).toArray(), 0, marks, Optional.empty()));
    }

    static Trial trial(double[] w, double[] h, Trial.Terms terms) {
        var f = new Explained(w.length - 1, 0, Score.LOGIT, new Contrast.None(), 1, Arrays.stream(w).sum());
        return new Trial(Optional.empty(), sets -> sets.stream().map(s -> outcome(w, h, s)).toList(),
            IntStream.range(0, w.length).toArray(), f, terms);
    }

    /// Tokens that matter to f alone.
    static Trial linear(double... w) {
        return trial(w, IntStream.range(0, w.length).mapToDouble(_ -> 1).toArray());
    }

    private static Trial.Outcome outcome(double[] w, double[] h, BitSet replaced) {
        double p = 0.8, f = 0;
        for (int t = 0; t < w.length; t++) {
            if (replaced.get(t)) p *= h[t];
            else f += w[t];
        }
        return new Trial.Outcome(p, f);
    }

    static double of(Metric metric, Trial trial, double... scores) {
        return metric.of(new Judged(trial, scores, (_, _, _) -> scores));
    }
}
