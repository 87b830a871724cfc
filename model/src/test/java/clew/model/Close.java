package clew.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.function.Supplier;

/// Two arrays are equal up to rounding, relative to the largest magnitude in the first.
final class Close {
    private Close() {}

    static void equal(double[] expected, double[] actual, double rounding, Supplier<String> what) {
        assertEquals(expected.length, actual.length, what);
        var largest = Arrays.stream(expected).map(Math::abs).filter(Double::isFinite).max().orElse(0);
        for (int i = 0; i < expected.length; i++) {
            double a = expected[i], b = actual[i];
            var at = i;
            assertTrue(a == b || Math.abs(a - b) <= rounding * largest,
                () -> what.get() + ": element " + at + " is " + b + " instead of " + a);
        }
    }
}
