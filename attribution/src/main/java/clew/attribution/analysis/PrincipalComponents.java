package clew.attribution.analysis;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;

/// The directions in which rows differ most: right singular vectors of the centred rows, `X = U S Vᵀ` (Pearson 1901).
///
/// @param mean       of the rows, `[D]`
/// @param components `[k, D]`, each of length 1, its entry of the largest magnitude positive
/// @param singular   S, descending, `[k]`
/// @param variances  `S²/(n − 1)`, `[k]`
/// @param shares     of the variance of all directions, `[k]`
public record PrincipalComponents(double[] mean, double[][] components, double[] singular, double[] variances,
                                  double[] shares) {
    /// @param rows `[n, D]`
    /// @param most k, at most n and D
    /// @throws IllegalArgumentException if there are fewer than two rows, or fewer directions than asked for
    public static PrincipalComponents of(double[][] rows, int most) {
        int n = rows.length, D = n == 0 ? 0 : rows[0].length;
        if (n < 2 || most < 1 || most > Math.min(n, D))
            throw new IllegalArgumentException(n + " rows of " + D + " numbers have not " + most + " components");
        var svd = DecompositionFactory_DDRM.svd(n, D, false, true, true);
        if (!svd.decompose(new DMatrixRMaj(Covariance.centred(rows))))
            throw new IllegalArgumentException("the rows have no singular values; is one of them not a number?");
        var s = svd.getSingularValues();
        var v = svd.getV(null, true);                                                           // [min(n, D), D]
        var order = IntStream.range(0, Math.min(n, D)).boxed().sorted(Comparator.comparingDouble(i -> -s[i])).toList();
        var all = Arrays.stream(s, 0, Math.min(n, D)).map(x -> x * x).sum();
        var components = new double[most][D];
        double[] singular = new double[most], variances = new double[most], shares = new double[most];
        for (int k = 0; k < most; k++) {
            int at = order.get(k), largest = 0;
            for (int d = 0; d < D; d++) if (Math.abs(v.get(at, d)) > Math.abs(v.get(at, largest))) largest = d;
            var sign = Math.signum(v.get(at, largest));
            for (int d = 0; d < D; d++) components[k][d] = sign * v.get(at, d);
            singular[k] = s[at];
            variances[k] = s[at] * s[at] / (n - 1);
            shares[k] = s[at] * s[at] / all;
        }
        return new PrincipalComponents(Covariance.mean(rows), components, singular, variances, shares);
    }

    /// A row along each component, `[k]`.
    public double[] of(double[] row) {
        var out = new double[components.length];
        for (int k = 0; k < out.length; k++)
            for (int d = 0; d < row.length; d++) out[k] += (row[d] - mean[d]) * components[k][d];
        return out;
    }
}
