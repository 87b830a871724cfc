package clew.attribution.render;

import clew.attribution.Attribution;
import clew.attribution.Deviations;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
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
        var by = divisor(scores);
        var from = this == MINMAX ? finite(scores).min().orElse(0) : 0;
        return by == 0 ? scores.clone() : Arrays.stream(scores).map(x -> (x - from) / by).toArray();
    }

    /// What the scores of one target are divided by; 0 leaves them as they are.
    private double divisor(double[] scores) {
        return switch (this) {
            case NONE   -> 0;
            case ABSMAX -> finite(scores).map(Math::abs).max().orElse(0);
            case SUM    -> finite(scores).map(Math::abs).sum();
            case MINMAX -> finite(scores).max().orElse(0) - finite(scores).min().orElse(0);
        };
    }

    private static DoubleStream finite(double[] scores) {
        return Arrays.stream(scores).filter(Double::isFinite);
    }

    /// What scores scaled so may be off by: their errors by the same divisors, which are taken for sure. Of several
    /// targets the error of a sum over them is not known.
    ///
    /// @param scores as they are
    public Deviations of(Deviations drawn, double[][] scores) {
        if (this == NONE) return drawn;
        return drawn.over(Arrays.stream(scores).mapToDouble(this::divisor).map(by -> by == 0 ? 1 : by).toArray());
    }

    /// The same explanation with the scores of every target scaled, and their errors with them; features, map, regions
    /// and a continuation's share stay raw.
    public Attribution of(Attribution a) {
        var scores = Arrays.stream(a.scores()).map(this::of).toArray(double[][]::new);
        var d = a.diagnostics();
        return new Attribution(a.model(), a.method(), a.tokens(), a.targets(), a.texts(), scores, a.features(),
            a.positions(), a.map(), d.with(of(d.drawn(), a.scores())), a.warnings(), of(a.sequence()))
            .beside(a.regions());
    }

    private Attribution.@Nullable Sequence of(Attribution.@Nullable Sequence s) {
        return s == null ? null : new Attribution.Sequence(s.tokens(), s.text(), of(s.scores()), s.earlier());
    }
}
