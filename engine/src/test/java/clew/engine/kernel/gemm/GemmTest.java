package clew.engine.kernel.gemm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clew.engine.kernel.Part;
import clew.engine.kernel.Workers;
import clew.engine.tensor.Coding;
import clew.engine.tensor.DType;
import clew.engine.tensor.Storage;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Every product equals the sum written out in double, at awkward sizes, for every storage, part and number of threads.
class GemmTest {
    private static final Workers WORKERS = Workers.of(2);
    private static final Gemm GEMM = new Gemm(WORKERS);
    private static final int[] SIZES = {1, 2, 3, 7, 8, 15, 16, 17, 31, 64, 100, 207, 768, 1023};

    @AfterAll
    static void close() {
        WORKERS.close();
    }

    record Size(int m, int n, int k) {}

    /// Every size in every place, the others drawn; large times large times large is left to the end.
    static Stream<Size> sizes() {
        var random = new Random(7);
        var drawn = Stream.<Size>builder();
        for (int size : SIZES) {
            for (int place = 0; place < 3; place++) {
                int p = SIZES[random.nextInt(11)], q = SIZES[random.nextInt(14)];
                drawn.add(place == 0 ? new Size(size, p, q) : place == 1 ? new Size(p, size, q) : new Size(q, p, size));
            }
        }
        return Stream.concat(drawn.build(), Stream.of(new Size(5, 768, 768), new Size(67, 130, 2049), new Size(1, 50,
                2050),
                new Size(3, 2100, 9), new Size(530, 100, 70), new Size(64, 131, 3500), new Size(49, 53, 300),
                new Size(90, 200, 500), new Size(128, 77, 193), new Size(187, 53, 1600),
                new Size(64, 170, 900), new Size(70, 1000, 801), new Size(88, 96, 500), new Size(64, 1056, 801),
                new Size(0, 5, 5), new Size(5, 0, 5), new Size(5, 5, 0)));
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void timesTransposedIsTheSum(Size s) {
        for (var how : Accumulate.values())
            timesTransposed(s, Matrices.weights(random(s), DType.F32, s.n, s.k), Part.ALL, how);
        timesTransposed(s, Matrices.floats(random(s), s.n, s.k), Part.ALL, Accumulate.SET);
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void timesIsTheSum(Size s) {
        for (var how : Accumulate.values()) times(s, Matrices.weights(random(s), DType.F32, s.k, s.n), Part.ALL, how);
        times(s, Matrices.floats(random(s), s.k, s.n), Part.ALL, Accumulate.SET);
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void outerIsTheSum(Size s) {
        for (var how : Accumulate.values()) {
            float[] g = Matrices.random(random(s), 2 + s.k * (s.m + 3)), x = Matrices.random(random(s),
                    1 + s.k * (s.n + 2));
            var before = Matrices.random(random(s), 4 + s.m * (s.n + 1));
            var out = before.clone();
            GEMM.outer(g, 2, s.m + 3, x, 1, s.n + 2, s.k, s.m, s.n, out, 4, s.n + 1, how);
            var left = Matrices.transposed(Matrices.doubles(g, 2, s.m + 3, s.k, s.m), s.k, s.m);
            Matrices.assertProduct("outer " + s, left, Matrices.doubles(x, 1, s.n + 2, s.k, s.n), s.m, s.n, s.k, 1, how,
                    before, out, 4, s.n + 1);
        }
    }

    /// With x in place and copied, out in one part and in many.
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void outerHasTheBitsOfTheProductWithTheTransposed(int threads) {
        try (var workers = Workers.of(threads)) {
            var gemm = new Gemm(workers);
            for (var s : new Size[] {new Size(8, 32, 5), new Size(124, 96, 391), new Size(256, 128, 800),
                    new Size(400, 544, 390)}) {
                float[] g = Matrices.random(random(s), s.k * s.m), out = new float[s.m * s.n], y = new float[s.m * s.n];
                var x = Matrices.floats(random(s), s.k, s.n);
                var rows = ((Storage.Floats) x.storage()).data();
                gemm.outer(g, 0, s.m, rows, (int) x.offset(), x.stride(), s.k, s.m, s.n, out, 0, s.n, Accumulate.SET);
                gemm.times(Matrices.transpose(g, s.k, s.m), 0, s.k, s.m, x, Part.ALL, y, 0, s.n, Accumulate.SET);
                assertArrayEquals(y, out, 0f);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(DType.class)
    void weightsOfEveryTypeAndPart(DType dtype) {
        for (var part : Part.values()) {
            for (var s : new Size[] {new Size(1, 37, 70), new Size(3, 18, 33), new Size(21, 70, 49), new Size(70, 23,
                    131), new Size(300, 37, 70)}) {
                timesTransposed(s, Matrices.weights(random(s), dtype, s.n, s.k), part, Accumulate.SET);
                times(s, Matrices.weights(random(s), dtype, s.k, s.n), part, Accumulate.ADD);
            }
        }
    }

    /// Whole blocks are read where they lie by some kernels; rows that begin and end within one never are.
    @ParameterizedTest
    @EnumSource(Coding.class)
    void codedWeightsOfEveryPart(Coding coding) {
        for (var part : Part.values())
            for (var step : Matrices.Step.values())
                for (int beside : new int[] {0, 64, 7})
                    for (var s : new Size[] {new Size(1, 37, 192), new Size(4, 18, 64), new Size(2, 64, 35),
                            new Size(21, 70, 49), new Size(70, 64, 256), new Size(300, 64, 35)}) {
                        timesTransposed(s, Matrices.coded(random(s), coding, step, s.n, s.k, beside), part,
                                Accumulate.SET);
                        times(s, Matrices.coded(random(s), coding, step, s.k, s.n, beside), part, Accumulate.ADD);
                    }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 5})
    void resultsDoNotDependOnTheThreads(int threads) {
        try (var workers = Workers.of(threads); var alone = Workers.of(1)) {
            for (var s : new Size[] {new Size(2, 300, 257), new Size(70, 500, 300), new Size(600, 130, 70)}) {
                var w = Matrices.weights(random(s), DType.BF16, s.n, s.k);
                var v = Matrices.weights(random(s), DType.F32, s.k, s.n);
                var x = Matrices.random(random(s), s.m * s.k);
                var many = new float[3][s.m * s.n];
                var one = new float[3][s.m * s.n];
                all(new Gemm(workers), s, x, w, v, many);
                all(new Gemm(alone), s, x, w, v, one);
                for (int i = 0; i < 3; i++) assertArrayEquals(one[i], many[i], 0f);
            }
        }
    }

    private static void all(Gemm gemm, Size s, float[] x, WeightView w, WeightView v, float[][] y) {
        gemm.timesTransposed(x, 0, s.k, s.m, w, Part.ALL, y[0], 0, s.n, Accumulate.SET);
        gemm.times(x, 0, s.k, s.m, v, Part.ALL, y[1], 0, s.n, Accumulate.SET);
        var rows = ((Storage.Floats) Matrices.floats(random(s), s.k, s.n).storage()).data();
        gemm.outer(Matrices.transpose(x, s.m, s.k), 0, s.m, rows, 0, s.n, s.k, s.m, s.n, y[2], 0, s.n, Accumulate.SET);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 5, 70})
    void zeroTimesNanIsNan(int m) {
        var x = new float[m * 40];
        var values = new float[40 * 40];
        values[7 * 40 + 9] = Float.NaN;
        values[8 * 40 + 11] = Float.POSITIVE_INFINITY;
        var w = new WeightView(new Storage.Floats(values), DType.F32, 0, 40, 40, 40);
        for (var part : new Part[] {Part.ALL, Part.POSITIVE}) {
            var y = new float[m * 40];
            GEMM.timesTransposed(x, 0, 40, m, w, part, y, 0, 40, Accumulate.SET);
            for (int i = 0; i < y.length; i++) assertEquals(i % 40 == 7 || i % 40 == 8, Float.isNaN(y[i]));
            GEMM.times(x, 0, 40, m, w, part, y, 0, 40, Accumulate.SET);
            for (int i = 0; i < y.length; i++) assertEquals(i % 40 == 9 || i % 40 == 11, Float.isNaN(y[i]));
        }
    }

    @Test
    void operandsThatDoNotFitAreNamed() {
        var w = Matrices.floats(new Random(1), 8, 6);
        var short5 = assertThrows(IllegalArgumentException.class,
                () -> GEMM.times(new float[39], 0, 8, 5, w, Part.ALL, new float[30], 0, 6, Accumulate.SET));
        assertTrue(short5.getMessage().startsWith("x [5, 8]"), short5.getMessage());
        var output = assertThrows(IllegalArgumentException.class,
                () -> GEMM.timesTransposed(new float[30], 0, 6, 5, w, Part.ALL, new float[40], 1, 8, Accumulate.SET));
        assertTrue(output.getMessage().startsWith("y [5, 8]"), output.getMessage());
        assertThrows(IllegalArgumentException.class, () -> new WeightView(w.storage(), DType.F32, 9, 8, 6, 11));
        assertThrows(IllegalArgumentException.class, () -> new WeightView(w.storage(), DType.BF16, 0, 8, 6, 11));
    }

    private static void timesTransposed(Size s, WeightView w, Part part, Accumulate how) {
        float[] x = Matrices.random(random(s), 2 + s.m * (s.k + 3)), before = Matrices.random(random(s),
                1 + s.m * (s.n + 2));
        var y = before.clone();
        GEMM.timesTransposed(x, 2, s.k + 3, s.m, w, part, y, 1, s.n + 2, how);
        var right = Matrices.transposed(Matrices.doubles(w, part), s.n, s.k);
        Matrices.assertProduct("x·wᵀ " + s + " " + w.dtype() + " " + part, Matrices.doubles(x, 2, s.k + 3, s.m, s.k),
                right,
                s.m, s.n, s.k, 1, how, before, y, 1, s.n + 2);
    }

    private static void times(Size s, WeightView w, Part part, Accumulate how) {
        float[] x = Matrices.random(random(s), 2 + s.m * (s.k + 3)), before = Matrices.random(random(s),
                1 + s.m * (s.n + 2));
        var y = before.clone();
        GEMM.times(x, 2, s.k + 3, s.m, w, part, y, 1, s.n + 2, how);
        Matrices.assertProduct("x·w " + s + " " + w.dtype() + " " + part, Matrices.doubles(x, 2, s.k + 3, s.m, s.k),
                Matrices.doubles(w, part), s.m, s.n, s.k, 1, how, before, y, 1, s.n + 2);
    }

    private static Random random(Size s) {
        return new Random(31L * s.hashCode());
    }
}
