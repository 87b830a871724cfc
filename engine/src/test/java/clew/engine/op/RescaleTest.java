package clew.engine.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clew.engine.kernel.ScalarKernels;
import clew.engine.rule.RuleSets;
import clew.engine.tape.Cotangent;
import clew.engine.tape.Tape;
import clew.engine.tensor.Rows;
import clew.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// DeepLIFT's rule at every op, over the table of [Cases], whose second sequence is what the first is compared with.
class RescaleTest {
    /// Ops whose constants are the same in both halves, as they are in a pass over two inputs.
    static Stream<Case> comparable() {
        var apart = Set.of(Rotate.class, Edited.class, Select.class, Embed.class);
        return Cases.all().stream().filter(c -> !apart.contains(c.op()));
    }

    static Stream<Case> smooth() {
        return comparable().filter(c -> Cases.smooth().stream().anyMatch(s -> s.name().equals(c.name())));
    }

    private static Cotangent ofTheFirstHalf(Case.Recorded run, int seeds) {
        var half = run.y().rows() / 2;
        var runs = IntStream.range(0, seeds).mapToObj(k -> new Rows.Run(k, k * half, 0, half)).toList();
        return Case.cotangent(run.y(), new Rows(2 * half, runs), 11);
    }

    /// `⟨g, y − y′⟩ = Σ ⟨g_x, x − x′⟩`: nothing is left and nothing is added.
    @ParameterizedTest
    @MethodSource("comparable")
    void sharesAddUpToTheDifference(Case c) {
        var run = c.record();
        var g = ofTheFirstHalf(run, 2);
        var back = run.backward(g, RuleSets.DEEP_LIFT);
        for (int k = 0; k < 2; k++) {
            double difference = along(g.of(k), run.y().tensor()), shares = 0, scale = 1;
            for (int i = 0; i < c.relevances(); i++) {
                var x = run.inputs().get(i);
                if (!back.reached(x)) continue;
                shares += along(back.of(x).of(k), x.tensor());
                scale += Math.abs(along(back.of(x).of(k), x.tensor()));
            }
            assertEquals(difference, shares, 1e-12 * scale);
        }
    }

    /// Where nothing has moved, it is the gradient.
    @ParameterizedTest
    @MethodSource("smooth")
    void equalHalvesAreReadByTheGradient(Case c) {
        var inputs = new ArrayList<Tensor>();
        for (int i = 0; i < c.inputs().size(); i++)
            inputs.add(i < c.relevances() ? twice(c.inputs().get(i)) : c.inputs().get(i));
        var run = new Case(c.name(), c.op(), c.net(), inputs, c.relevances(), c.spreads(), c.reference()).record();
        var g = ofTheFirstHalf(run, 2);
        var rescaled = run.backward(g, RuleSets.DEEP_LIFT);
        var gradient = run.backward(g, RuleSets.GRADIENT);
        for (var x : run.inputs().subList(0, c.relevances()))
            for (int k = 0; k < 2; k++) {
                var expected = gradient.of(x).of(k);
                var scale = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
                assertArrayEquals(expected, rescaled.of(x).of(k), 1e-13 * scale);
            }
    }

    /// From zero, where the gradient of a norm is 1/√ε = 316, multipliers are no larger than twice those at x.
    @Test
    void aNormFromZeroIsWellPosed() {
        var run = Cases.rmsNorm("from zero", Tensor.of(new double[] {3, -4, 0, 0}, 2, 2)).record();
        var g = Case.cotangent(run.y(), new Rows(2, List.of(new Rows.Run(0, 0, 0, 1))), 3);
        var w = run.inputs().get(1).tensor().toDoubles();
        var held = 0.0;                                                                         // Σ |g·w|/ρ
        for (int i = 0; i < 2; i++) held += Math.abs(g.g().get(i) * w[i]) / Math.sqrt(12.5);
        for (double v : run.backward(g, RuleSets.DEEP_LIFT).of(run.inputs().getFirst()).of(0))
            assertTrue(Math.abs(v) < 4 * held, v + " of " + held);
    }

    @Test
    void halvesThatAreNoneAreRefused() {
        var tape = new Tape(new ScalarKernels(), Tape.Memory.KEEP);
        var x = tape.leaf(Cases.normal("x", 3, 2));
        var y = tape.record(new SoftCap(x, 2));
        var g = Case.cotangent(y, Rows.all(3), 1);
        var message = assertThrows(IllegalArgumentException.class,
            () -> tape.backward(y, g, RuleSets.DEEP_LIFT, Set.of(x))).getMessage();
        assertEquals("rescale: 3 rows are not some and as many to compare them with", message);
    }

    /// `⟨g, x − x′⟩` over the first half.
    private static double along(double[] g, Tensor x) {
        var v = x.toDoubles();
        var sum = 0.0;
        for (int i = 0; i < v.length / 2; i++) sum += g[i] * (v[i] - v[i + v.length / 2]);
        return sum;
    }

    private static Tensor twice(Tensor x) {
        var v = x.toDoubles();
        System.arraycopy(v, 0, v, v.length / 2, v.length / 2);
        return Tensor.of(v, x.shape().dims());
    }
}
