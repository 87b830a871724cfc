package clew.engine.op;

import static org.junit.jupiter.api.Assertions.assertEquals;

import clew.engine.kernel.Heads;
import clew.engine.kernel.ScalarKernels;
import clew.engine.rule.Product;
import clew.engine.rule.RuleSet;
import clew.engine.rule.RuleSets;
import clew.engine.tape.Entry;
import clew.engine.tape.Tape;
import clew.engine.tape.Value;
import clew.engine.tensor.Rows;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Each entry of the ledger by itself, written from the papers: `OpLawsTest` checks their sum against the defect.
class LedgerEntryTest {
    static Iterable<Case> all() {
        return Cases.all();
    }

    @ParameterizedTest
    @MethodSource("all")
    void everyEntryIsWhatThePapersLeaveBehind(Case c) {
        var run = c.record();
        for (var rules : OpLawsTest.readings())
            for (var rows : c.spreads()) {
                var g = OpLawsTest.answerable(c, rules, run.y().tensor(), Case.cotangent(run.y(), rows, 17));
                var back = run.backward(g, rules);
                var y = run.y().tensor().toDoubles();
                for (int k = 0; k < rows.seeds(); k++) {
                    var expected = kept(run, rules, g.of(k));
                    var size = Math.max(1, Arrays.stream(OpLawsTest.product(y, g.of(k))).map(Math::abs).sum());
                    for (var entry : Entry.values()) {
                        var amount = expected.getOrDefault(entry, 0.0);
                        assertEquals(amount, back.entry(entry)[k], 1e-12 * size, () -> entry + " under " + rules);
                    }
                }
            }
    }

    private static Map<Entry, Double> kept(Case.Recorded run, RuleSet rules, double[] g) {
        var kept = new EnumMap<Entry, Double>(Entry.class);
        var y = run.y().tensor().toDoubles();
        var R = OpLawsTest.product(y, g);
        switch (run.node().op()) {
            case Linear op -> {
                var x = op.x().tensor().toDoubles();
                var b = op.b() == null ? null : op.b().tensor();
                var shares = RForm.linear(rules.linearAt(op.site()), x, op.view(), b, R);
                var bias = 0.0;
                for (int i = op.view().in(); i < shares.length; i += op.view().in() + 1) bias += shares[i];
                kept.put(Entry.BIAS, bias);
                kept.put(Entry.EPSILON, Arrays.stream(R).sum() - Arrays.stream(shares).sum());
            }
            case LayerNorm op -> kept.put(Entry.BIAS, RForm.share(op.b().tensor().toDoubles(), y, R));
            case Edited op    -> kept.put(Entry.EDIT, RForm.share(op.put().toDoubles(), y, R));
            case Rotate op when rules.rotation() == Product.SHARE -> {
                var turning = 0.0;
                for (int i = 0; i < R.length; i++) if (i % op.width() < 2 * op.angles().cos().cols()) turning += R[i];
                kept.put(Entry.POSITION, turning / 2);
            }
            case CausalSoftmax op -> kept.put(Entry.SOFTMAX, RForm.leak(y, op.heads(), R));
            case Attend op -> {
                double[] q = op.q().tensor().toDoubles(), k = op.k().tensor().toDoubles();
                var v = op.v().tensor().toDoubles();
                var p = RForm.pattern(q, k, op.heads(), op.c());
                kept.put(Entry.SOFTMAX,
                         RForm.leak(p, op.heads(), RForm.mix(rules.mix(), p, v, op.heads(), y, R)[0]));
            }
            default -> { }
        }
        return kept;
    }

    /// `½ (⟨P, gP⟩ − ⟨log P, P ⊙ (gP − ⟨P, gP⟩)⟩)` with `gP = g Vᵀ`: the pattern's cotangent, not yet halved.
    @Test
    void theSoftmaxLeaksHalfOfWhatTheUnsharedPatternLoses() {
        var heads = Heads.causal(2, 2, 3, Cases.T);
        var tape = new Tape(new ScalarKernels(), Tape.Memory.KEEP);
        Value s = tape.leaf(Cases.normal("s", 4 * Cases.T, Cases.T)), v = tape.leaf(Cases.normal("v", Cases.R, 6));
        var p = tape.record(new CausalSoftmax(s, heads));
        var z = tape.record(new Mix(p, v, heads));
        var g = Case.cotangent(z, Rows.all(Cases.R), 29);
        var R = new double[Math.toIntExact(p.tensor().size())];                               // P ⊙ gP  [B, H, T, T]
        for (int row = 0; row < R.length / Cases.T; row++)
            for (int j = 0; j < Cases.T; j++) {
                int sequence = row / Cases.T / 2, h = row / Cases.T % 2, i = row % Cases.T;
                int pair = row * Cases.T + j, query = sequence * Cases.T + i, key = sequence * Cases.T + j;
                for (int d = 3 * h; d < 3 * h + 3; d++)
                    R[pair] += p.tensor().get(pair) * g.g().get(query * 6 + d) * v.tensor().get(key * 6 + d);
            }
        var booked = tape.backward(z, g, RuleSets.ATTN_LRP, Set.of(s)).entry(Entry.SOFTMAX)[0];
        assertEquals(0.5 * RForm.leak(p.tensor().toDoubles(), heads, R), booked, 1e-13 * Math.abs(booked));
        assertEquals(0, tape.backward(z, g, RuleSets.CP_LRP, Set.of(s, v)).entry(Entry.SOFTMAX)[0], "never reached");
    }

    @ParameterizedTest
    @MethodSource("all")
    void theGradientKeepsNoLedger(Case c) {
        var run = c.record();
        var back = run.backward(Case.cotangent(run.y(), c.spreads().getFirst(), 19), RuleSets.GRADIENT);
        for (var entry : Entry.values()) assertEquals(0, back.entry(entry).length);
    }
}
