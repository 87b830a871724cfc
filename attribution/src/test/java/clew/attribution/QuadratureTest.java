package clew.attribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Nodes lie in [0, 1] in ascending order, and their weighted sums are the integrals that they should be.
final class QuadratureTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 8, 20, 50, 64, 301})
    void gaussLegendreIsExactForPolynomialsOfDegreeTwiceItsPointsLessOne(int n) {
        var rule = Quadrature.GAUSS_LEGENDRE.rule(n);
        assertEquals(1, Arrays.stream(rule.weights()).sum(), 1e-14);
        for (int degree = 0; degree < 2 * n; degree++)
            assertEquals(1.0 / (degree + 1), integral(rule, degree), 2e-15 * n, "degree " + degree);
        if (n < 20) assertTrue(Math.abs(integral(rule, 2 * n) - 1.0 / (2 * n + 1)) > 1e-16, "and for no more");
    }

    @Test
    void gaussLegendreHasTheTablesNodes() {
        var rule = Quadrature.GAUSS_LEGENDRE.rule(3);
        assertEquals(0.5 - Math.sqrt(0.15), rule.alphas()[0], 1e-16);
        assertEquals(0.5, rule.alphas()[1], 1e-16);
        assertEquals(5.0 / 18, rule.weights()[0], 1e-15);
        assertEquals(4.0 / 9, rule.weights()[1], 1e-15);
    }

    @ParameterizedTest
    @EnumSource
    void nodesAscendWithinTheUnitInterval(Quadrature quadrature) {
        for (int n : new int[] {2, 3, 10, 50}) {
            var rule = quadrature.rule(n);
            assertEquals(n, rule.alphas().length);
            assertEquals(n, rule.weights().length);
            for (int i = 0; i < n; i++) {
                assertTrue(rule.alphas()[i] >= 0 && rule.alphas()[i] <= 1);
                assertTrue(rule.weights()[i] > 0);
                if (i > 0) assertTrue(rule.alphas()[i] > rule.alphas()[i - 1]);
            }
        }
    }

    /// Of slope 1: the left sum is short by half a step, the right one long by it, the middle one exact.
    @ParameterizedTest
    @ValueSource(ints = {2, 7, 50})
    void riemannSumsMissALineByWhatTheyShould(int n) {
        assertEquals(0.5 - 0.5 / n, integral(Quadrature.RIEMANN_LEFT.rule(n), 1), 1e-15);
        assertEquals(0.5 + 0.5 / n, integral(Quadrature.RIEMANN_RIGHT.rule(n), 1), 1e-15);
        assertEquals(0.5,           integral(Quadrature.RIEMANN_MIDDLE.rule(n), 1), 1e-15);
    }

    /// Captum's step of the trapezoid is 1/n where n points make n − 1 intervals: all of it is short by one part in n.
    @ParameterizedTest
    @ValueSource(ints = {2, 7, 50})
    void theTrapezoidIsCaptums(int n) {
        var rule = Quadrature.RIEMANN_TRAPEZOID.rule(n);
        assertEquals(0, rule.alphas()[0]);
        assertEquals(1, rule.alphas()[n - 1]);
        assertEquals(1 - 1.0 / n, Arrays.stream(rule.weights()).sum(), 1e-15);
        assertEquals(0.5 * (1 - 1.0 / n), integral(rule, 1), 1e-15);
    }

    @Test
    void tooFewStepsAndUnknownNamesAreSaid() {
        assertEquals("riemann-trapezoid needs at least 2 steps, not 1",
            refused(() -> Quadrature.RIEMANN_TRAPEZOID.rule(1)));
        assertEquals("gausslegendre needs at least 1 step, not 0", refused(() -> Quadrature.GAUSS_LEGENDRE.rule(0)));
        assertEquals("unknown quadrature 'simpson'; known are gausslegendre, riemann-left, riemann-right,"
            + " riemann-middle, riemann-trapezoid", refused(() -> Quadrature.named("simpson")));
        for (var q : Quadrature.values()) assertEquals(q, Quadrature.named(q.label()));
        assertEquals(5, List.copyOf(Quadrature.labels()).size());
    }

    private static double integral(Quadrature.Rule rule, int degree) {
        var sum = 0.0;
        for (int i = 0; i < rule.alphas().length; i++) sum += rule.weights()[i] * Math.pow(rule.alphas()[i], degree);
        return sum;
    }

    private static String refused(Runnable work) {
        return assertThrows(IllegalArgumentException.class, work::run).getMessage();
    }
}
