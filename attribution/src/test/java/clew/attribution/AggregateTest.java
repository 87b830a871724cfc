package clew.attribution;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/// `[T, D]` to `[T]`.
final class AggregateTest {
    private static final double[] FEATURES = {3, -4, 0,   -1, -2, -2};

    @Test
    void featuresBecomeOneScorePerToken() {
        assertArrayEquals(new double[] {-1, -5}, Aggregate.SUM.of(FEATURES, 3));
        assertArrayEquals(new double[] {5, 3},   Aggregate.L2.of(FEATURES, 3));
        assertArrayEquals(new double[] {7, 5},   Aggregate.L1.of(FEATURES, 3));
        assertArrayEquals(new double[0],         Aggregate.SUM.of(new double[0], 3));
    }

    @Test
    void labelsAreTheCommandLines() {
        assertEquals("sum", Aggregate.SUM.label());
        assertEquals("l2", Aggregate.L2.label());
        assertEquals("l1", Aggregate.L1.label());
    }
}
