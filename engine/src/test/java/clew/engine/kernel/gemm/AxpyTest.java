package clew.engine.kernel.gemm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import clew.engine.kernel.Part;
import clew.engine.tensor.DType;
import clew.engine.tensor.Storage;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What reads mapped weights where they lie has the bits of widening them first.
class AxpyTest {
    @ParameterizedTest
    @EnumSource(names = {"F32", "BF16", "F16"})
    void directIsWidenedFirst(DType dtype) {
        var random = new Random(5);
        for (int n : new int[] {1, 15, 16, 17, 64, 207}) {
            float[] x = Matrices.random(random, 6), y = Matrices.random(random, n + 2), widened = new float[4 * n];
            var w = Matrices.weights(random, dtype, 4, n);
            Widen.block(w, Part.ALL, 0, 4, 0, n, widened, 0, n);
            float[] expected = y.clone(), direct = y.clone();
            Axpy.four(x, 1, widened, 0, n, expected, 1, n);
            var mapped = (Storage.Mapped) w.storage();
            long at = dtype.bytes() * w.index(0, 0), step = (long) dtype.bytes() * w.stride();
            switch (dtype) {
                case F32  -> AxpyF32.four(x, 1, mapped.data(), at, step, direct, 1, n);
                case BF16 -> AxpyBf16.four(x, 1, mapped.data(), at, step, direct, 1, n);
                default   -> AxpyF16.four(x, 1, mapped.data(), at, step, direct, 1, n);
            }
            assertArrayEquals(expected, direct, dtype + ", n = " + n);
        }
    }
}
