package clew.engine.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import clew.engine.tensor.Rows;
import clew.engine.tensor.Tensor;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Softmax is a distribution over the keys that a query sees, whatever the size of the scores.
class SoftmaxTest {
    private static final int T = 207;

    private static final Kernels SIMD = new SimdKernels(Workers.of(2));

    static Stream<Kernels> devices() {
        return Stream.of(new ScalarKernels(), SIMD);
    }

    @ParameterizedTest
    @MethodSource("devices")
    void rowsSumToOneAndTheFutureIsExactlyZero(Kernels k) {
        for (double size : new double[] {0, 1, 30, 1e4, 1e30})
            for (int window : new int[] {Integer.MAX_VALUE, 20}) {
                var heads = new Heads(2, 1, 1, T, T, window);
                var p = k.softmax(k.scale(new Draw(7).tensor(2 * T, T), size), heads, 1);
                for (int r = 0; r < 2 * T; r++) assertRow(p, r, heads, "scores of size " + size);
            }
    }

    @ParameterizedTest
    @MethodSource("devices")
    void aConstantAddedToAllScoresChangesNothing(Kernels k) {
        var heads = Heads.causal(1, 1, 1, T);
        var s = k.tensor(new Draw(8).tensor(T, T).shape(), new Draw(8).tensor(T, T).toDoubles());
        var shift = new float[T];
        Arrays.fill(shift, 64);
        var p = k.softmax(s, heads, 1).toDoubles();
        var q = k.softmax(k.addToRows(s, Tensor.of(shift, T)), heads, 1).toDoubles();
        for (int i = 0; i < p.length; i++) assertEquals(p[i], q[i], 1e-5 * p[i]);   // s + 64 has lost six bits of s
    }

    @ParameterizedTest
    @MethodSource("devices")
    void theDerivativeOfARowSumsToZero(Kernels k) {
        var p = k.softmax(new Draw(9).tensor(T, T), Heads.causal(1, 1, 1, T), 1);
        var g = k.softmaxBackward(new Draw(10).tensor(T, T), p, Rows.all(T)).toDoubles();
        for (int r = 0; r < T; r++) {
            var sum = 0.0;
            for (int j = 0; j < T; j++) sum += g[r * T + j];
            assertEquals(0, sum, 1e-6);
        }
    }

    private static void assertRow(Tensor p, int r, Heads heads, String what) {
        int i = r % T;
        var sum = 0.0;
        for (int j = 0; j < T; j++) {
            var v = p.get((long) r * T + j);
            if (j < heads.firstKey(i) || j > heads.lastKey(i)) assertEquals(0, v, 0.0, what);
            sum += v;
        }
        assertEquals(1, sum, 1e-6, what + ", row " + r);
    }
}
