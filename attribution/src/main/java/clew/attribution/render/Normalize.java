package clew.attribution.render;

import clew.attribution.Attribution;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// How the scores of one target are scaled before they are written; a heatmap's colours need none.
///
/// A divisor of zero leaves the scores as they are. Numbers that are not finite take no part and stay what they are.
public enum Normalize {
    /// `v`.
    NONE,
    /// `v / max |v|`: signs kept, −1 … 1.
    ABSMAX,
    /// `(v − min v) / (max v − min v)`: 0 … 1, signs lost.
    MINMAX,
    /// `v / Σ |v|`: signs kept, magnitudes sum to 1. A plain sum would blow up where the signs cancel.
    SUM;

    /// The name on the command line.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// @throws IllegalArgumentException if there is no such way
    public static Normalize named(String label) {
        for (var n : values()) if (n.label().equals(label)) return n;
        throw new IllegalArgumentException(
            "unknown normalization '" + label + "'; known are " + String.join(", ", labels()));
    }

    public static List<String> labels() {
        return Arrays.stream(values()).map(Normalize::label).toList();
    }

    /// The scaled scores of one target.
    public double[] of(double[] scores) {
        var finite = Arrays.stream(scores).filter(Double::isFinite);
        return switch (this) {
            case NONE   -> scores.clone();
            case ABSMAX -> scaled(scores, 0, finite.map(Math::abs).max().orElse(0));
            case SUM    -> scaled(scores, 0, finite.map(Math::abs).sum());
            case MINMAX -> {
                var s = finite.summaryStatistics();
                yield s.getCount() == 0 ? scores.clone() : scaled(scores, s.getMin(), s.getMax() - s.getMin());
            }
        };
    }

    /// The same explanation with the scores of every target scaled; features, map, regions and a continuation's share
    /// stay raw.
    public Attribution of(Attribution a) {
        var scores = Arrays.stream(a.scores()).map(this::of).toArray(double[][]::new);
        return new Attribution(a.model(), a.method(), a.tokens(), a.targets(), a.texts(), scores, a.features(),
            a.positions(), a.map(), a.diagnostics(), a.warnings(), of(a.sequence())).beside(a.regions());
    }

    private Attribution.@Nullable Sequence of(Attribution.@Nullable Sequence s) {
        return s == null ? null : new Attribution.Sequence(s.tokens(), s.text(), of(s.scores()), s.earlier());
    }

    private static double[] scaled(double[] v, double from, double by) {
        return by == 0 ? v.clone() : Arrays.stream(v).map(x -> (x - from) / by).toArray();
    }
}
