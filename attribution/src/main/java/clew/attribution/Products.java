package clew.attribution;

/// Small arithmetic on arrays of double that results are made of.
final class Products {
    private Products() {}

    /// `a ⊙ b`.
    static double[] of(double[] a, double[] b) {
        var out = new double[a.length];
        for (int i = 0; i < a.length; i++) out[i] = a[i] * b[i];
        return out;
    }

    /// `A B` of two n × n matrices with nothing above the diagonal.
    static double[] lower(double[] a, double[] b, int n) {
        var out = new double[n * n];
        for (int i = 0; i < n; i++)
            for (int j = 0; j <= i; j++)
                for (int k = 0; k <= j; k++) out[i * n + k] += a[i * n + j] * b[j * n + k];
        return out;
    }

    /// `Σ a`.
    static double sum(double[] a) {
        var sum = 0.0;
        for (double v : a) sum += v;
        return sum;
    }
}
