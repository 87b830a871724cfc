package clew.attribution.evaluation;

import clew.attribution.analysis.StudentT;
import java.util.Arrays;

/// A mean over prompts and half the width of its 95 % interval, by Student's distribution.
///
/// @param value NaN where there is no number at all
/// @param half  NaN where there are less than two
/// @param count numbers; those that are none do not count
public record Mean(double value, double half, int count) {
    /// Of the numbers that are finite.
    public static Mean of(double... numbers) {
        var finite = Arrays.stream(numbers).filter(Double::isFinite).toArray();
        int n = finite.length;
        if (n == 0) return new Mean(Double.NaN, Double.NaN, 0);
        var mean = Arrays.stream(finite).sum() / n;
        if (n == 1) return new Mean(mean, Double.NaN, 1);
        var squares = Arrays.stream(finite).map(v -> (v - mean) * (v - mean)).sum();
        return new Mean(mean, StudentT.interval(n - 1) * Math.sqrt(squares / (n - 1) / n), n);
    }
}
