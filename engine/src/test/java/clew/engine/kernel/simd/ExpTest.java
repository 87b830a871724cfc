package clew.engine.kernel.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clew.engine.kernel.Activation;
import clew.engine.kernel.Activation.Curve;
import clew.engine.kernel.Kernels;
import clew.engine.kernel.ScalarKernels;
import clew.engine.tensor.Tensor;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;

/// The vector functions against float64, on a fine grid of floats and at the edges.
class ExpTest {
    private static final int POINTS = 1 << 18;
    private static final Kernels SCALAR = new ScalarKernels();

    @Test
    void expIsGoodToOneInTenMillionWhereItIsNormal() {
        assertRelative(1e-7, grid(-87.3f, 88.7f), Exp::exp, Math::exp);
    }

    @Test
    void expGoesThroughTheDenormalsToZero() {
        var x = grid(-104f, -87.3f);
        var y = apply(Exp::exp, x);
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
        var y = apply(Exp::exp, x);
        for (int i = 0; i < x.length; i++)
            assertTrue(Float.compare(expected[i], y[i]) == 0 || Math.abs(y[i] / expected[i] - 1) < 1e-7,
                "exp(" + x[i] + ") = " + y[i]);
    }

    @Test
    void sigmoidIsGoodToTwoInTenMillion() {
        assertRelative(2e-7, grid(-87f, 100f), Exp::sigmoid, v -> 1 / (1 + Math.exp(-v)));
    }

    @Test
    void tanhKeepsItsRelativePrecisionDownToZero() {
        assertRelative(2e-7, grid(-12, 12), Exp::tanh, Math::tanh);
        assertRelative(2e-7, grid(-1e-3f, 1e-3f), Exp::tanh, Math::tanh);
        assertRelative(2e-7, grid(-1, 1), Exp::tanhOverX, v -> v == 0 ? 1 : Math.tanh(v) / v);
        float[] ends = apply(Exp::tanh, Float.NEGATIVE_INFINITY, -0f, Float.POSITIVE_INFINITY, Float.NaN);
        assertEquals(-1, ends[0]);
        assertEquals(0, ends[1]);
        assertEquals(1, ends[2]);
        assertTrue(Float.isNaN(ends[3]));
    }

    @Test
    void erfGivesPhiAndGeluToOneInTenMillion() {
        var x = grid(-14, 14);
        var y = apply(v -> Exp.normal(v, Exp.bell(v)), x);
        var expected = SCALAR.curve(Activation.GELU, Curve.GATE, Tensor.of(x, x.length)).toDoubles();
        for (int i = 0; i < x.length; i++) {
            assertEquals(expected[i], y[i], 1e-7, "Φ(" + x[i] + ")");
            if (x[i] > -5) assertEquals(expected[i], y[i], 1e-6 * expected[i], "Φ(" + x[i] + "), relatively");
            assertEquals(x[i] * expected[i], x[i] * y[i], 1e-7 * Math.max(1, Math.abs(x[i])), "gelu(" + x[i] + ")");
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
            var y = new float[x.length];
            CurveLoops.at(f, Curve.SLOPE, x, y, 0, x.length);
            var right = f == Activation.TANH ? 0 : 1;
            for (int i = 0; i < x.length; i++) assertEquals(x[i] < 0 ? 0 : right, y[i], f + " slope at " + x[i]);
        }
    }

    private static void assertRelative(
            double tolerance, float[] x, UnaryOperator<FloatVector> f, DoubleUnaryOperator definition) {
        var y = apply(f, x);
        for (int i = 0; i < x.length; i++) {
            var expected = definition.applyAsDouble(x[i]);
            assertEquals(expected, y[i], tolerance * Math.abs(expected), "at " + x[i]);
        }
    }

    private static float[] apply(UnaryOperator<FloatVector> f, float... x) {
        var y = new float[x.length];
        for (int i = 0; i < x.length; i += Lanes.L) {
            var m = Lanes.tail(i, x.length);
            f.apply(Lanes.load(x, i, m)).intoArray(y, i, m);
        }
        return y;
    }

    private static float[] grid(float from, float to) {
        var x = new float[POINTS];
        for (int i = 0; i < POINTS; i++) x[i] = (float) (from + (double) (to - from) * i / (POINTS - 1));
        return x;
    }
}
