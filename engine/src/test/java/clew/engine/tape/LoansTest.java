package clew.engine.tape;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clew.engine.kernel.Activation;
import clew.engine.kernel.CountingKernels;
import clew.engine.kernel.Kernels;
import clew.engine.kernel.ScalarKernels;
import clew.engine.kernel.SimdKernels;
import clew.engine.kernel.WarmingKernels;
import clew.engine.kernel.Workers;
import clew.engine.op.Activate;
import clew.engine.op.Add;
import clew.engine.op.Cases;
import clew.engine.op.Gated;
import clew.engine.op.RmsNorm;
import clew.engine.rule.RuleSets;
import clew.engine.tensor.Rows;
import clew.engine.tensor.Storage;
import clew.engine.tensor.Tensor;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// A pass has its memory of the device and gives it back: the next pass has the same arrays, and the same numbers.
class LoansTest {
    private static final int R = 32, C = 64;

    private record Net(Tape tape, Value x, Value inner, Value y) implements AutoCloseable {
        static Net of(Kernels k, Tape.Memory memory) {
            var tape = new Tape(k, memory);
            var x = tape.leaf(Cases.normal("x", R, C));
            Value inner = x, y = x;
            for (int i = 0; i < 3; i++) {
                var norm = tape.record(new RmsNorm(y, tape.leaf(Cases.normal("w" + i, C)), 1e-5));
                var act = tape.record(new Activate(Activation.SILU, norm));
                var sum = tape.record(new Add(y, tape.record(new Gated(act, norm))));
                if (i == 1) inner = sum;
                y = sum;
                tape.checkpoint(new HashSet<>(List.of(x, inner, y)), 2 - i);
            }
            return new Net(tape, x, inner, y);
        }

        Cotangents back() {
            return tape.backward(y, new Cotangent(Cases.normal("g", R, C), Rows.all(R)), RuleSets.ATTN_LRP,
                                 Set.of(x, inner));
        }

        @Override
        public void close() {
            tape.close();
        }
    }

    private static Kernels simd() {
        return new SimdKernels(Workers.of(1));
    }

    private static float[] array(Tensor x) {
        return ((Storage.Floats) x.storage()).data();
    }

    @Test
    void theNextPassHasTheSameMemory() {
        var k = simd();
        float[] first;
        try (var net = Net.of(k, Tape.Memory.KEEP)) {
            first = array(net.y.tensor());
        }
        try (var net = Net.of(k, Tape.Memory.KEEP)) {
            assertTrue(net.tape.nodes().stream().anyMatch(n -> array(n.y().tensor()) == first));
        }
    }

    @Test
    void twoPassesAtATimeShareNone() {
        var k = simd();
        Net.of(k, Tape.Memory.KEEP).close();
        try (var a = Net.of(k, Tape.Memory.KEEP); var b = Net.of(k, Tape.Memory.KEEP)) {
            for (var n : a.tape.nodes())
                for (var m : b.tape.nodes()) assertNotSame(array(n.y().tensor()), array(m.y().tensor()));
        }
    }

    @Test
    void numbersAreThoseOfNewMemory() {
        var k = simd();
        for (var memory : Tape.Memory.values()) {
            double[] y, gx = {}, gInner = {};
            try (var net = Net.of(simd(), memory)) {
                y = net.y.tensor().toDoubles();
                if (memory != Tape.Memory.FORGET) {
                    var back = net.back();
                    gx = back.of(net.x).of(0);
                    gInner = back.of(net.inner).of(0);
                }
            }
            for (int pass = 0; pass < 3; pass++)
                try (var net = Net.of(k, memory)) {
                    assertArrayEquals(y, net.y.tensor().toDoubles());
                    if (memory == Tape.Memory.FORGET) continue;
                    for (int reading = 0; reading < 2; reading++) {
                        var back = net.back();
                        assertArrayEquals(gx, back.of(net.x).of(0));
                        assertArrayEquals(gInner, back.of(net.inner).of(0));
                    }
                }
        }
    }

    /// Also of the device that begins in plain loops.
    @Test
    void whatWasAskedForStays() {
        for (var k : new Kernels[] {simd(), new WarmingKernels(simd())}) {
            Cotangents back;
            double[] before;
            Value x;
            try (var net = Net.of(k, Tape.Memory.KEEP)) {
                x = net.x;
                back = net.back();
                before = back.of(x).of(0);
            }
            try (var net = Net.of(k, Tape.Memory.KEEP)) {
                net.back();
            }
            assertArrayEquals(before, back.of(x).of(0));
        }
    }

    @Test
    void whatIsLeftStays() {
        var k = simd();
        Tensor y;
        double[] before;
        try (var net = Net.of(k, Tape.Memory.FORGET)) {
            net.tape.leave(net.y);
            y = net.y.tensor();
            before = y.toDoubles();
        }
        Net.of(k, Tape.Memory.FORGET).close();
        assertArrayEquals(before, y.toDoubles());
    }

    @Test
    void aClosedTapeHasNoValues() {
        var net = Net.of(simd(), Tape.Memory.KEEP);
        net.close();
        var gone = assertThrows(IllegalStateException.class, () -> net.y.tensor());
        assertTrue(gone.getMessage().endsWith("is gone: its tape is closed"), gone.getMessage());
    }

    /// Each of the three stretches makes four values; an op needs one array more on its way.
    @Test
    void theCountIsOfWhatIsHeldAtATime() {
        var one = 4L * R * C;
        for (var memory : new Tape.Memory[] {Tape.Memory.KEEP, Tape.Memory.FORGET}) {
            var k = new CountingKernels();
            Net.of(k, memory).close();
            var values = memory == Tape.Memory.KEEP ? 12 : 1 + 4;
            assertTrue(k.mostLent() >= values * one, k.mostLent() / one + " of " + values);
            assertTrue(k.mostLent() <= (values + 2) * one, k.mostLent() / one + " of " + values);
            var most = k.mostLent();
            Net.of(k, memory).close();
            assertEquals(most, k.mostLent());
        }
    }

    @Test
    void aDeviceThatLendsNothingIsItself() {
        var k = new ScalarKernels();
        assertSame(k, k.loans().kernels());
    }
}
