package clew.attribution.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// k centres that are each the mean of the rows nearest to it (Lloyd 1982), the best of several starts, which
/// k-means++ draws (Arthur & Vassilvitskii 2007).
///
/// @param centres `[k, D]`
/// @param labels  which centre each row is nearest to, `[n]`
/// @param inertia `Σ ‖x − centre‖²`
public record Clusters(double[][] centres, int[] labels, double inertia) {
    private static final int ROUNDS = 300;

    /// @param rows `[n, D]`
    /// @throws IllegalArgumentException if there are fewer rows than clusters
    public static Clusters of(double[][] rows, int k, int starts, long seed) {
        if (k < 1 || k > rows.length || starts < 1)
            throw new IllegalArgumentException(rows.length + " rows cannot be " + k + " clusters of " + starts
                + " starts");
        var random = new SplittableRandom(seed);
        var best = settled(rows, drawn(rows, k, random));
        for (int i = 1; i < starts; i++) {
            var next = settled(rows, drawn(rows, k, random));
            if (next.inertia < best.inertia) best = next;
        }
        return best;
    }

    /// Rows, each with a chance that grows as the square of its distance to those drawn before; of `2 + ⌊log k⌋` such
    /// the one that leaves the least distance (greedy k-means++, as scikit-learn draws).
    private static double[][] drawn(double[][] rows, int k, SplittableRandom random) {
        var centres = new double[k][];
        centres[0] = rows[random.nextInt(rows.length)].clone();
        var far = nearer(rows, centres[0], null);
        for (int c = 1; c < k; c++) {
            var sum = Arrays.stream(far).sum();
            var least = Double.POSITIVE_INFINITY;
            var best = far;
            for (int trial = 0; trial < 2 + (int) Math.log(k); trial++) {
                var row = rows[at(far, random.nextDouble() * sum)];
                var next = nearer(rows, row, far);
                if (Arrays.stream(next).sum() < least) {
                    least = Arrays.stream(next).sum();
                    centres[c] = row.clone();
                    best = next;
                }
            }
            far = best;
        }
        return centres;
    }

    /// Squared distances to the nearest centre, with one centre more.
    private static double[] nearer(double[][] rows, double[] centre, double @Nullable [] before) {
        var out = new double[rows.length];
        for (int r = 0; r < out.length; r++) {
            out[r] = distance(rows[r], centre);
            if (before != null) out[r] = Math.min(out[r], before[r]);
        }
        return out;
    }

    /// Where the weights, added up one after another, pass `amount`.
    private static int at(double[] weights, double amount) {
        var at = 0;
        for (var left = amount; at < weights.length - 1 && (left -= weights[at]) >= 0;) at++;
        return at;
    }

    /// Moves every centre to the mean of its rows until none changes its centre. A centre without rows stays.
    private static Clusters settled(double[][] rows, double[][] centres) {
        var labels = new int[0];
        for (int round = 0; round < ROUNDS; round++) {
            var next = Arrays.stream(rows).mapToInt(x -> nearest(x, centres)).toArray();
            if (Arrays.equals(next, labels)) break;
            labels = next;
            for (int c = 0; c < centres.length; c++) {
                var own = new ArrayList<double[]>();
                for (int r = 0; r < rows.length; r++) if (labels[r] == c) own.add(rows[r]);
                if (!own.isEmpty()) centres[c] = Covariance.mean(own.toArray(double[][]::new));
            }
        }
        var inertia = 0.0;
        for (int r = 0; r < rows.length; r++) inertia += distance(rows[r], centres[labels[r]]);
        return new Clusters(centres, labels, inertia);
    }

    private static int nearest(double[] x, double[][] centres) {
        var best = 0;
        for (int c = 1; c < centres.length; c++) if (distance(x, centres[c]) < distance(x, centres[best])) best = c;
        return best;
    }

    private static double distance(double[] a, double[] b) {
        var sum = 0.0;
        for (int i = 0; i < a.length; i++) sum += (a[i] - b[i]) * (a[i] - b[i]);
        return sum;
    }
}
