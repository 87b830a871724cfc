package clew.engine.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import clew.engine.kernel.ScalarKernels;
import clew.engine.rule.RuleSet;
import clew.engine.rule.RuleSets;
import clew.engine.tape.Cotangent;
import clew.engine.tape.Tape;
import clew.engine.tape.Value;
import clew.engine.tensor.Rows;
import clew.engine.tensor.Tensor;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The numbers of `docs/ops/rms-norm.md`.
final class RmsNormPageTest {
    private static final double[] X = {1, 2, 2};

    @Test
    void forwardBringsTheRowToUnitMeanSquare() {
        assertArrayEquals(new double[] {0.577350, 1.154701, 1.154701}, norm().y.tensor().toDoubles(), 5e-7);
    }

    @Test
    void gradientStandsAtRightAnglesToTheInput() {
        var g = norm().back(RuleSets.GRADIENT);
        assertArrayEquals(new double[] {-0.128300, -0.256600, 0.320750}, g, 5e-7);
        assertEquals(0, g[0] * X[0] + g[1] * X[1] + g[2] * X[2], 1e-15);
    }

    @Test
    void relevanceSumsToWhatIsExplained() {
        var g = norm().back(RuleSets.ATTN_LRP);
        assertArrayEquals(new double[] {0, 0, 1.154701}, new double[] {X[0] * g[0], X[1] * g[1], X[2] * g[2]}, 5e-7);
    }

    private record Normed(Tape tape, Value x, Value y) {
        double[] back(RuleSet rules) {
            var seed = new Cotangent(Tensor.of(new double[] {0, 0, 1}, 1, 3), Rows.all(1));
            return tape.backward(y, seed, rules, Set.of(x)).of(x).of(0);
        }
    }

    private static Normed norm() {
        var tape = new Tape(new ScalarKernels(), Tape.Memory.KEEP);
        var x = tape.leaf(Tensor.of(X, 1, 3));
        var w = tape.leaf(Tensor.of(new double[] {1, 1, 1}, 3));
        return new Normed(tape, x, tape.record(new RmsNorm(x, w, 0)));
    }
}
