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

    /// `Σ a`.
    static double sum(double[] a) {
        var sum = 0.0;
        for (double v : a) sum += v;
        return sum;
    }
}
