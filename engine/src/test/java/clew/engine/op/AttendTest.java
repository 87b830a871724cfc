package clew.engine.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clew.engine.kernel.CountingKernels;
import clew.engine.kernel.Heads;
import clew.engine.kernel.Kernels;
import clew.engine.kernel.ScalarKernels;
import clew.engine.kernel.SimdKernels;
import clew.engine.kernel.Workers;
import clew.engine.rule.Product;
import clew.engine.rule.RuleSet;
import clew.engine.rule.RuleSets;
import clew.engine.tape.Cotangent;
import clew.engine.tape.Cotangents;
import clew.engine.tape.Entry;
import clew.engine.tape.Tape;
import clew.engine.tape.Value;
import clew.engine.tensor.Rows;
import clew.engine.tensor.Rows.Run;
import clew.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Attention in one piece is the composition of its parts: forward, backward under every rule set, ledger and totals of
/// heads, on both devices, longer than a band.
class AttendTest {
    private static final int T = 150, B = 2;
    private static final double C = 0.4;

    private record Way(Tape tape, Value q, Value k, Value v, Value z) {
        Cotangents back(Tensor g, Rows rows, RuleSet rules) {
            return tape.backward(z, new Cotangent(g, rows), rules, Set.of(q, k, v));
        }
    }

    static Stream<Kernels> devices() {
        return Stream.of(new ScalarKernels(), new SimdKernels(Workers.of(2)));
    }

    static List<RuleSet> rules() {
        var rules = new ArrayList<>(RuleSets.named());
        rules.add(RuleSets.GRADIENT);
        var a = RuleSets.ATTN_LRP;
        rules.add(products("tempered", a.mix(), a.score(), 2));
        rules.add(RuleSets.DEEP_LIFT);
        for (var mix : Product.values()) rules.add(products("scores compared", mix, Product.RESCALE, 1));
        rules.add(products("values compared", Product.RESCALE, Product.SHARE, 2));
        return rules;
    }

    private static RuleSet products(String name, Product mix, Product score, double temperature) {
        var a = RuleSets.ATTN_LRP;
        return new RuleSet(name, a.activation(), a.norm(), a.gated(), mix, score, a.rotation(), temperature, a.linear(),
            a.sites());
    }

    @ParameterizedTest
    @MethodSource("devices")
    void equalsTheComposition(Kernels kernels) {
        var within = kernels instanceof ScalarKernels ? 1e-13 : 2e-6;
        for (var heads : List.of(Heads.causal(4, 2, 20, T), new Heads(3, 3, 7, T, T, 40))) {
            Way one = way(kernels, heads, B, true), parts = way(kernels, heads, B, false);
            close(parts.z.tensor().toDoubles(), one.z.tensor().toDoubles(), within, "z");
            for (var rows : List.of(Rows.all(B * T), Rows.seeds(2, B * T), new Rows(B * T,
                     List.of(new Run(0, 0, 0, 90), new Run(0, 90, T, 3), new Run(1, 93, T, T)))))
                for (var rule : rules()) agree(one, parts, rows, rule, within);
        }
    }

    /// The second half of a batch is what the first is compared with, whichever half a row is of.
    @ParameterizedTest
    @MethodSource("devices")
    void sequencesFaceThoseOfTheOtherHalf(Kernels kernels) {
        var within = kernels instanceof ScalarKernels ? 1e-13 : 2e-6;
        var heads = new Heads(4, 2, 5, 70, 70, 66);
        Way one = way(kernels, heads, 4, true), parts = way(kernels, heads, 4, false);
        var rows = new Rows(280, List.of(new Run(0, 0, 0, 69), new Run(0, 69, 210, 70), new Run(2, 139, 70, 4)));
        agree(one, parts, rows, RuleSets.DEEP_LIFT, within);
    }

    @Test
    void sequencesThatAreNoHalvesAreRefused() {
        var one = way(new ScalarKernels(), Heads.causal(2, 1, 3, 4), 3, true);
        var g = Case.cotangent(one.z, Rows.all(12), 1).g();
        var message = assertThrows(IllegalArgumentException.class,
            () -> one.back(g, Rows.all(12), RuleSets.DEEP_LIFT)).getMessage();
        assertEquals("rescale: 3 sequences are not some and as many to compare them with", message);
    }

    /// Under every rule set: borrowed are a few bands of pairs, whatever their number.
    @Test
    void noPassHoldsAllPairs() {
        var tokens = 1024;
        var heads = Heads.causal(4, 2, 2, tokens);
        for (var rule : rules()) {
            var kernels = new CountingKernels();
            var way = way(kernels, heads, B, true);
            var rows = new Rows(B * tokens, List.of(new Run(0, 0, 0, tokens)));
            way.back(Case.cotangent(way.z, rows, 3).g(), rows, rule);
            var pairs = 4L * heads.heads() * tokens * tokens;
            assertTrue(kernels.mostLent() < pairs / 2, rule + ": " + kernels.mostLent() + " of " + pairs);
        }
    }

    private static void agree(Way one, Way parts, Rows rows, RuleSet rule, double within) {
        var g = Case.cotangent(parts.z, rows, 3).g();
        Cotangents a = parts.back(g, rows, rule), b = one.back(g, rows, rule);
        var pairs = List.of(List.of(parts.q, one.q), List.of(parts.k, one.k), List.of(parts.v, one.v));
        for (var pair : pairs) {
            assertEquals(a.reached(pair.get(0)), b.reached(pair.get(1)), rule::toString);
            if (!a.reached(pair.get(0))) continue;
            assertEquals(a.of(pair.get(0)).rows(), b.of(pair.get(1)).rows());
            close(a.of(pair.get(0)).g().toDoubles(), b.of(pair.get(1)).g().toDoubles(), 20 * within, rule.toString());
        }
        assertArrayEquals(a.entry(Entry.SOFTMAX), b.entry(Entry.SOFTMAX), 200 * within, rule::toString);
    }

    private static Way way(Kernels kernels, Heads heads, int sequences, boolean fused) {
        var tape = new Tape(kernels, Tape.Memory.KEEP);
        var rows = sequences * heads.queries();
        var q = leaf(tape, "q", rows, heads.heads() * heads.width());
        var k = leaf(tape, "k", rows, heads.kvHeads() * heads.width());
        var v = leaf(tape, "v", rows, heads.kvHeads() * heads.width());
        if (fused) return new Way(tape, q, k, v, tape.record(new Attend(q, k, v, heads, C)));
        var p = tape.record(new CausalSoftmax(tape.record(new Score(q, k, heads, C)), heads));
        return new Way(tape, q, k, v, tape.record(new Mix(p, v, heads)));
    }

    private static Value leaf(Tape tape, String name, int rows, int cols) {
        var x = Cases.normal(name, rows, cols);
        return tape.leaf(tape.kernels().tensor(x.shape(), x.toDoubles()));
    }

    private static void close(double[] expected, double[] actual, double within, String what) {
        var scale = Math.max(1, Arrays.stream(expected).map(Math::abs).max().orElse(0));
        assertArrayEquals(expected, actual, within * scale, what);
    }
}
