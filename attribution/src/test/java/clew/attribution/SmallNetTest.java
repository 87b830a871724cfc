package clew.attribution;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import clew.engine.kernel.Activation;
import clew.engine.kernel.ScalarKernels;
import clew.engine.op.Activate;
import clew.engine.op.Linear;
import clew.engine.rule.RuleSets;
import clew.engine.tape.Cotangent;
import clew.engine.tape.Tape;
import clew.engine.tape.Value;
import clew.engine.tensor.Rows;
import clew.engine.tensor.Tensor;
import clew.engine.tensor.Weight;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/// The small nets whose attributions everybody publishes, on this engine's ops (Sundararajan et al. 2017; Captum's
/// tests).
final class SmallNetTest {
    /// A net under way: x, the layer asked about, the output.
    private record Net(Tape tape, Value x, Value layer, Value y) {
        double[] gradient(Value of) {
            var seed = new Cotangent(Tensor.of(new double[] {1}, 1, 1), Rows.all(1));
            return tape.backward(y, seed, RuleSets.GRADIENT, Set.of(of)).of(of).of(0);
        }
    }

    private static Value linear(Tape tape, Value x, double[] bias, double... weights) {
        var w = tape.leaf(Tensor.of(weights, bias.length, weights.length / bias.length));
        var b = tape.leaf(Tensor.of(bias, bias.length));
        return tape.record(new Linear(x, w, Weight.whole(w.tensor(), Weight.Layout.OUT_IN), b, "layer"));
    }

    private static Value relu(Tape tape, Value x) {
        return tape.record(new Activate(Activation.RELU, x));
    }

    /// `ReLU(ReLU(x₁) − 1 − ReLU(x₂))`.
    private static Net difference(double[] at) {
        var tape = new Tape(new ScalarKernels(), Tape.Memory.KEEP);
        var x = tape.leaf(Tensor.of(at, at.length / 2, 2));
        var y = relu(tape, linear(tape, relu(tape, x), new double[] {-1}, 1, -1));
        return new Net(tape, x, x, y);
    }

    /// Captum's net of layers: identity, `[100·1 − 10, 1, 1, 1]` with ReLU, and a sum.
    private static Net layers(double[] at) {
        var tape = new Tape(new ScalarKernels(), Tape.Memory.KEEP);
        var x = tape.leaf(Tensor.of(at, 1, 3));
        var first = linear(tape, x, new double[3], 1, 0, 0, 0, 1, 0, 0, 0, 1);
        var second = linear(tape, first, new double[] {-10, 1, 1, 1}, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1);
        return new Net(tape, x, first, linear(tape, relu(tape, second), new double[] {-1}, 1, 1, 1, 1));
    }

    private static double[] integrated(Function<double[], Net> net, Line line, Quadrature quadrature, int steps) {
        var rule = quadrature.rule(steps);
        var mean = new double[line.to().length];
        for (int i = 0; i < steps; i++) {
            var there = net.apply(line.at(rule.alphas()[i]));
            Line.add(mean, there.gradient(there.x()), rule.weights(), i);
        }
        return line.times(mean);
    }

    @Test
    void integratedGradientsOfADifferenceOfRelus() {
        var line = new Line(new double[2], new double[] {3, 1});
        var expected = new double[] {1.5, -0.5};
        assertArrayEquals(expected, integrated(SmallNetTest::difference, line, Quadrature.RIEMANN_MIDDLE, 50), 1e-12);
        assertArrayEquals(expected, integrated(SmallNetTest::difference, line, Quadrature.GAUSS_LEGENDRE, 50), 1e-12);
    }

    /// The same net by DeepLIFT's rule, as Captum computes it: inputs and baseline are two rows of one pass.
    @Test
    void deepLiftOfADifferenceOfRelus() {
        var net = difference(new double[] {3, 1, 0, 0});
        var seed = new Cotangent(Tensor.of(new double[] {1}, 1, 1), new Rows(2, List.of(new Rows.Run(0, 0, 0, 1))));
        var m = net.tape.backward(net.y, seed, RuleSets.DEEP_LIFT, Set.of(net.x)).of(net.x).of(0);
        assertArrayEquals(new double[] {1.5, -0.5}, new double[] {3 * m[0], m[1]}, 1e-15);
    }

    /// Players are the inputs, absent ones 0; v is the first output.
    @Test
    void shapleyValuesOfTheNetOfLayers() {
        var x = new double[] {20, 50, 30};
        Game game = new Game() {
            @Override
            public int players() {
                return 3;
            }

            @Override
            public double[][] values(List<BitSet> coalitions) {
                return coalitions.stream().map(s -> new double[] {layers(Products.of(x, row(s))).y().tensor().get(0)})
                    .toArray(double[][]::new);
            }
        };
        var phi = Shapley.of(game);
        var expected = new double[] {230 / 3.0, 590 / 3.0, 350 / 3.0};               // 76.67, 196.67, 116.67
        for (int i = 0; i < 3; i++) assertEquals(expected[i], phi[i][0], 1e-12);
    }

    /// In Captum's form a step has the gradient of its left end: of the step in which the second layer's ReLU opens, at
    /// α = 0.1, the 100 that x₂ goes for every unit of α are lost, and no node is further from the next than π/2n.
    @Test
    void conductanceOfTheFirstLayer() {
        var line = new Line(new double[3], new double[] {0, 100, 0});
        var sum = new LayerConductance.Steps();
        for (double alpha : Quadrature.GAUSS_LEGENDRE.rule(2001).alphas()) {
            var there = layers(line.at(alpha));
            sum.next(there.layer().tensor().toDoubles(), there.gradient(there.layer()));
        }
        assertArrayEquals(new double[] {0, 390, 0}, sum.sum, 100 * Math.PI / 2 / 2001 + 1e-9);
        assertEquals(0, sum.sum[0]);
        assertEquals(0, sum.sum[2]);
        assertEquals(390, layers(line.to()).y().tensor().get(0) - layers(line.from()).y().tensor().get(0), 1e-12);
    }
}
