package clew.engine.tape;

import static org.junit.jupiter.api.Assertions.assertTrue;

import clew.engine.kernel.Activation;
import clew.engine.kernel.ScalarKernels;
import clew.engine.op.Activate;
import clew.engine.op.Cases;
import clew.engine.op.LayerNorm;
import clew.engine.op.Linear;
import clew.engine.rule.RuleSets;
import clew.engine.tensor.Rows;
import clew.engine.tensor.Tensor;
import clew.engine.tensor.Weight;
import clew.engine.tensor.Weight.Layout;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Gradients of weights are good enough to learn by: full-batch descent on `½ Σ (y − t)²` goes down at every step.
class TrainingTest {
    private static final int R = 12;
    private static final double RATE = 0.003;

    private record Step(double loss, List<Tensor> weights) {}

    @Test
    void descentOnEveryWeightLowersTheLossAtEveryStep() {
        var x = Cases.normal("inputs", R, 3);
        var targets = new double[R];
        for (int r = 0; r < R; r++) targets[r] = Math.tanh(x.get(3 * r)) - 0.5 * x.get(3 * r + 1) * x.get(3 * r + 2);
        var weights = List.of(Cases.normal("w", 8, 3), Cases.normal("b", 8), Cases.normal("scale", 8),
                              Cases.normal("shift", 8), Cases.normal("v", 8, 1), Cases.normal("c", 1));
        double first = Double.POSITIVE_INFINITY, last = first;
        for (int i = 0; i < 400; i++) {
            var step = step(x, targets, weights);
            var before = last;
            assertTrue(step.loss < before, () -> "from " + before + " to " + step.loss);
            if (i == 0) first = step.loss;
            last = step.loss;
            weights = step.weights;
        }
        double start = first, end = last;
        assertTrue(end < 0.05 * start, () -> "from " + start + " to " + end);
    }

    private static Step step(Tensor inputs, double[] targets, List<Tensor> weights) {
        var tape = new Tape(new ScalarKernels(), Tape.Memory.KEEP);
        var w = weights.stream().map(tape::leaf).toList();
        var h = tape.record(linear(tape.leaf(inputs), w.get(0), Layout.OUT_IN, w.get(1), "in"));              // [R, 8]
        var a = tape.record(new Activate(Activation.GELU, h));
        var n = tape.record(new LayerNorm(a, w.get(2), w.get(3), 1e-5));
        var y = tape.record(linear(n, w.get(4), Layout.IN_OUT, w.get(5), "out"));                             // [R, 1]
        var error = y.tensor().toDoubles();
        var loss = 0.0;
        for (int r = 0; r < R; r++) {
            error[r] -= targets[r];
            loss += 0.5 * error[r] * error[r];
        }
        var seed = new Cotangent(Tensor.of(error, R, 1), Rows.all(R));
        var back = tape.backward(y, seed, RuleSets.GRADIENT, new HashSet<>(w));
        var moved = new ArrayList<Tensor>();
        for (var value : w) moved.add(down(value.tensor(), back.of(value).g()));
        return new Step(loss, moved);
    }

    private static Linear linear(Value x, Value w, Layout layout, Value b, String site) {
        return new Linear(x, w, Weight.whole(w.tensor(), layout), b, site);
    }

    private static Tensor down(Tensor w, Tensor gradient) {
        var values = w.toDoubles();
        for (int i = 0; i < values.length; i++) values[i] -= RATE * gradient.get(i);
        return Tensor.of(values, w.shape().dims());
    }
}
