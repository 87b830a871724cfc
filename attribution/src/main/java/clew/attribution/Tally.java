package clew.attribution;

import clew.attribution.analysis.StudentT;
import java.util.ArrayList;
import java.util.List;

/// Draws of several numbers for several scalars, one after another: their means and the standard errors of these,
/// `√(Σ (s_i − s̄)² / (n (n − 1)))` (Welford 1962).
///
/// The draws themselves are kept for the errors of sums, as long as they are not more numbers than [#KEPT].
final class Tally {
    /// 256 MB.
    private static final long KEPT = 1L << 25;

    /// Draws before the first look at the standard errors, and between looks.
    static final int ROUND = 25;

    private final double[][] mean;                                                              // [scalars][numbers]
    private final double[][] squares;                                     // Σ (s_i − s̄)²
    private final List<double[][]> draws = new ArrayList<>();
    private final long size;
    private int count;

    Tally(int scalars, int numbers) {
        size = (long) scalars * numbers;
        mean = new double[scalars][numbers];
        squares = new double[scalars][numbers];
    }

    /// One draw, `[scalars][numbers]`, which is kept as it is.
    void add(double[][] draw) {
        count++;
        if ((long) count * size <= KEPT) draws.add(draw);
        else draws.clear();
        for (int t = 0; t < mean.length; t++)
            for (int i = 0; i < mean[t].length; i++) {
                var off = draw[t][i] - mean[t][i];
                mean[t][i] += off / count;
                squares[t][i] += off * (draw[t][i] - mean[t][i]);
            }
    }

    int count() {
        return count;
    }

    /// `[scalars][numbers]`.
    double[][] means() {
        return mean;
    }

    /// `[scalars][numbers]`; nothing after a single draw, which says nothing of its own error.
    double[][] errors() {
        if (count < 2) return new double[0][];
        var out = new double[squares.length][];
        for (int t = 0; t < out.length; t++) {
            out[t] = squares[t].clone();
            for (int i = 0; i < out[t].length; i++) out[t][i] = Math.sqrt(out[t][i] / count / (count - 1));
        }
        return out;
    }

    /// What the errors of the means are, and those of sums of them.
    Deviations deviations() {
        return deviations((double) count * (count - 1), count - 1);
    }

    /// The spread of single draws, where each is a result by itself.
    ///
    /// @param degrees of freedom that such a result has
    Deviations spread(int degrees) {
        return deviations(count - 1, degrees);
    }

    private Deviations deviations(double over, int degrees) {
        if (count < 2) return Deviations.NONE;
        if (draws.isEmpty()) return new Deviations(errors(), List.of(), degrees);
        var scale = 1 / Math.sqrt(over);
        return Deviations.of(draws.stream().map(draw -> {
            var off = new double[draw.length][];
            for (int t = 0; t < off.length; t++) {
                off[t] = draw[t].clone();
                for (int i = 0; i < off[t].length; i++) off[t][i] = (off[t][i] - mean[t][i]) * scale;
            }
            return off;
        }).toList(), degrees);
    }

    /// Whether half of every 95 % interval is at most this share of the scalar's largest score.
    static boolean within(double tolerance, double[][] scores, double[][] errors, int degrees) {
        if (errors.length == 0) return false;
        var width = StudentT.interval(degrees);
        for (int t = 0; t < scores.length; t++) {
            double largest = 0, error = 0;
            for (double s : scores[t]) largest = Math.max(largest, Math.abs(s));
            for (double e : errors[t]) error = Math.max(error, e);
            if (!(width * error <= tolerance * largest)) return false;
        }
        return true;
    }

    boolean within(double tolerance) {
        return within(tolerance, mean, errors(), count - 1);
    }
}
