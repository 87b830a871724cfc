package clew.attribution.analysis;

/// Covariance of rows, divided by their number n and not by n − 1 (as scikit-learn's estimators do).     X: `[n, D]`
public final class Covariance {
    private Covariance() {}

    /// `[D, D]`, drawn towards the identity.
    public static double[][] of(double[][] rows, Shrinkage how) {
        return switch (how) {
            case Shrinkage.Fixed(double alpha) -> shrunk(empirical(rows), alpha);
            case Shrinkage.LedoitWolf _        -> {
                var scale = deviations(rows);
                var unit = divided(rows, scale);
                var s = shrunk(empirical(unit), ledoitWolf(unit));
                for (int i = 0; i < s.length; i++) for (int j = 0; j < s.length; j++) s[i][j] *= scale[i] * scale[j];
                yield s;
            }
        };
    }

    /// α of Ledoit & Wolf 2004, "A well-conditioned estimator for large-dimensional covariance matrices", lemma 3.1:
    /// `min(b², d²)/d²` with `d² = ‖S − μI‖²/D` and `b² = Σ_k ‖x_k x_kᵀ − S‖²/(n² D)` of the centred rows x.
    public static double ledoitWolf(double[][] rows) {
        var x = centred(rows);
        var s = empirical(rows);
        double n = rows.length, D = s.length, mu = trace(s) / D, d = 0, fourth = 0, squares = 0;
        for (int i = 0; i < D; i++)
            for (int j = 0; j < D; j++) {
                var off = s[i][j] - (i == j ? mu : 0);
                d += off * off / D;
                squares += s[i][j] * s[i][j];
            }
        for (var row : x) {
            var length = 0.0;
            for (double v : row) length += v * v;
            fourth += length * length;                                                          // ‖x xᵀ‖²
        }
        var b = (fourth / n - squares) / (n * D);
        return b <= 0 || D == 1 ? 0 : Math.min(b, d) / d;
    }

    /// `Xᵀ X / n` of the centred rows.
    static double[][] empirical(double[][] rows) {
        var D = rows[0].length;
        var s = new double[D][D];
        for (var row : centred(rows))
            for (int i = 0; i < D; i++) for (int j = 0; j < D; j++) s[i][j] += row[i] * row[j] / rows.length;
        return s;
    }

    private static double[][] shrunk(double[][] s, double alpha) {
        var mu = trace(s) / s.length;
        for (int i = 0; i < s.length; i++)
            for (int j = 0; j < s.length; j++) s[i][j] = (1 - alpha) * s[i][j] + (i == j ? alpha * mu : 0);
        return s;
    }

    private static double trace(double[][] s) {
        var sum = 0.0;
        for (int i = 0; i < s.length; i++) sum += s[i][i];
        return sum;
    }

    /// Mean of every column.
    static double[] mean(double[][] rows) {
        var mean = new double[rows[0].length];
        for (var row : rows) for (int i = 0; i < mean.length; i++) mean[i] += row[i] / rows.length;
        return mean;
    }

    static double[][] centred(double[][] rows) {
        var mean = mean(rows);
        var out = new double[rows.length][mean.length];
        for (int r = 0; r < rows.length; r++)
            for (int i = 0; i < mean.length; i++) out[r][i] = rows[r][i] - mean[i];
        return out;
    }

    /// Standard deviation of every column; 1 where it is constant.
    private static double[] deviations(double[][] rows) {
        var scale = new double[rows[0].length];
        for (var row : centred(rows)) for (int i = 0; i < scale.length; i++) scale[i] += row[i] * row[i] / rows.length;
        for (int i = 0; i < scale.length; i++) scale[i] = scale[i] == 0 ? 1 : Math.sqrt(scale[i]);
        return scale;
    }

    private static double[][] divided(double[][] rows, double[] scale) {
        var out = new double[rows.length][scale.length];
        for (int r = 0; r < rows.length; r++)
            for (int i = 0; i < scale.length; i++) out[r][i] = rows[r][i] / scale[i];
        return out;
    }
}
