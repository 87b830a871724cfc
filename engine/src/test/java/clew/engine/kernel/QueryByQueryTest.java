package clew.engine.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import clew.engine.tensor.Rows;
import clew.engine.tensor.Tensor;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Queries taken in fours give what each gives alone, bit for bit, and wanting a ledger changes no share.
class QueryByQueryTest {
    private static final Kernels SIMD = new SimdKernels(Workers.of(1));
    private static final int H = 8;

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4, 6, 16, 17, 61, 64, 65, 131})
    void queriesTogetherAreQueriesAlone(int T) {
        for (int d : new int[] {3, 16, 17, 32, 48, 64}) {
            var draw = new Draw(100 * T + d);
            Tensor q = draw.tensor(T, H * d), k = draw.tensor(T, d), v = draw.tensor(T, d);
            float[] together = SIMD.attend(new Fused.Inputs(q, k, v, Heads.causal(H, 1, d, T), 0.3)).toFloats();
            for (int i = 0; i < T; i++) {
                var one = new Heads(H, 1, d, 1, i + 1, Integer.MAX_VALUE);
                var z = SIMD.attend(new Fused.Inputs(rows(q, i, 1), rows(k, 0, i + 1), rows(v, 0, i + 1), one, 0.3));
                assertArrayEquals(z.toFloats(), Arrays.copyOfRange(together, i * H * d, (i + 1) * H * d),
                    "query " + i + " of " + T + ", " + d + " wide");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 0.7})
    void aLedgerChangesNoShare(double temperature) {
        var draw = new Draw(3);
        int T = 70, d = 32;
        var rows = Rows.seeds(2, T);
        var x = new Fused.Inputs(draw.tensor(T, 2 * d), draw.tensor(T, d), draw.tensor(T, d), Heads.causal(2, 1, d, T),
            0.3);
        var g = draw.tensor(rows.count(), 2 * d);
        var booked = SIMD.attendBackward(g, x, new Fused.Reading(1, 1, 1, temperature, true), rows);
        var plain = SIMD.attendBackward(g, x, new Fused.Reading(1, 1, 1, temperature, false), rows);
        assertArrayEquals(floats(booked.q()), floats(plain.q()));
        assertArrayEquals(floats(booked.k()), floats(plain.k()));
        assertArrayEquals(floats(booked.v()), floats(plain.v()));
        assertArrayEquals(new double[2], plain.leak());
    }

    private static float[] floats(@Nullable Tensor x) {
        return Objects.requireNonNull(x).toFloats();
    }

    private static Tensor rows(Tensor x, int from, int count) {
        var data = Arrays.copyOfRange(x.toFloats(), from * x.cols(), (from + count) * x.cols());
        return Tensor.of(data, count, x.cols());
    }
}
