package clew.engine.tape;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clew.engine.check.LedgerCheck;
import clew.engine.kernel.Activation;
import clew.engine.kernel.Kernels;
import clew.engine.kernel.Loans;
import clew.engine.kernel.ScalarKernels;
import clew.engine.op.Activate;
import clew.engine.op.Add;
import clew.engine.op.Cases;
import clew.engine.op.Gated;
import clew.engine.op.Linear;
import clew.engine.op.Select;
import clew.engine.rule.LinearRule;
import clew.engine.rule.RuleSet;
import clew.engine.rule.RuleSets;
import clew.engine.tape.Tape.Memory;
import clew.engine.tensor.Rows;
import clew.engine.tensor.Rows.Run;
import clew.engine.tensor.Tensor;
import clew.engine.tensor.Weight;
import clew.engine.tensor.Weight.Layout;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class TapeTest {
    /// Two linear layers with a gate between: `y = V (silu(z) ⊙ z)`, `z = W x + b`.
    private record Net(Tape tape, Value x, Value w, Value b, Value z, Value gate, Value y) {
        static Net on(Kernels kernels) {
            var tape = new Tape(kernels, Memory.KEEP);
            Value x = tape.leaf(Cases.normal("x", 4, 3)), w = tape.leaf(Cases.normal("w", 5, 3));
            Value b = tape.leaf(Cases.normal("b", 5)), v = tape.leaf(Cases.normal("v", 2, 5));
            var z = tape.record(new Linear(x, w, Weight.whole(w.tensor(), Layout.OUT_IN), b, "in"));          // [4, 5]
            var gate = tape.record(new Activate(Activation.SILU, z));
            var h = tape.record(new Gated(gate, z));
            var y = tape.record(new Linear(h, v, Weight.whole(v.tensor(), Layout.OUT_IN), null, "out"));      // [4, 2]
            return new Net(tape, x, w, b, z, gate, y);
        }

        Cotangents back(RuleSet rules, Value... wanted) {
            return tape.backward(y, seed(), rules, Set.of(wanted));
        }

        Cotangent seed() {
            return new Cotangent(Cases.normal("g", 4, 2), Rows.all(4));
        }
    }

    // ── what is refused ─────────────────────────────────────────────────────────────────────────────────────────────

    @Test
    void aTapeThatForgetsCannotGoBack() {
        var tape = new Tape(new ScalarKernels(), Memory.FORGET);
        var x = tape.leaf(Cases.normal("x", 2, 2));
        var y = tape.record(new Add(x, x));
        assertEquals(List.of(), tape.nodes());
        var e = assertThrows(IllegalStateException.class,
            () -> tape.backward(y, ones(2, 2), RuleSets.GRADIENT, Set.of(x)));
        assertEquals("this tape forgets: run the pass with Memory.KEEP to read it backwards", e.getMessage());
    }

    @Test
    void theCotangentOfAnUnwantedValueIsAnErrorThatSaysWhatToDo() {
        var net = Net.on(new ScalarKernels());
        var back = net.back(RuleSets.GRADIENT, net.x);
        assertFalse(back.reached(net.z));
        refused(net.z + " has no cotangent: name it in `wanted`, and let a seed reach it", () -> back.of(net.z));
    }

    @Test
    void valuesOfAnotherTapeAreRefused() {
        Net one = Net.on(new ScalarKernels()), two = Net.on(new ScalarKernels());
        var message = " is of another tape: make it with leaf or record of this one";
        refused(two.x + message, () -> one.back(RuleSets.GRADIENT, two.x));
        refused(two.y + message, () -> one.tape.backward(two.y, two.seed(), RuleSets.GRADIENT, Set.of(one.x)));
        refused(two.z + message, () -> one.tape.record(new Add(one.z, two.z)));
        refused(two.z + message, () -> one.tape.backward(two.tape.nodes().getFirst(), ones(4, 5), RuleSets.GRADIENT));
    }

    @Test
    void aSeedThatDoesNotFaceItsValueIsRefused() {
        var net = Net.on(new ScalarKernels());
        refused(net.y + " cannot take a cotangent [4, 3] over 4 rows",
                () -> net.tape.backward(net.y, ones(4, 3), RuleSets.GRADIENT, Set.of(net.x)));
        refused(net.y + " cannot take a cotangent [3, 2] over 3 rows",
                () -> net.tape.backward(net.y, ones(3, 2), RuleSets.GRADIENT, Set.of(net.x)));
        refused("cotangent: [4, 2] has not the 8 rows it lists",
                () -> new Cotangent(Tensor.of(new double[8], 4, 2), Rows.seeds(2, 4)));
    }

    // ── what is returned ────────────────────────────────────────────────────────────────────────────────────────────

    @Test
    void aValueThatIsUsedTwiceGetsTheSumOfItsShares() {
        var tape = new Tape(new ScalarKernels(), Memory.KEEP);
        var x = tape.leaf(Cases.normal("x", 2, 3));
        var twice = tape.record(new Add(x, x));
        var y = tape.record(new Gated(twice, x));                                             // 2 x²
        var g = tape.backward(y, ones(2, 3), RuleSets.GRADIENT, Set.of(x, twice));
        assertArrayEquals(x.tensor().toDoubles(), g.of(twice).of(0), 1e-15);
        for (int i = 0; i < 6; i++) assertEquals(4 * x.tensor().get(i), g.of(x).of(0)[i], 1e-15);
    }

    @Test
    void theSeedItselfIsTheCotangentOfItsValue() {
        var net = Net.on(new ScalarKernels());
        assertArrayEquals(net.seed().g().toDoubles(), net.back(RuleSets.GRADIENT, net.y).of(net.y).of(0));
        var leaf = net.tape.backward(net.x, ones(4, 3), RuleSets.GRADIENT, Set.of(net.x));
        assertArrayEquals(ones(4, 3).g().toDoubles(), leaf.of(net.x).of(0));
    }

    @Test
    void nothingAfterTheStartAndNothingAsideIsReached() {
        var net = Net.on(new ScalarKernels());
        var back = net.tape.backward(net.gate, ones(4, 5), RuleSets.GRADIENT, Set.of(net.x, net.y));
        assertTrue(back.reached(net.x));
        assertFalse(back.reached(net.y));
    }

    @Test
    void aRowThatSeveralRunsListGetsTheirSum() {
        var rows = new Rows(3, List.of(new Run(0, 0, 1, 2), new Run(0, 2, 1, 1)));
        var g = new Cotangent(Tensor.of(new double[] {1, 2, 10}, 3, 1), rows);
        assertArrayEquals(new double[] {0, 11, 2}, g.of(0));
        assertArrayEquals(new double[3], g.of(1), "a seed that lists nothing reaches nothing");
    }

    @Test
    void aBackwardChangesNothing() {
        var net = Net.on(new ScalarKernels());
        var before = net.tape.nodes().stream().map(n -> n.y().tensor().toDoubles()).toList();
        var first = net.back(RuleSets.GRADIENT, net.x).of(net.x).of(0);
        net.back(RuleSets.gamma(0.25, 1e-6), net.x, net.w, net.b);
        for (int i = 0; i < before.size(); i++)
            assertArrayEquals(before.get(i), net.tape.nodes().get(i).y().tensor().toDoubles());
        assertArrayEquals(first, net.back(RuleSets.GRADIENT, net.x).of(net.x).of(0));
    }

    @Test
    void oneNodeAloneIsReadNoFurtherThanItsInputs() {
        var net = Net.on(new ScalarKernels());
        var gated = net.tape.nodes().get(2);
        var back = net.tape.backward(gated, ones(4, 5), RuleSets.GRADIENT);
        var gate = net.gate.tensor().toDoubles();
        assertArrayEquals(gate, back.of(net.z).of(0), 1e-15, "the path through the gate is left out");
        assertFalse(back.reached(net.x));
        var linear = net.tape.backward(net.tape.nodes().getFirst(), ones(4, 5), RuleSets.GRADIENT);
        assertTrue(linear.summed(net.w) && linear.summed(net.b));
        assertFalse(linear.summed(net.x));
    }

    // ── the ledger ──────────────────────────────────────────────────────────────────────────────────────────────────

    @Test
    void onlyWhatLiesBehindAnOpMakesItBook() {
        var net = Net.on(new ScalarKernels());
        var rules = RuleSets.CP_LRP.with("in", new LinearRule.Epsilon(0.1));
        assertEquals(0, net.back(rules, net.z).entry(Entry.BIAS)[0], "the bias is part of z");
        assertTrue(net.back(rules, net.x).entry(Entry.BIAS)[0] != 0);
        for (var cut : List.of(net.z, net.x)) {
            var ledger = LedgerCheck.of(net.tape, net.y, net.seed(), rules, Set.of(cut));
            assertEquals(0, ledger.gap()[0], 1e-13 * ledger.magnitude()[0]);
        }
    }

    @Test
    void anEntryThatNothingWasBookedUnderIsZeroPerSeed() {
        var net = Net.on(new ScalarKernels());
        var seeds = new Cotangent(Cases.normal("g", 12, 2), Rows.seeds(3, 4));
        var back = net.tape.backward(net.y, seeds, RuleSets.ATTN_LRP, Set.of(net.x));
        assertArrayEquals(new double[3], back.entry(Entry.SOFTMAX));
        assertEquals(3, back.entry(Entry.BIAS).length);
        assertEquals(0, net.back(RuleSets.GRADIENT, net.x).entry(Entry.BIAS).length);
    }

    // ── only what is asked for ──────────────────────────────────────────────────────────────────────────────────────

    @Test
    void branchesThatLeadToNothingWantedAreNotComputed() {
        var calls = new ArrayList<String>();
        var net = Net.on(counting(calls));
        calls.clear();
        net.back(RuleSets.GRADIENT, net.gate);
        assertEquals(List.of("linearTransposed", "mul", "scale"), calls, "through V and to the gate, but not to z");

        calls.clear();
        net.back(RuleSets.GRADIENT, net.y);
        assertEquals(List.of(), calls);

        calls.clear();
        net.back(RuleSets.CP_LRP, net.z);
        assertEquals(List.of("linearTransposed", "mul", "scale"), calls, "the gate is held, and so never visited");

        calls.clear();
        net.back(RuleSets.GRADIENT, net.x);
        assertFalse(calls.contains("weightGradient"), "no weight was asked for");
        assertFalse(calls.contains("sumRows"), "nor a bias");
        assertEquals(2, calls.stream().filter("linearTransposed"::equals).count());

        calls.clear();
        net.back(RuleSets.GRADIENT, net.w);
        assertEquals(1, calls.stream().filter("linearTransposed"::equals).count(), "x was not asked for");
        assertTrue(calls.contains("weightGradient"));
    }

    /// The scalar device, with every verb it is asked for written down.
    private static Kernels counting(List<String> calls) {
        var scalar = new ScalarKernels();
        return (Kernels) Proxy.newProxyInstance(TapeTest.class.getClassLoader(), new Class<?>[] {Kernels.class},
            (device, method, arguments) -> {
                if (method.getName().equals("loans")) return Loans.none((Kernels) device);
                calls.add(method.getName());
                try {
                    return method.invoke(scalar, arguments);
                } catch (InvocationTargetException e) {
                    throw e.getCause();
                }
            });
    }

    @Test
    void aSelectedRowCarriesNoRowsAfterIt() {
        var tape = new Tape(new ScalarKernels(), Memory.KEEP);
        var x = tape.leaf(Cases.normal("x", 6, 2));
        var y = tape.record(new Select(x, new int[] {1, 4}, 3));
        var rows = new Rows(2, List.of(new Run(0, 0, 0, 1), new Run(1, 1, 1, 1)));
        var g = tape.backward(y, new Cotangent(Cases.normal("g", 2, 2), rows), RuleSets.GRADIENT, Set.of(x)).of(x);
        assertEquals(new Rows(6, List.of(new Run(0, 0, 0, 2), new Run(1, 2, 3, 2))), g.rows());
    }

    // ── threads ─────────────────────────────────────────────────────────────────────────────────────────────────────

    @Test
    void twoThreadsReadOneTapeUnderTwoRuleSetsAsIfAlone() throws Exception {
        var net = Net.on(new ScalarKernels());
        var readings = List.of(RuleSets.GRADIENT, RuleSets.gamma(0.25, 1e-6).with("**", new LinearRule.Gamma(1, 1e-6)));
        var alone = readings.stream().map(rules -> net.back(rules, net.x).of(net.x).of(0)).toList();
        try (var threads = Executors.newFixedThreadPool(2)) {
            var work = new ArrayList<Callable<double[]>>();
            for (int i = 0; i < 200; i++) {
                var rules = readings.get(i % 2);
                work.add(() -> net.back(rules, net.x).of(net.x).of(0));
            }
            var together = threads.invokeAll(work);
            for (int i = 0; i < together.size(); i++) assertArrayEquals(alone.get(i % 2), together.get(i).get());
        }
    }

    private static Cotangent ones(int rows, int cols) {
        var g = new double[rows * cols];
        Arrays.fill(g, 1);
        return new Cotangent(Tensor.of(g, rows, cols), Rows.all(rows));
    }

    private static void refused(String message, Runnable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
    }
}
