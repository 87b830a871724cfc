package clew.attribution;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// Nodes and weights of `∫₀¹ g(α) dα ≈ Σ w_i g(α_i)`, as Captum's `approximation_methods` defines them.
public enum Quadrature {
    /// Roots of the Legendre polynomial of degree n, mapped to [0, 1].
    GAUSS_LEGENDRE("gausslegendre"),
    /// α from 0 to 1 − 1/n.
    RIEMANN_LEFT("riemann-left"),
    /// α from 1/n to 1.
    RIEMANN_RIGHT("riemann-right"),
    /// α from 1/2n to 1 − 1/2n.
    RIEMANN_MIDDLE("riemann-middle"),
    /// α from 0 to 1 over n points, the ends halved. Captum's weights are 1/n, not 1/(n−1): they sum to 1 − 1/n.
    RIEMANN_TRAPEZOID("riemann-trapezoid");

    private final String label;

    Quadrature(String label) {
        this.label = label;
    }

    /// The name on the command line.
    public String label() {
        return label;
    }

    /// @throws IllegalArgumentException if there is no such quadrature
    public static Quadrature named(String label) {
        for (var q : values()) if (q.label.equals(label.toLowerCase(Locale.ROOT))) return q;
        throw new IllegalArgumentException(
            "unknown quadrature '" + label + "'; known are " + String.join(", ", labels()));
    }

    /// All names of the command line.
    public static List<String> labels() {
        return Arrays.stream(values()).map(Quadrature::label).toList();
    }

    /// @param alphas  α_i, ascending
    /// @param weights w_i
    public record Rule(double[] alphas, double[] weights) {}

    /// The rule of n points.
    ///
    /// @throws IllegalArgumentException if n is less than [#least]
    public Rule rule(int n) {
        require(n);
        if (this == GAUSS_LEGENDRE) return legendre(n);
        double[] a = new double[n], w = new double[n];
        for (int i = 0; i < n; i++) {
            w[i] = 1.0 / n;
            a[i] = switch (this) {
                case RIEMANN_LEFT      -> (double) i / n;
                case RIEMANN_RIGHT     -> (i + 1.0) / n;
                case RIEMANN_MIDDLE    -> (i + 0.5) / n;
                case RIEMANN_TRAPEZOID -> i / (n - 1.0);
                case GAUSS_LEGENDRE    -> throw new AssertionError();
            };
        }
        if (this == RIEMANN_TRAPEZOID) {
            w[0] /= 2;
            w[n - 1] /= 2;
        }
        return new Rule(a, w);
    }

    /// The fewest points: two for the trapezoid, whose ends are points.
    public int least() {
        return this == RIEMANN_TRAPEZOID ? 2 : 1;
    }

    /// @throws IllegalArgumentException if a path may not have so many steps
    void requireSteps(int n) {
        if (n < 1 || n > 100_000) throw new IllegalArgumentException("steps must be from 1 to 100000, not " + n);
        require(n);
    }

    void require(int n) {
        if (n < least())
            throw new IllegalArgumentException(
                label + " needs at least " + least() + (least() == 1 ? " step" : " steps") + ", not " + n);
    }

    /// Newton's iteration on P_n from Tricomi's approximation of its roots.
    private static Rule legendre(int n) {
        double[] a = new double[n], w = new double[n];
        for (int i = 0; i < n; i++) {
            var x = -Math.cos(Math.PI * (i + 0.75) / (n + 0.5));
            var slope = 0.0;
            for (int step = 0; step < 100; step++) {
                double before = 1, p = x;
                for (int k = 2; k <= n; k++) {
                    var next = ((2 * k - 1) * x * p - (k - 1) * before) / k;
                    before = p;
                    p = next;
                }
                slope = n * (x * p - before) / (x * x - 1);
                var change = p / slope;
                x -= change;
                if (Math.abs(change) < 1e-16) break;
            }
            a[i] = (1 + x) / 2;
            w[i] = 1 / ((1 - x * x) * slope * slope);
        }
        return new Rule(a, w);
    }
}
