package clew.engine.kernel.gemm;

import static org.junit.jupiter.api.Assertions.assertThrows;

import clew.engine.kernel.Workers;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Batched products on slices of interleaved heads, as attention makes them.
class ProductsTest {
    private static final int HEADS = 3;

    @ParameterizedTest
    @EnumSource(Form.class)
    void everyItemIsTheSum(Form form) {
        for (int[] s : new int[][] {{1, 1, 8}, {1, 70, 64}, {2, 17, 80}, {7, 7, 16}, {33, 100, 12}, {64, 64, 64},
                {100, 31, 128},
                {65, 130, 600}, {5, 600, 24}}) {
            for (var how : Accumulate.values()) check(form, s[0], s[1], s[2], how);
        }
    }

    private static void check(Form form, int m, int n, int k, Accumulate how) {
        int aRows = form == Form.AT_B ? k : m, aCols = form == Form.AT_B ? m : k;
        int bRows = form == Form.A_BT ? n : k, bCols = form == Form.A_BT ? k : n;
        var random = new Random(m * 31L + n * 7L + k);
        int as = HEADS * aCols, bs = HEADS * bCols, cs = HEADS * n + 1;                               // [T, H·d] rows
        float[] a = Matrices.random(random, aRows * as), b = Matrices.random(random, bRows * bs);
        var c = Matrices.random(random, m * cs);
        try (var workers = Workers.of(2)) {
            var items = IntStream.range(0, HEADS).mapToObj(h -> new Product(h * aCols, h * bCols, h * n, m, n,
                    k)).toList();
            var before = c.clone();
            new Gemm(workers).products(form, 0.125f, a, as, b, bs, c, cs, how, items);
            for (int h = 0; h < HEADS; h++) {
                var left = Matrices.doubles(a, h * aCols, as, aRows, aCols);
                var right = Matrices.doubles(b, h * bCols, bs, bRows, bCols);
                if (form == Form.AT_B) left = Matrices.transposed(left, k, m);
                if (form == Form.A_BT) right = Matrices.transposed(right, n, k);
                var alone = before.clone();                            // what the other items wrote is theirs
                for (int r = 0; r < m; r++) System.arraycopy(c, r * cs + h * n, alone, r * cs + h * n, n);
                Matrices.assertProduct(form + " " + m + "×" + n + "×" + k, left, right, m, n, k, 0.125, how, before,
                        alone,
                        h * n, cs);
            }
        }
    }

    @Test
    void anItemThatDoesNotFitIsRefused() {
        try (var workers = Workers.of(1)) {
            var gemm = new Gemm(workers);
            assertThrows(IllegalArgumentException.class, () -> gemm.products(Form.A_B, 1, new float[6], 3,
                    new float[6], 2,
                    new float[4], 2, Accumulate.SET, List.of(new Product(1, 0, 0, 2, 2, 3))));
        }
    }
}
