package clew.attribution.evaluation;

import java.util.ArrayList;
import java.util.List;

/// What came of one prompt.
///
/// @param probability p of the explained token in the prompt as it is
/// @param random      `[draws][metrics]` of random rankings
/// @param agreements  of every pair of methods, in the order (0,1), (0,2), … (1,2), …
public record Verdict(String name, double probability, List<Ranking> rankings, double[][] random,
                      List<Agreement> agreements) {
    /// One method's result.
    ///
    /// @param scores  `[T]`
    /// @param metrics one number each, NaN where a metric says nothing
    /// @param seconds of the forward pass and the explanation
    public record Ranking(String label, double[] scores, double[] metrics, double seconds) {}

    public Verdict {
        rankings = List.copyOf(rankings);
        agreements = List.copyOf(agreements);
    }

    static Verdict of(String name, Trial trial, List<Ranking> rankings, double[][] random, int top) {
        var agreements = new ArrayList<Agreement>();
        for (int i = 0; i < rankings.size(); i++)
            for (int j = i + 1; j < rankings.size(); j++)
                agreements.add(Agreement.of(trial.of(rankings.get(i).scores), trial.of(rankings.get(j).scores), top));
        return new Verdict(name, trial.whole().probability(), rankings, random, agreements);
    }

    /// The place of a pair among the agreements, of n methods.
    static int pair(int i, int j, int n) {
        int a = Math.min(i, j), b = Math.max(i, j);
        return a * n - a * (a + 1) / 2 + b - a - 1;
    }
}
