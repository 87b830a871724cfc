package clew.engine.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import clew.engine.kernel.Kernels.Carrier;
import clew.engine.tensor.Rows;
import clew.engine.tensor.Shape;
import clew.engine.tensor.Tensor;
import clew.engine.tensor.Weight.Layout;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// ⟨Ax, g⟩ = ⟨x, Aᵀg⟩ for every pair of a verb and its adjoint, seed by seed, on the device that defines them.
class AdjointTest {
    private static final int SEQUENCES = 2, T = 7;

    private final Kernels k = new ScalarKernels();

    static LongStream seeds() {
        return LongStream.range(1, 9);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void linearTransposedAndWeightGradientAreLinearsAdjoints(long seed) {
        for (var layout : Layout.values())
            for (var part : Part.values()) {
                var draw = new Draw(seed);
                var w = draw.weight(layout, 5, 4);
                Tensor x = draw.tensor(T, 4), g = draw.tensor(T, 5), y = k.linear(x, w, part);
                equal(inner(y, g), inner(x, k.linearTransposed(g, w, part)), "linear " + layout + " " + part, seed);
                if (part == Part.ALL)
                    equal(inner(y, g), inner(w.tensor(), k.weightGradient(g, x, Rows.all(T), w)), "dW " + layout, seed);
            }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void weightGradientFollowsTheRowsThatAreFaced(long seed) {
        var draw = new Draw(seed);
        for (var rows : draw.anyRows(SEQUENCES, T)) {
            var w = draw.weight(Layout.IN_OUT, 5, 4);
            Tensor g = draw.tensor(rows.count(), 5), x = draw.tensor(rows.activations(), 4);
            var direct = k.weightGradient(g, k.selectRows(x, rows.faced()), Rows.all(rows.count()), w);
            equal(inner(direct, direct), inner(direct, k.weightGradient(g, x, rows, w)), "dW " + rows, seed);
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void scatterIsGathersAdjoint(long seed) {
        var draw = new Draw(seed);
        for (var rows : draw.anyRows(SEQUENCES, T)) {
            var table = draw.tensor(6, 3);
            var ids = draw.ids(rows.activations(), 6);
            var g = draw.tensor(rows.count(), 3);
            var held = k.dot(g, k.gather(table, ids), rows);
            equal(sum(held), inner(table, k.scatter(g, ids, rows, Shape.of(6, 3))), "scatter " + rows, seed);
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void placeRowsIsSelectRowsAdjoint(long seed) {
        var draw = new Draw(seed);
        var index = draw.ids(9, T);
        Tensor x = draw.tensor(T, 3), g = draw.tensor(9, 3);
        equal(inner(k.selectRows(x, index), g), inner(x, k.placeRows(g, index, T)), "selectRows", seed);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void turningBackIsTurningsAdjoint(long seed) {
        var draw = new Draw(seed);
        for (var rows : draw.anyRows(SEQUENCES, T)) {
            Tensor cos = draw.tensor(rows.activations(), 3), sin = draw.tensor(rows.activations(), 3);
            Tensor x = draw.tensor(rows.count(), 16), g = draw.tensor(rows.count(), 16);
            var back = k.rotate(g, cos, k.scale(sin, -1), 8, rows);
            equal(inner(k.rotate(x, cos, sin, 8, rows), g), inner(x, back), "rotate " + rows, seed);
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void centreRowsIsItsOwnAdjoint(long seed) {
        var draw = new Draw(seed);
        Tensor x = draw.tensor(T, 5), g = draw.tensor(T, 5);
        equal(inner(k.centreRows(x), g), inner(x, k.centreRows(g)), "centreRows", seed);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void mixAndMixTransposedAreScoresAdjoints(long seed) {
        var draw = new Draw(seed);
        for (var h : heads())
            for (var rows : draw.rows(SEQUENCES, T)) {
                var a = draw.tensor(SEQUENCES * T, h.heads() * h.width());
                var b = draw.tensor(SEQUENCES * T, h.kvHeads() * h.width());
                var patterns = rows.heads(h.heads(), T);
                var g = draw.tensor(patterns.count(), T);
                var held = k.dot(g, k.score(a, b, h, 0.3, Rows.all(SEQUENCES * T)), patterns);
                equal(held, k.dot(k.mix(g, b, h, 0.3, rows), a, rows), "score, a: " + h + rows, seed);
                var toKeys = k.mixTransposed(g, a, h, 0.3, Carrier.PATTERN, rows);
                equal(held, k.dot(toKeys, b, rows), "score, b: " + h + rows, seed);
            }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void scoreAndMixTransposedAreMixsAdjoints(long seed) {
        var draw = new Draw(seed);
        for (var h : heads())
            for (var rows : draw.rows(SEQUENCES, T)) {
                var p = draw.tensor(SEQUENCES * h.heads() * T, T);
                var v = draw.tensor(SEQUENCES * T, h.kvHeads() * h.width());
                var g = draw.tensor(rows.count(), h.heads() * h.width());
                var held = k.dot(g, k.mix(p, v, h, 0.3, Rows.all(SEQUENCES * T)), rows);
                var toPattern = k.score(g, v, h, 0.3, rows);
                equal(held, k.dot(toPattern, p, rows.heads(h.heads(), T)), "mix, p: " + h + rows, seed);
                var toValues = k.mixTransposed(p, g, h, 0.3, Carrier.VALUES, rows);
                equal(held, k.dot(toValues, v, rows), "mix, v: " + h + rows, seed);
            }
    }

    private static Heads[] heads() {
        return new Heads[] {Heads.causal(3, 3, 2, T), Heads.causal(4, 2, 3, T), new Heads(4, 1, 2, T, T, 3)};
    }

    private double inner(Tensor x, Tensor y) {
        return sum(k.dot(x, y, Rows.all(x.rows())));
    }

    private static double sum(double[] sums) {
        var sum = 0.0;
        for (var s : sums) sum += s;
        return sum;
    }

    private static void equal(double[] expected, double[] actual, String what, long seed) {
        assertEquals(expected.length, actual.length, what);
        for (int i = 0; i < expected.length; i++) equal(expected[i], actual[i], what + " of seed " + i, seed);
    }

    /// Some hundred products of numbers near 1, each rounded to 1e-16.
    private static void equal(double expected, double actual, String what, long seed) {
        assertEquals(expected, actual, 1e-11, what + ", drawn from " + seed);
    }
}
