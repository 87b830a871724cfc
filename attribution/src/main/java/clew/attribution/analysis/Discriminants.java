package clew.attribution.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;

/// Linear discriminant analysis: classes k are normal with means `μ_k` and one covariance Σ, so that
/// `log p(k | x) = x · w_k + b_k + const`, `w_k = Σ⁺ μ_k`, `b_k = −½ μ_k · w_k + log π_k` (Fisher 1936; scikit-learn's
/// `lsqr`).
///
/// @param means      `[K, D]`
/// @param priors     π, the classes' shares of the rows, `[K]`
/// @param covariance Σ: the mean of the classes' own, by their priors, `[D, D]`
/// @param weights    w, `[K, D]`
/// @param intercepts b, `[K]`
public record Discriminants(double[][] means, double[] priors, double[][] covariance, double[][] weights,
                            double[] intercepts) {
    /// @param rows    `[n, D]`
    /// @param classes of every row, 0 … K − 1
    /// @throws IllegalArgumentException if there are not as many classes as rows, or a class has no row
    public static Discriminants of(double[][] rows, int[] classes, Shrinkage shrinkage) {
        if (rows.length != classes.length)
            throw new IllegalArgumentException(rows.length + " rows of " + classes.length + " classes");
        int K = Arrays.stream(classes).max().orElse(0) + 1, D = rows[0].length;
        var means = new double[K][];
        double[] priors = new double[K], intercepts = new double[K];
        double[][] covariance = new double[D][D], weights = new double[K][];
        for (int k = 0; k < K; k++) {
            var of = k;
            var own = IntStream.range(0, rows.length).filter(r -> classes[r] == of).mapToObj(r -> rows[r])
                .toArray(double[][]::new);
            if (own.length == 0) throw new IllegalArgumentException("class " + k + " has no row");
            means[k] = Covariance.mean(own);
            priors[k] = (double) own.length / rows.length;
            var s = Covariance.of(own, shrinkage);
            for (int i = 0; i < D; i++) for (int j = 0; j < D; j++) covariance[i][j] += priors[k] * s[i][j];
        }
        var inverse = LinearSolverFactory_DDRM.pseudoInverse(true);
        inverse.setA(new DMatrixRMaj(covariance));
        for (int k = 0; k < K; k++) {
            var w = new DMatrixRMaj(D, 1);
            inverse.solve(new DMatrixRMaj(D, 1, true, means[k]), w);
            weights[k] = w.getData().clone();
            intercepts[k] = Math.log(priors[k]) - dot(means[k], weights[k]) / 2;
        }
        return new Discriminants(means, priors, covariance, weights, intercepts);
    }

    /// `x · w_k + b_k` of every class.
    public double[] scores(double[] x) {
        return IntStream.range(0, weights.length).mapToDouble(k -> dot(x, weights[k]) + intercepts[k]).toArray();
    }

    /// `p(k | x)`.
    public double[] probabilities(double[] x) {
        var scores = scores(x);
        var most = Arrays.stream(scores).max().orElseThrow();
        var p = Arrays.stream(scores).map(s -> Math.exp(s - most)).toArray();
        var sum = Arrays.stream(p).sum();
        return Arrays.stream(p).map(v -> v / sum).toArray();
    }

    /// The likeliest class.
    public int predict(double[] x) {
        var scores = scores(x);
        return IntStream.range(0, scores.length).reduce(0, (a, b) -> scores[b] > scores[a] ? b : a);
    }

    /// What each row is taken for by the discriminants of all others.
    public static int[] leaveOneOut(double[][] rows, int[] classes, Shrinkage shrinkage) {
        return IntStream.range(0, rows.length).map(r -> {
            List<double[]> others = new ArrayList<>(List.of(rows));
            others.remove(r);
            var rest = IntStream.range(0, rows.length).filter(i -> i != r).map(i -> classes[i]).toArray();
            return of(others.toArray(double[][]::new), rest, shrinkage).predict(rows[r]);
        }).toArray();
    }

    private static double dot(double[] a, double[] b) {
        var sum = 0.0;
        for (int i = 0; i < a.length; i++) sum += a[i] * b[i];
        return sum;
    }
}
