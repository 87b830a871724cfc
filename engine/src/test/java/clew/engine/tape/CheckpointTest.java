package clew.engine.tape;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clew.engine.kernel.Activation;
import clew.engine.kernel.ScalarKernels;
import clew.engine.op.Activate;
import clew.engine.op.Cases;
import clew.engine.op.Gated;
import clew.engine.rule.RuleSet;
import clew.engine.rule.RuleSets;
import clew.engine.tensor.Rows;
import clew.engine.tensor.Tensor;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// A tape with checkpoints says what a tape that keeps everything says, and holds less.
class CheckpointTest {
    private record Net(Tape tape, Value x, Value inner, Value border, Value y) {
        Cotangents back(RuleSet rules, Value... wanted) {
            return tape.backward(y, new Cotangent(Cases.normal("g", 4, 5), Rows.all(4)), rules, Set.of(wanted));
        }
    }

    /// Three stretches of two ops each.
    private static Net net(Tape.Memory memory) {
        return net(new Tape(new ScalarKernels(), memory));
    }

    private static Net net(Tape tape) {
        var x = tape.leaf(Cases.normal("x", 4, 5));
        Value inner = x, border = x, y = x;
        for (int i = 0; i < 3; i++) {
            inner = tape.record(new Activate(Activation.SILU, y));
            y = tape.record(new Gated(inner, y));
            if (i < 2) tape.checkpoint(Set.of(border = y), 2 - i);
        }
        return new Net(tape, x, tape.nodes().get(2).y(), border, y);
    }

    @Test
    void saysTheSameBackwardsAnyNumberOfTimes() {
        Net kept = net(Tape.Memory.KEEP), again = net(Tape.Memory.CHECKPOINTS);
        assertArrayEquals(kept.y.tensor().toDoubles(), again.y.tensor().toDoubles());
        for (var rules : List.of(RuleSets.GRADIENT, RuleSets.ATTN_LRP, RuleSets.GRADIENT)) {
            Cotangents a = kept.back(rules, kept.x, kept.inner), b = again.back(rules, again.x, again.inner);
            assertArrayEquals(a.of(kept.x).of(0), b.of(again.x).of(0));
            assertArrayEquals(a.of(kept.inner).of(0), b.of(again.inner).of(0));
        }
    }

    @Test
    void holdsOnlyCheckpointsAndTheLastStretch() {
        var net = net(Tape.Memory.CHECKPOINTS);
        for (int reading = 0; reading < 2; reading++) {
            var gone = assertThrows(IllegalStateException.class, () -> net.inner.tensor());
            assertEquals("value 3 [4, 5] was let go at a checkpoint: keep it by name", gone.getMessage());
            assertEquals(4, net.inner.rows());
            assertEquals(20, net.border.tensor().size());
            assertEquals(2, net.tape.nodes().stream().limit(4).filter(n -> n.y().isGone()).count());
            net.back(RuleSets.GRADIENT, net.x);
        }
    }

    @Test
    void aTapeThatKeepsHeedsNoCheckpoint() {
        var net = net(Tape.Memory.KEEP);
        assertTrue(net.tape.nodes().stream().noneMatch(n -> n.y().isGone()));
        Tensor inner = net.inner.tensor();
        assertEquals(20, inner.size());
    }

    /// All six values are cheap; those at checkpoints and behind the last stay.
    @Test
    void aLargeTapeKeepsNothingCheapAndSaysTheSame() {
        Net kept = net(Tape.Memory.KEEP);
        Net lean = net(new Tape(new ScalarKernels(), Tape.Memory.KEEP, 1000, 500, () -> {}));
        assertFalse(lean.tape.worksWithCheckpoints());
        for (int reading = 0; reading < 2; reading++) {
            assertEquals(2, lean.tape.nodes().stream().filter(n -> n.y().isGone()).count());
            for (var rules : List.of(RuleSets.GRADIENT, RuleSets.ATTN_LRP)) {
                Cotangents a = kept.back(rules, kept.x, kept.inner), b = lean.back(rules, lean.x, lean.inner);
                assertArrayEquals(a.of(kept.x).of(0), b.of(lean.x).of(0));
                assertArrayEquals(a.of(kept.inner).of(0), b.of(lean.inner).of(0));
            }
        }
    }

    /// Six values of 20 doubles are 960 bytes.
    @Test
    void theBudgetIsForAllStretchesTogether() {
        var fits = net(new Tape(new ScalarKernels(), Tape.Memory.KEEP, 960, () -> {})).tape;
        assertFalse(fits.worksWithCheckpoints());
        assertEquals(960, fits.bytes());
        var over = net(new Tape(new ScalarKernels(), Tape.Memory.KEEP, 959, () -> {})).tape;
        assertTrue(over.worksWithCheckpoints());
        assertEquals(4 * 160, over.bytes(), "two borders and the last stretch");
    }
}
