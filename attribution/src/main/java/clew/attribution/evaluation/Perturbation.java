package clew.attribution.evaluation;

import clew.attribution.evaluation.Curve.First;
import java.util.Locale;

/// What is read off the curves that come of replacing tokens in the order of their scores.
///
/// | reading | what | better | source |
/// |---|---|---|---|
/// | morf | mean of f while the most relevant go first | lower | Samek et al. 2017 |
/// | lerf | mean of f while the least relevant go first | higher | Samek et al. 2017 |
/// | area-difference | lerf − morf | higher | Blücher et al. 2024; Achtibat et al. 2024 |
/// | aopc | mean over the points of `f(x) − f` along morf | higher | Samek et al. 2017, eq. 12 |
/// | deletion | mean of p(ŷ) while the most relevant go first | lower | Petsiuk et al. 2018 |
/// | insertion | mean of p(ŷ) while the most relevant come back first | higher | Petsiuk et al. 2018 |
///
/// To bring the most relevant back first is to walk the curve on which the least relevant go first, backwards.
public record Perturbation(Reading reading) implements Metric {
    /// Which number.
    public enum Reading { MORF, LERF, AREA_DIFFERENCE, AOPC, DELETION, INSERTION }

    @Override
    public String name() {
        return reading.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public Better better() {
        return switch (reading) {
            case MORF, DELETION                         -> Better.LOWER;
            case LERF, AREA_DIFFERENCE, AOPC, INSERTION -> Better.HIGHER;
        };
    }

    @Override
    public double of(Judged judged) {
        return switch (reading) {
            case MORF            -> values(judged, First.MOST_RELEVANT);
            case LERF            -> values(judged, First.LEAST_RELEVANT);
            case AREA_DIFFERENCE -> values(judged, First.LEAST_RELEVANT) - values(judged, First.MOST_RELEVANT);
            case AOPC            -> drop(Curve.of(judged, First.MOST_RELEVANT).values());
            case DELETION        -> probabilities(judged, First.MOST_RELEVANT);
            case INSERTION       -> probabilities(judged, First.LEAST_RELEVANT);
        };
    }

    private static double values(Judged judged, First first) {
        var curve = Curve.of(judged, first);
        return curve.area(curve.values());
    }

    private static double probabilities(Judged judged, First first) {
        var curve = Curve.of(judged, first);
        return curve.area(curve.probabilities());
    }

    private static double drop(double[] values) {
        var sum = 0.0;
        for (double v : values) sum += values[0] - v;
        return sum / values.length;
    }
}
