package clew.engine.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

/// The levels are what their papers say, the nearest is the nearest, and an element is its level times its scale.
class CodingTest {
    private static final double END = 0.9677083;

    /// Eight steps above zero, seven below, each the quantile of a normal distribution, over the largest of all.
    @Test
    void levelsOfNf4AreQuantilesOfTheNormalDistribution() {
        var expected = new double[16];
        var largest = quantile(END);
        for (int i = 0; i < 8; i++) expected[15 - i] = quantile(END + (0.5 - END) * i / 8) / largest;
        for (int i = 0; i < 7; i++) expected[i] = -quantile(END + (0.5 - END) * i / 7) / largest;
        var levels = new double[16];
        for (int i = 0; i < 16; i++) levels[i] = NormalFloat.level(i);
        assertArrayEquals(expected, levels, 1e-6);
        assertEquals(0, NormalFloat.level(7));
    }

    @Test
    void dynamicLevelsAreManyNearZeroAndReachOne() {
        assertEquals(1, DynamicFloat.level(255));
        assertEquals(0, DynamicFloat.level(127));
        assertEquals(0.55e-6f, DynamicFloat.level(128), 1e-12f);            // the one level of the last decade
        assertEquals(-0.55e-6f, DynamicFloat.level(126), 1e-12f);
        assertEquals(0.1f + 0.9f * 63.5f / 64, DynamicFloat.level(254), 1e-6f);
        for (int i = 0; i < 255; i++) assertTrue(DynamicFloat.level(i) < DynamicFloat.level(i + 1), "level " + i);
        for (int decade = 0; decade < 7; decade++) {
            double from = Math.pow(10, decade - 7), to = 10 * from;
            var count = 0;
            for (int i = 128; i < 255; i++) if (DynamicFloat.level(i) > from && DynamicFloat.level(i) < to) count++;
            assertEquals(1 << decade, count, "levels from " + from);
        }
    }

    @Test
    void nearestIsTheLevelThatIsNearest() {
        nearest(16, i -> NormalFloat.nearest(Float.intBitsToFloat(i)), NormalFloat::level);
        nearest(256, i -> DynamicFloat.nearest(Float.intBitsToFloat(i)), DynamicFloat::level);
    }

    private static void nearest(int count, IntUnaryOperator nearest, ToDoubleFunction<Integer> level) {
        var random = new Random(5);
        for (int n = 0; n < 20_000; n++) {
            var x = (float) random.nextGaussian() * (n % 2 == 0 ? 0.7f : 1e-3f);
            var found = Math.abs(level.applyAsDouble(nearest.applyAsInt(Float.floatToIntBits(x))) - x);
            for (int i = 0; i < count; i++)
                assertTrue(found <= Math.abs(level.applyAsDouble(i) - x) + 6e-8, x + " has a nearer level " + i);
        }
    }

    @Test
    void anElementIsItsLevelTimesItsBlocksScale() {
        var codes = new byte[2 * 32];
        codes[5] = (byte) 0xE1;                          // elements 5 and 37 of the first block
        codes[32] = (byte) 0x0F;                         // elements 64 and 96
        var nf4 = coded(Coding.NF4, codes, new Scales.Plain(floats(2, 10)), 100);
        assertEquals(2 * NormalFloat.level(1), (float) nf4.get(5));
        assertEquals(2 * NormalFloat.level(14), (float) nf4.get(37));
        assertEquals(10, nf4.get(64));
        assertEquals(-10, nf4.get(96));
        var bytes = new byte[128];
        bytes[99] = -7;
        assertEquals(-70, coded(Coding.INT8, bytes, new Scales.Plain(floats(2, 10)), 100).get(99));
        assertEquals(DType.F32, nf4.dtype());
    }

    /// `mean + level · largest of the group`.
    @Test
    void aScaleMayBeQuantisedItself() {
        var codes = new byte[257];
        codes[1] = (byte) 255;
        codes[256] = 126;
        var scales = new Scales.Doubled(MemorySegment.ofArray(codes), floats(3, 4), 0.5f);
        assertEquals(3.5f, scales.at(1));
        assertEquals(-3 * 1f + 0.5f, scales.at(0), 0.1f);                   // the lowest level lies a little above −1
        assertEquals(4 * DynamicFloat.level(126) + 0.5f, scales.at(256));
        assertThrows(IllegalArgumentException.class,
            () -> new Scales.Doubled(MemorySegment.ofArray(codes), floats(3), 0.5f));
    }

    @Test
    void codesAndScalesMustBeThoseOfTheElements() {
        assertThrows(IllegalArgumentException.class,
            () -> coded(Coding.NF4, new byte[31], new Scales.Plain(floats(1)), 64));
        assertThrows(IllegalArgumentException.class,
            () -> coded(Coding.INT8, new byte[128], new Scales.Plain(floats(1)), 65));
    }

    private static Tensor coded(Coding coding, byte[] codes, Scales scales, int elements) {
        return new Tensor(Shape.of(elements),
            new Storage.Coded(coding, MemorySegment.ofArray(codes), scales, elements));
    }

    private static MemorySegment floats(float... values) {
        var bytes = MemorySegment.ofArray(new byte[4 * values.length]);
        for (int i = 0; i < values.length; i++) bytes.set(Scales.F32, 4L * i, values[i]);
        return bytes;
    }

    /// Φ⁻¹(p) by bisection; Φ as an integral by Simpson's rule.
    private static double quantile(double p) {
        double low = 0, high = 4;
        while (high - low > 1e-12) {
            var middle = (low + high) / 2;
            if (normal(middle) < p) low = middle;
            else high = middle;
        }
        return low;
    }

    private static double normal(double x) {
        var steps = 2000;
        double sum = 0, h = x / steps;
        for (int i = 0; i <= steps; i++) {
            var weight = i == 0 || i == steps ? 1 : i % 2 == 1 ? 4 : 2;
            sum += weight * Math.exp(-(i * h) * (i * h) / 2);
        }
        return 0.5 + sum * h / 3 / Math.sqrt(2 * Math.PI);
    }
}
