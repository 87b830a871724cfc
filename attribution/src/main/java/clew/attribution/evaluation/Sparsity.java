package clew.attribution.evaluation;

import java.util.Arrays;
import java.util.Locale;

/// How few tokens carry an explanation, from the magnitudes `a = |φ|` of the n tokens that may be replaced.
///
/// | measure | formula | few tokens |
/// |---|---|---|
/// | gini | `1 − 2 Σ_k a_(k)/Σa · (n − k + ½)/n`, a ascending (Hurley and Rickard 2009) | near 1 |
/// | entropy | `−Σ q log q / log n`, `q = a/Σa` | near 0 |
///
/// Neither is good or bad by itself: a sparse explanation may be a wrong one. NaN where all scores are 0.
public record Sparsity(Measure measure) implements Metric {
    /// Which number.
    public enum Measure { GINI, ENTROPY }

    @Override
    public String name() {
        return measure.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public Better better() {
        return Better.NEITHER;
    }

    @Override
    public double of(Judged judged) {
        var a = Arrays.stream(judged.trial().of(judged.scores())).map(Math::abs).sorted().toArray();
        return measure == Measure.GINI ? gini(a) : entropy(a);
    }

    /// @param a magnitudes, ascending
    static double gini(double[] a) {
        var total = Arrays.stream(a).sum();
        if (total == 0) return Double.NaN;
        var sum = 0.0;
        for (int k = 1; k <= a.length; k++) sum += a[k - 1] / total * (a.length - k + 0.5) / a.length;
        return 1 - 2 * sum;
    }

    static double entropy(double[] a) {
        var total = Arrays.stream(a).sum();
        if (total == 0 || a.length < 2) return Double.NaN;
        return -Arrays.stream(a).map(v -> v / total).filter(q -> q > 0).map(q -> q * Math.log(q)).sum()
            / Math.log(a.length);
    }
}
