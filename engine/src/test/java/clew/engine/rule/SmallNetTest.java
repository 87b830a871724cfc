package clew.engine.rule;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clew.engine.kernel.Activation;
import clew.engine.kernel.ScalarKernels;
import clew.engine.op.Activate;
import clew.engine.op.Linear;
import clew.engine.tape.Cotangent;
import clew.engine.tape.Tape;
import clew.engine.tensor.Rows;
import clew.engine.tensor.Tensor;
import clew.engine.tensor.Weight;
import clew.engine.tensor.Weight.Layout;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The net of every LRP tutorial: Linear(3, 3) of twos → ReLU → Linear(3, 1) of threes, no biases, x = (1, 2, 3).
///
/// The explained value is the output itself, so the seed is 1 and the relevances of x sum to the output.
class SmallNetTest {
    private static final double[] X = {1, 2, 3};

    @Test
    void epsilonGives18_36_54() {
        assertArrayEquals(new double[] {18, 36, 54}, relevance(2, new LinearRule.Epsilon(1e-12)), 1e-9);
    }

    @Test
    void zeroAndZPlusGiveTheSameWhereNothingIsNegative() {
        assertArrayEquals(new double[] {18, 36, 54}, relevance(2, new LinearRule.Zero()), 1e-12);
        assertArrayEquals(new double[] {18, 36, 54}, relevance(2, new LinearRule.AlphaBeta(1, 0, 0)), 1e-12);
    }

    @Test
    void alpha1Beta0SkipsTheNegativeWeight() {
        assertArrayEquals(new double[] {12, 33.6, 50.4}, relevance(-2, new LinearRule.AlphaBeta(1, 0, 0)), 1e-12);
    }

    @Test
    void gammaFavoursPositiveWeights() {
        // every input and every output is positive here, so that W + γ·max(W, 0) and its generalisation agree
        var one     = new double[] {28 / 3.0, 104 / 3.0, 52};
        var quarter = new double[] {52 / 7.0, 248 / 7.0, 372 / 7.0};
        assertArrayEquals(one, relevance(-2, new LinearRule.Gamma(1, 0)), 1e-12);
        assertArrayEquals(quarter, relevance(-2, new LinearRule.Gamma(0.25, 0)), 1e-12);
    }

    @Test
    void epsilonIsAbsorbedInProportion() {
        // ε = 4 on z = (12, 12, 12) and 108: three quarters pass the first layer, 108/112 the second
        var passed = 12 / 16.0 * 108 / 112.0;
        var expected = new double[] {18 * passed, 36 * passed, 54 * passed};
        assertArrayEquals(expected, relevance(2, new LinearRule.Epsilon(4)), 1e-12);
    }

    @Test
    void aZeroInputCountsAsPositive() {
        for (var rule : new LinearRule[] {new LinearRule.Gamma(1, 0), new LinearRule.AlphaBeta(2, 1, 0)}) {
            double[] zero = gradient(2, rule, 0, 2, 3), above = gradient(2, rule, 1e-300, 2, 3);
            double[] below = gradient(2, rule, -1e-300, 2, 3), minus = gradient(2, rule, -0.0, 2, 3);
            assertArrayEquals(above, zero, 1e-12, rule::toString);
            assertArrayEquals(above, minus, 1e-12, rule::toString);
            assertTrue(Math.abs(above[0] - below[0]) > 0.1, rule::toString);
        }
    }

    private static double[] relevance(double first, LinearRule rule) {
        var r = gradient(first, rule, X);
        for (int i = 0; i < r.length; i++) r[i] *= X[i];
        return r;
    }

    private static double[] gradient(double first, LinearRule rule, double... input) {
        var tape = new Tape(new ScalarKernels(), Tape.Memory.KEEP);
        var twos = new double[9];
        Arrays.fill(twos, 2);
        twos[0] = first;                                                                              // w[0][0]
        var x = tape.leaf(Tensor.of(input, 1, 3));
        var w = tape.leaf(Tensor.of(twos, 3, 3));
        var v = tape.leaf(Tensor.of(new double[] {3, 3, 3}, 1, 3));
        var z = tape.record(new Linear(x, w, Weight.whole(w.tensor(), Layout.OUT_IN), null, "hidden"));    // [1, 3]
        var h = tape.record(new Activate(Activation.RELU, z));
        var y = tape.record(new Linear(h, v, Weight.whole(v.tensor(), Layout.OUT_IN), null, "out"));       // [1, 1]
        var seed = new Cotangent(Tensor.of(new double[] {1}, 1, 1), Rows.all(1));
        return tape.backward(y, seed, RuleSets.ATTN_LRP.with("**", rule), Set.of(x)).of(x).of(0);
    }
}
