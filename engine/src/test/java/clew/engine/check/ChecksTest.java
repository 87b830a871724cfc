package clew.engine.check;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clew.engine.kernel.Kernels;
import clew.engine.kernel.ScalarKernels;
import clew.engine.op.Cases;
import clew.engine.rule.RuleSets;
import clew.engine.tape.Cotangent;
import clew.engine.tape.Entry;
import clew.engine.tape.Op;
import clew.engine.tape.Pull;
import clew.engine.tape.Tape;
import clew.engine.tape.Value;
import clew.engine.tensor.Rows;
import clew.engine.tensor.Tensor;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The checks find what they are for: an op that is wrong on purpose.
class ChecksTest {
    /// `y = x · x`, whose backward passes `factor · g · x` and books `kept · ⟨g, y⟩`.
    private record Square(Value x, double factor, double kept) implements Op {
        @Override
        public List<Value> inputs() {
            return List.of(x);
        }

        @Override
        public Tensor forward(Kernels k) {
            return k.mul(x.tensor(), x.tensor(), Rows.all(x.rows()));
        }

        @Override
        public void backward(Pull p) {
            p.to(x, () -> p.k().scale(p.k().mul(p.g(), x.tensor(), p.rows()), factor));
            p.book(Entry.BIAS, () -> {
                var amounts = p.k().dot(p.g(), p.y(), p.rows());
                for (int k = 0; k < amounts.length; k++) amounts[k] *= kept;
                return amounts;
            });
        }
    }

    private static final Tensor X = Cases.normal("x", 3, 2);

    @Test
    void aRightGradientPassesAndAWrongOneIsMeasured() {
        assertTrue(gradient(2).worst() < 1e-10);
        var wrong = gradient(2.2).projections().getFirst();
        assertEquals(wrong.numeric() * 1.1, wrong.analytic(), 1e-9);
        assertEquals(0.1 * Math.abs(wrong.numeric()) / wrong.scale(), wrong.error(), 1e-9);
    }

    @Test
    void everySeedOfEveryDrawIsListed() {
        Net square = (tape, in) -> tape.record(new Square(in.getFirst(), 2, 0));
        var check = GradientCheck.of(square, List.of(X), Rows.seeds(3, 3), 5, 6);
        var listed = check.projections().stream().map(p -> p.draw() + "/" + p.seed()).toList();
        assertEquals(List.of("5/0", "5/1", "5/2", "6/0", "6/1", "6/2"), listed);
        assertTrue(check.worst() < 1e-10);
    }

    @Test
    void anInputThatNothingReachesHasNoGradient() {
        var check = GradientCheck.of((tape, in) -> tape.record(new Square(in.getFirst(), 2, 0)), List.of(X, X), 1);
        var unused = check.projections().getLast();
        assertEquals(0, unused.numeric());
        assertEquals(0, unused.analytic());
        assertEquals(0, unused.error());
    }

    @Test
    void whatAnOpKeepsWithoutBookingItIsAGap() {
        var honest = conservation(1, 0);
        assertArrayEquals(honest.taken(), honest.sent(), 1e-15);
        assertArrayEquals(new double[2], honest.gap(), 1e-15);

        var booked = conservation(0.75, 0.25);
        assertArrayEquals(booked.defect(), booked.booked(), 1e-15);
        assertArrayEquals(new double[2], booked.gap(), 1e-15);

        var silent = conservation(0.75, 0);
        for (int k = 0; k < 2; k++) assertEquals(0.25 * silent.taken()[k], silent.gap()[k], 1e-15);
    }

    @Test
    void aPassAddsUpToWhatItExplains() {
        var tape = new Tape(new ScalarKernels(), Tape.Memory.KEEP);
        var x = tape.leaf(X);
        var y = tape.record(new Square(x, 0.75, 0.25));
        var seed = new Cotangent(Tensor.of(new double[] {1, 0}, 1, 2), new Rows(3, List.of(new Rows.Run(0, 0, 1, 1))));
        var ledger = LedgerCheck.of(tape, y, seed, RuleSets.ATTN_LRP, Set.of(x));
        var explained = X.get(2) * X.get(2);
        assertEquals(explained, ledger.explained()[0], 1e-15);
        assertEquals(0.75 * explained, ledger.arrived()[0], 1e-15);
        assertEquals(0.25 * explained, ledger.booked().get(Entry.BIAS)[0], 1e-15);
        assertEquals(0, ledger.gap()[0], 1e-15);
        assertEquals(explained, ledger.magnitude()[0], 1e-15);
    }

    private static GradientCheck gradient(double factor) {
        return GradientCheck.of((tape, in) -> tape.record(new Square(in.getFirst(), factor, 0)), List.of(X), 1);
    }

    private static Conservation conservation(double factor, double kept) {
        var tape = new Tape(new ScalarKernels(), Tape.Memory.KEEP);
        tape.record(new Square(tape.leaf(X), factor, kept));
        var g = new Cotangent(Tensor.of(Cases.normal("g", 6, 2).toDoubles(), 6, 2), Rows.seeds(2, 3));
        return Conservation.of(tape, tape.nodes().getLast(), g, RuleSets.ATTN_LRP);
    }
}
