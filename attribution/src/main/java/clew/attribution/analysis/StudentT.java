package clew.attribution.analysis;

/// Student's t distribution of ν degrees of freedom: `F(t) = 1 − ½ I(ν/(ν+t²); ν/2, ½)` for t ≥ 0.
///
/// I is the regularised incomplete beta function, by its continued fraction (Lentz's method, DLMF 8.17.22).
public final class StudentT {
    private static final double TINY = 1e-300;

    private StudentT() {}

    /// F(t).
    public static double cumulative(double t, double degrees) {
        var tail = beta(degrees / (degrees + t * t), degrees / 2, 0.5) / 2;
        return t < 0 ? tail : 1 - tail;
    }

    /// Standard errors to either side of a mean that are its 95 % interval: the t with F(t) = 0.975.
    public static double interval(double degrees) {
        return quantile(0.975, degrees);
    }

    /// The t with F(t) = p, for p ≥ ½.
    public static double quantile(double p, double degrees) {
        double low = 0, high = 1;
        while (cumulative(high, degrees) < p && high < 1e12) high *= 2;
        for (int i = 0; i < 200 && high - low > 1e-12 * high; i++) {
            var middle = (low + high) / 2;
            if (cumulative(middle, degrees) < p) low = middle;
            else high = middle;
        }
        return (low + high) / 2;
    }

    private static double beta(double x, double a, double b) {
        if (x <= 0 || x >= 1) return x <= 0 ? 0 : 1;
        if (x > (a + 1) / (a + b + 2)) return 1 - beta(1 - x, b, a);
        var front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x)) / a;
        double c = 1, d = 1 / positive(1 - (a + b) * x / (a + 1)), f = d;
        for (int m = 1; m < 500; m++) {
            var even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
            d = 1 / positive(1 + even * d);
            c = positive(1 + even / c);
            f *= c * d;
            var odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
            d = 1 / positive(1 + odd * d);
            c = positive(1 + odd / c);
            f *= c * d;
            if (Math.abs(c * d - 1) < 1e-16) break;
        }
        return front * f;
    }

    private static double positive(double v) {
        return Math.abs(v) < TINY ? TINY : v;
    }

    /// Stirling's series behind enough steps of `Γ(x+1) = xΓ(x)`.
    private static double logGamma(double x) {
        var shift = 0.0;
        for (; x < 15; x++) shift += Math.log(x);
        double y = 1 / (x * x);
        var series = (1.0 / 12 - y * (1.0 / 360 - y * (1.0 / 1260 - y * (1.0 / 1680 - y / 1188)))) / x;
        return (x - 0.5) * Math.log(x) - x + Math.log(2 * Math.PI) / 2 + series - shift;
    }
}
