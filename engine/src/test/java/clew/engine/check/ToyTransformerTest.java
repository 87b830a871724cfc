package clew.engine.check;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clew.engine.kernel.ScalarKernels;
import clew.engine.op.Case;
import clew.engine.op.Embed;
import clew.engine.rule.LinearRule;
import clew.engine.rule.RuleSet;
import clew.engine.rule.RuleSets;
import clew.engine.tape.Cotangent;
import clew.engine.tape.Entry;
import clew.engine.tape.Tape;
import clew.engine.tape.Value;
import clew.engine.tensor.Rows;
import clew.engine.tensor.Rows.Run;
import clew.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Laws of a whole pass: B = 2 sequences, K = 3 seeds, every op of GPT-2 and of Llama.
class ToyTransformerTest {
    /// Of the four rows of logits: seed 0 explains the first, seed 1 both of sequence 1, seed 2 one of either.
    private static final Rows ROWS =
        new Rows(4, List.of(new Run(0, 0, 0, 1), new Run(1, 1, 2, 2), new Run(2, 3, 1, 1), new Run(2, 4, 3, 1)));

    private static List<RuleSet> readings() {
        var readings = new ArrayList<>(RuleSets.conserving());
        readings.add(RuleSets.epsilon(0.1));
        readings.add(RuleSets.gamma(1, 0.1));
        readings.add(RuleSets.alphaBeta(1.5, 0.5, 0.1));
        readings.add(RuleSets.CP_LRP.with("blocks.*.mlp.**", new LinearRule.Gamma(0.5, 1e-3)));
        return readings;
    }

    private record Pass(Tape tape, Value logits, Cotangent seed) {
        static Pass of(Toy toy) {
            var tape = new Tape(new ScalarKernels(), Tape.Memory.KEEP);
            var logits = toy.on(tape);
            return new Pass(tape, logits, Case.cotangent(logits, ROWS, 23));
        }

        Set<Value> embeddings() {
            var embeddings = new HashSet<Value>();
            for (var node : tape.nodes()) if (node.op() instanceof Embed) embeddings.add(node.y());
            return embeddings;
        }

        LedgerCheck ledger(RuleSet rules) {
            return LedgerCheck.of(tape, logits, seed, rules, embeddings());
        }
    }

    @ParameterizedTest
    @EnumSource
    void gradientEqualsCentralDifferenceForEveryWeight(Toy toy) {
        var check = GradientCheck.of(toy, toy.inputs(), ROWS, 1, 2);
        assertEquals(2 * toy.inputs().size(), check.projections().size(), "one sum over seeds per weight and draw");
        assertTrue(check.worst() < 1e-9, () -> check.worst() + ": " + check);
    }

    @ParameterizedTest
    @EnumSource
    void theLedgerClosesUnderEveryRecipe(Toy toy) {
        var pass = Pass.of(toy);
        for (var rules : readings()) {
            var ledger = pass.ledger(rules);
            for (int k = 0; k < 3; k++)
                assertEquals(0, ledger.gap()[k], 1e-9 * Math.abs(ledger.explained()[k]), rules::toString);
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyOpKeepsWhatItBooks(Toy toy) {
        var pass = Pass.of(toy);
        for (var rules : readings()) {
            var ops = Conservation.of(pass.tape, pass.logits, pass.seed, rules);
            if (!rules.name().equals("cp-lrp")) assertEquals(pass.tape.nodes().size(), ops.size(), "no branch is held");
            for (var op : ops)
                for (int k = 0; k < 3; k++) {
                    var scale = Math.max(1, Math.abs(op.taken()[k]) + Math.abs(op.sent()[k]));
                    assertEquals(0, op.gap()[k], 1e-12 * scale, () -> op.op().getClass() + " under " + rules);
                }
        }
    }

    @Test
    void llamaUnderCpLrpPassesEverythingOnToItsTokens() {
        var ledger = Pass.of(Toy.LLAMA).ledger(RuleSets.CP_LRP);
        for (var entry : Entry.values()) assertArrayEquals(new double[3], ledger.booked().get(entry), entry.name());
        for (int k = 0; k < 3; k++)
            assertEquals(ledger.explained()[k], ledger.arrived()[k], 1e-12 * ledger.magnitude()[k]);
    }

    @Test
    void llamaUnderAttnLrpLosesToItsSoftmaxOnly() {
        var booked = Pass.of(Toy.LLAMA).ledger(RuleSets.ATTN_LRP).booked();
        for (var entry : Entry.values())
            assertEquals(entry == Entry.SOFTMAX, Arrays.stream(booked.get(entry)).anyMatch(v -> v != 0), entry.name());
    }

    @ParameterizedTest
    @EnumSource
    void theGradientKeepsNoLedgerAndDoesNotClose(Toy toy) {
        var ledger = Pass.of(toy).ledger(RuleSets.GRADIENT);
        assertEquals(0, ledger.booked().size());
        for (int k = 0; k < 3; k++) assertTrue(Math.abs(ledger.gap()[k]) > 1e-3 * ledger.magnitude()[k]);
    }

    @ParameterizedTest
    @EnumSource
    void threeSeedsAtOnceAreThreePasses(Toy toy) {
        var pass = Pass.of(toy);
        for (var rules : readings()) {
            var together = pass.tape.backward(pass.logits, pass.seed, rules, pass.embeddings());
            for (int k = 0; k < 3; k++) {
                var alone = new Cotangent(Tensor.of(pass.seed.of(k), 4, pass.logits.cols()), Rows.all(4));
                var back = pass.tape.backward(pass.logits, alone, rules, pass.embeddings());
                for (var e : pass.embeddings()) {
                    var expected = back.of(e).of(0);
                    var scale = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
                    assertArrayEquals(expected, together.of(e).of(k), 1e-13 * scale, rules::toString);
                }
                for (var entry : Entry.values()) {
                    var booked = back.entry(entry)[0];
                    var within = 1e-12 * Math.max(1, Math.abs(booked));
                    assertEquals(booked, together.entry(entry)[k], within, rules::toString);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void nothingFlowsToOtherSequencesOrBackFromLaterRows(Toy toy) {
        var pass = Pass.of(toy);
        for (var rules : List.of(RuleSets.GRADIENT, RuleSets.ATTN_LRP)) {
            var back = pass.tape.backward(pass.logits, pass.seed, rules, pass.embeddings());
            for (var e : pass.embeddings())
                for (int r = 0; r < 8; r++) {
                    assertEquals(r <= 1, row(back.of(e).of(0), r, e.cols()), "seed 0: row 1 of sequence 0");
                    assertEquals(r >= 4, row(back.of(e).of(1), r, e.cols()), "seed 1: rows 1 and 3 of sequence 1");
                }
        }
    }

    /// Whether anything of row r is not zero.
    private static boolean row(double[] g, int r, int cols) {
        return Arrays.stream(g, r * cols, (r + 1) * cols).anyMatch(v -> v != 0);
    }
}
