package clew.engine.kernel.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clew.engine.kernel.Activation;
import clew.engine.kernel.Activation.Curve;
import clew.engine.kernel.Kernels;
import clew.engine.kernel.ScalarKernels;
import clew.engine.tensor.Tensor;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/// The exponential and the curves made of it against float64, on a fine grid of floats and at the edges.
class ExpTest {
    private static final int POINTS = 1 << 18;
    private static final Kernels SCALAR = new ScalarKernels();

    @Test
    void expIsGoodToOneInTenMillionWhereItIsNormal() {
        var x = grid(-87.3f, 88.7f);
        assertRelative(1e-7, x, exp(x), Math::exp);
    }

    @Test
    void expGoesThroughTheDenormalsToZero() {
        var x = grid(-104f, -87.3f);
        var y = exp(x);
        for (int i = 0; i < x.length; i++) {
            var expected = Math.exp(x[i]);
            assertEquals(expected, y[i], Float.MIN_VALUE + 1e-7 * expected, "exp(" + x[i] + ")");
        }
    }

    @Test
    void expAtTheEdges() {
        float[] x = {0, -0f, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY, 88.72283f, 88.7229f, -103.9f, -104f,
                     -Float.MAX_VALUE, Float.MAX_VALUE, Float.MIN_VALUE, Float.NaN};
        float[] expected = {1, 1, 0, Float.POSITIVE_INFINITY, (float) Math.exp(88.72283f), Float.POSITIVE_INFINITY,
                            Float.MIN_VALUE, 0, 0, Float.POSITIVE_INFINITY, 1, Float.NaN};
        var y = exp(x);
        for (int i = 0; i < x.length; i++)
            assertTrue(Float.compare(expected[i], y[i]) == 0 || Math.abs(y[i] / expected[i] - 1) < 1e-7,
                "exp(" + x[i] + ") = " + y[i]);
    }

    @Test
    void sigmoidIsGoodToTwoInTenMillion() {
        var x = grid(-87f, 100f);
        assertRelative(2e-7, x, curve(Activation.SILU, Curve.GATE, x), v -> 1 / (1 + Math.exp(-v)));
    }

    @Test
    void tanhKeepsItsRelativePrecisionDownToZero() {
        for (var points : new float[][] {grid(-12, 12), grid(-1e-3f, 1e-3f)}) {
            assertRelative(2e-7, points, curve(Activation.TANH, Curve.VALUE, points), Math::tanh);
            var gates = curve(Activation.TANH, Curve.GATE, points);
            assertRelative(2e-7, points, gates, v -> v == 0 ? 1 : Math.tanh(v) / v);
        }
        float[] x = {Float.NEGATIVE_INFINITY, -0f, Float.POSITIVE_INFINITY, Float.NaN};
        var ends = curve(Activation.TANH, Curve.VALUE, x);
        assertEquals(-1, ends[0]);
        assertEquals(0, ends[1]);
        assertEquals(1, ends[2]);
        assertTrue(Float.isNaN(ends[3]));
    }

    @Test
    void erfGivesPhiAndGeluToOneInTenMillion() {
        var x = grid(-14, 14);
        float[] phi = curve(Activation.GELU, Curve.GATE, x), gelu = curve(Activation.GELU, Curve.VALUE, x);
        var expected = SCALAR.curve(Activation.GELU, Curve.GATE, Tensor.of(x, x.length)).toDoubles();
        for (int i = 0; i < x.length; i++) {
            assertEquals(expected[i], phi[i], 1e-7, "Φ(" + x[i] + ")");
            if (x[i] > -5) assertEquals(expected[i], phi[i], 1e-6 * expected[i], "Φ(" + x[i] + "), relatively");
            assertEquals(x[i] * expected[i], gelu[i], 1e-7 * Math.max(1, Math.abs(x[i])), "gelu(" + x[i] + ")");
        }
    }

    @Test
    void theDefinitionOfErfMeetsPublishedValues() {
        double[] z = {0.1, 0.5, 1, 2, 2.9, 3, 3.5, 5};
        double[] erf = {0.112462916018284892, 0.520499877813046538, 0.842700792949714869, 0.995322265018952734,
                        0.999958902121900546, 0.999977909503001415, 0.999999256901627658, 0.999999999998462540};
        for (int i = 0; i < z.length; i++) {
            var x = Tensor.of(new double[] {z[i] * Math.sqrt(2)}, 1);
            var gate = SCALAR.curve(Activation.GELU, Curve.GATE, x).get(0);
            assertEquals(erf[i], 2 * gate - 1, 4e-16, "erf(" + z[i] + ")");
        }
    }

    @Test
    void everySlopeEndsWhereItsLimitIs() {
        float[] x = {-1e30f, -200, 200, 1e30f};
        for (var f : Activation.values()) {
            var y = curve(f, Curve.SLOPE, x);
            var right = f == Activation.TANH ? 0 : 1;
            for (int i = 0; i < x.length; i++) assertEquals(x[i] < 0 ? 0 : right, y[i], f + " slope at " + x[i]);
        }
    }

    @Test
    void anElementHasTheSameBitsWhereverItLies() {
        var x = grid(-9, 9);
        for (var f : Activation.values())
            for (var curve : Curve.values()) {
                var all = curve(f, curve, x);
                for (int at : new int[] {0, 1, 1023, 5000, POINTS - 1})
                    assertEquals(all[at], curve(f, curve, x[at])[0], 0f, f + " " + curve);
            }
    }

    private static void assertRelative(double tolerance, float[] x, float[] y, DoubleUnaryOperator definition) {
        for (int i = 0; i < x.length; i++) {
            var expected = definition.applyAsDouble(x[i]);
            assertEquals(expected, y[i], tolerance * Math.abs(expected), "at " + x[i]);
        }
    }

    private static float[] exp(float[] x) {
        var padded = Arrays.copyOf(x, Lanes.roundUp(x.length));
        Exp.exp(padded, 0, 1, padded, padded.length);
        return Arrays.copyOf(padded, x.length);
    }

    private static float[] curve(Activation f, Curve curve, float... x) {
        var y = new float[x.length];
        CurveBlocks.at(f, curve, x, y, 0, x.length);
        return y;
    }

    private static float[] grid(float from, float to) {
        var x = new float[POINTS];
        for (int i = 0; i < POINTS; i++) x[i] = (float) (from + (double) (to - from) * i / (POINTS - 1));
        return x;
    }
}
