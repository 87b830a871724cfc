package clew.attribution.evaluation;

import clew.model.LanguageModel;
import java.util.Arrays;

/// Spearman's ρ of the magnitudes |φ| of the model and of one with random weights — near 0 if the explanation is about
/// what the model learned (Adebayo et al. 2018, the model parameter randomisation test with absolute values).
///
/// @param other the same architecture with random weights, such as [RandomisedModel] makes
public record Randomisation(LanguageModel other) implements Metric {
    @Override
    public String name() {
        return "randomisation";
    }

    @Override
    public Better better() {
        return Better.LOWER;
    }

    @Override
    public double of(Judged judged) {
        var trial = judged.trial();
        var random = judged.scorer().scores(other, trial.pass(), trial.explained());
        return Agreement.spearman(magnitudes(trial.of(judged.scores())), magnitudes(trial.of(random)));
    }

    private static double[] magnitudes(double[] v) {
        return Arrays.stream(v).map(Math::abs).toArray();
    }
}
