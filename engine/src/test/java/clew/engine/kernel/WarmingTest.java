package clew.engine.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import clew.engine.kernel.Activation.Curve;
import clew.engine.tensor.DType;
import clew.engine.tensor.Rows;
import clew.engine.tensor.Tensor;
import clew.engine.tensor.Weight;
import clew.engine.tensor.Weight.Layout;
import java.lang.foreign.Arena;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Plain loops = vectors, bit for bit: nobody sees when the one takes over from the other.
class WarmingTest {
    private static final int[] LENGTHS = {1, 2, 3, 7, 8, 15, 16, 17, 31, 33, 64, 100, 207};
    private static final int ALL = Integer.MAX_VALUE;
    private static final long MOST = WarmingKernels.MOST;

    private static final Kernels SIMD = new SimdKernels(Workers.of(1));

    /// A device whose vectors must not be asked.
    private static Kernels plain() {
        return new WarmingKernels((Kernels) Proxy.newProxyInstance(Kernels.class.getClassLoader(),
            new Class<?>[] {Kernels.class}, (_, method, _) -> {
                throw new AssertionError(method.getName() + " reached the vectors");
            }));
    }

    static Stream<String> verbs() {
        return Verbs.TABLE.keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("verbs")
    void everyVerbHasTheSameBits(String verb) {
        for (int n : new int[] {1, 3, 8, 16, 17, 33})
            for (int rows : new int[] {1, 5}) {
                var seed = 1000L * verb.hashCode() + 10 * n + rows;
                for (var c : Verbs.of(verb, new Draw(seed), n, rows))
                    same(c.call(), new WarmingKernels(SIMD), verb + " " + c.what() + " seed " + seed);
            }
    }

    @ParameterizedTest
    @EnumSource(value = DType.class, names = {"F64", "F32", "F16", "BF16"})
    void weightsOfEveryStorageHaveTheSameBits(DType type) {
        try (var arena = Arena.ofShared()) {
            for (int n : LENGTHS)
                for (var layout : Layout.values())
                    for (int rows = 1; rows <= 9; rows++)
                        products(new Draw(100 * n + rows), type, n, layout, rows, arena);
        }
    }

    private static void products(Draw draw, DType type, int n, Layout layout, int rows, Arena arena) {
        var w = draw.weight(layout, n, 37);
        var mapped = new Weight(StorageTest.mapped(w.tensor(), type, arena), layout, w.from(), w.out());
        Tensor x = draw.tensor(rows, 37), g = draw.tensor(rows, n);
        for (var part : Part.values()) {
            var what = type + " " + layout + " " + part + " n=" + n + " rows=" + rows;
            same(k -> k.linear(x, mapped, part), plain(), what);
            same(k -> k.linearTransposed(g, mapped, part), plain(), what + " transposed");
        }
    }

    static Stream<Heads> heads() {
        return Stream.concat(
            IntStream.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 16, 17, 63, 64, 65, 150).boxed().flatMap(T -> Stream.of(
                Heads.causal(2, 1, 3, T), Heads.causal(4, 2, 32, T), Heads.causal(3, 3, 17, T),
                new Heads(4, 2, 32, 1, T, ALL), new Heads(4, 4, 5, (T + 1) / 2, T, T))),
            Stream.of(new Heads(1, 1, 128, 6, 6, ALL), new Heads(8, 1, 16, 1, 20, ALL)));
    }

    /// A cache has spare rows; several sequences have several seeds each.
    @ParameterizedTest
    @MethodSource("heads")
    void attentionHasTheSameBits(Heads h) {
        var draw = new Draw(h.hashCode());
        for (int sequences : new int[] {1, 2}) {
            int spare = sequences == 1 ? draw.below(3) : 0, rows = sequences * h.keys() + spare;
            int wide = h.heads() * h.width(), narrow = h.kvHeads() * h.width();
            var x = new Fused.Inputs(draw.tensor(sequences * h.queries(), wide), draw.tensor(rows, narrow),
                draw.tensor(rows, narrow), h, 1 / Math.sqrt(h.width()));
            same(k -> k.attend(x), plain(), "attend");
            for (var faced : draw.rows(sequences, h.queries())) back(draw.tensor(faced.count(), wide), x, faced);
            for (int seen = 1; seen <= h.queries(); seen += 1 + seen / 8)
                back(draw.tensor(seen, wide), x, new Rows(x.q().rows(), List.of(new Rows.Run(0, 0, 0, seen))));
        }
    }

    private static void back(Tensor g, Fused.Inputs x, Rows rows) {
        for (var how : new Fused.Reading[] {
                 new Fused.Reading(1, 1, 1, 1, true), new Fused.Reading(0.5, 0.5, 0.5, 1, false),
                 new Fused.Reading(0.5, 0.5, 1, 0.7, true), new Fused.Reading(1, 0, 1, 1, true)}) {
            var what = how + " " + rows;
            var expected = SIMD.attendBackward(g, x, how, rows);
            var actual = plain().attendBackward(g, x, how, rows);
            same(expected.v(), actual.v(), what + " v");
            assertArrayEquals(expected.leak(), actual.leak(), what + " leak");
            if (how.holdsPattern()) continue;
            same(expected.q(), actual.q(), what + " q");
            same(expected.k(), actual.k(), what + " k");
        }
    }

    @Test
    void numbersAtTheEdgeHaveTheSameBits() {
        float[] edge = {0f, -0f, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.MIN_VALUE,
                        -Float.MIN_NORMAL, Float.MAX_VALUE, -Float.MAX_VALUE, 88.7f, -88.7f, 104.1f, -104.1f, 1e-20f,
                        1f, -1f};
        int n = edge.length;
        var pairs = new float[2][n * n];
        for (int i = 0; i < n * n; i++) {
            pairs[0][i] = edge[i / n];
            pairs[1][i] = edge[i % n];
        }
        Tensor a = Tensor.of(pairs[0], n, n), b = Tensor.of(pairs[1], n, n);
        var all = Rows.all(n);
        same(k -> k.add(a, b), plain(), "add");
        same(k -> k.scale(a, 0.3), plain(), "scale");
        same(k -> k.mul(a, b, all), plain(), "mul");
        same(k -> k.ratio(a, b, a, 1e-6, all), plain(), "ratio");
        same(k -> k.ratio(b, b, a, 0, all), plain(), "ratio");
        same(k -> k.centreRows(b), plain(), "centreRows");
        same(k -> k.rmsScale(b, 1e-6), plain(), "rmsScale");
        same(k -> Case.vector(k.dot(a, b, all)), plain(), "dot");
        for (var f : new Activation[] {Activation.SILU, Activation.GELU_NEW})
            for (var curve : Curve.values()) same(k -> k.curve(f, curve, b), plain(), f + " " + curve);
        for (var layout : Layout.values())
            for (var part : Part.values())
                same(k -> k.linear(a, Weight.whole(b, layout), part), plain(), "linear " + layout + " " + part);
        same(k -> k.attend(new Fused.Inputs(b, a, b, Heads.causal(2, 2, 8, n), 0.3)), plain(), "attend");
    }

    /// What the models at hand need to explain and to generate.
    @ParameterizedTest
    @MethodSource("shortCommand")
    void aShortCommandNeedsNoVector(String verb) {
        for (var c : Verbs.of(verb, new Draw(1), 16, 6)) {
            if (c.what().contains("GELU ") || c.what().contains("RELU") || c.what().contains("TANH")) continue;
            same(c.call(), plain(), verb + " " + c.what());
        }
    }

    static Stream<String> shortCommand() {
        return Stream.of("linear", "linearTransposed", "add", "scale", "mul", "curve", "ratio", "addToRows",
            "scaleCols", "scaleRows",
            "centreRows", "rmsScale", "rowProjection", "placeRows", "rotate", "dot", "dotRow");
    }

    @Test
    void enoughWorkEndsIt() {
        var x = new Draw(1).tensor(64, 1024);
        var w = Weight.whole(new Draw(2).tensor(1024, 1024), Layout.OUT_IN);
        var k = plain();
        for (var work = WarmingKernels.ENOUGH - MOST; work > 0; work -= MOST) k.linear(x, w, Part.ALL);
        k.add(x, x);
        assertThrows(AssertionError.class, () -> k.linear(x, w, Part.ALL));
        assertThrows(AssertionError.class, () -> k.add(x, x));
    }

    @Test
    void oneLargeProductEndsIt() {
        var x = new Draw(1).tensor(65, 1024);
        var w = Weight.whole(new Draw(2).tensor(1024, 1024), Layout.OUT_IN);
        var k = plain();
        k.add(x, x);
        assertThrows(AssertionError.class, () -> k.linear(x, w, Part.ALL));
        assertThrows(AssertionError.class, () -> k.add(x, x));
    }

    @Test
    void operandsThatDoNotFitAreRefusedAlike() {
        var w = Weight.whole(new Draw(2).tensor(5, 7), Layout.OUT_IN);
        var x = new Draw(1).tensor(3, 6);
        var said = Stream.of(SIMD, plain()).map(k ->
            assertThrows(IllegalArgumentException.class, () -> k.linear(x, w, Part.ALL)).getMessage()).toList();
        assertEquals(said.getFirst(), said.getLast());
    }

    private static void same(Function<Kernels, Tensor> call, Kernels k, String what) {
        same(call.apply(SIMD), call.apply(k), what);
    }

    private static void same(Tensor expected, Tensor actual, String what) {
        assertEquals(expected.shape(), actual.shape(), what);
        assertArrayEquals(expected.toDoubles(), actual.toDoubles(), what);
    }
}
