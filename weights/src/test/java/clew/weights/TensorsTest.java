package clew.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clew.engine.tensor.DType;
import clew.engine.tensor.Tensor;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Narrowing rounds to the nearest; a NaN or an infinity is found wherever it is.
class TensorsTest {
    @Test
    void bf16IsTheNearestUpperHalf() {
        assertEquals(0x3F80, Tensors.bf16(1));
        assertEquals(0x3F80, Tensors.bf16(Float.intBitsToFloat(0x3F80_8000)), "a tie goes to the even one, below");
        assertEquals(0x3F82, Tensors.bf16(Float.intBitsToFloat(0x3F81_8000)), "a tie goes to the even one, above");
        assertEquals(0x3F81, Tensors.bf16(Float.intBitsToFloat(0x3F80_8001)));
        assertEquals(0x7F80, Tensors.bf16(Float.MAX_VALUE), "beyond the largest there is infinity");
        assertEquals((short) 0xFF80, Tensors.bf16(Float.NEGATIVE_INFINITY));
        assertEquals((short) 0x8000, Tensors.bf16(-0f));
        assertEquals(0x7FC0, Tensors.bf16(Float.intBitsToFloat(0x7F80_0001)), "a NaN of low bits only stays a NaN");
        assertTrue(Float.isNaN(Float.intBitsToFloat(Tensors.bf16(Float.intBitsToFloat(0xFFFF_FFFF)) << 16)));
    }

    @ParameterizedTest
    @EnumSource(names = {"F64", "F32", "F16", "BF16"})
    void whatATypeCanHoldItKeeps(DType dtype) {
        var exact = Tensor.of(new double[] {0, -1, 1.5, 96, -0.015625, 1024}, 2, 3);
        var narrow = Tensors.as(exact, dtype);
        assertEquals(dtype, narrow.dtype());
        assertEquals(exact.shape(), narrow.shape());
        assertArrayEquals(exact.toDoubles(), narrow.toDoubles());
    }

    @Test
    void onlyFloatingTypesAreNarrowedTo() {
        assertThrows(IllegalArgumentException.class, () -> Tensors.as(Tensors.ofLongs(1), DType.I32));
    }

    @Test
    void idsAreLongs() {
        var ids = Tensors.ofLongs(0, -1, Integer.MAX_VALUE + 1L);
        assertEquals(DType.I64, ids.dtype());
        assertArrayEquals(new double[] {0, -1, 2147483648.0}, ids.toDoubles());
    }

    @ParameterizedTest
    @EnumSource(names = {"F64", "F32", "F16", "BF16"})
    void theFirstNonFiniteElementIsFoundWhereverItIs(DType dtype) {
        var random = new Random(7);
        for (int at : new int[] {0, 1, 15, 4095, 4096, 4097, 8190, 9998}) {
            for (var bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
                var values = random.doubles(9999, -1000, 1000).toArray();
                assertEquals(Optional.empty(), Tensors.firstNonFinite(Tensors.as(Tensor.of(values, 9, 1111), dtype)));
                values[at] = bad;
                values[9998] = bad;
                var expected = Optional.of(bad + " at [" + at / 1111 + ", " + at % 1111 + "]");
                assertEquals(expected, Tensors.firstNonFinite(Tensors.as(Tensor.of(values, 9, 1111), dtype)));
                assertEquals(expected, Tensors.firstNonFinite(Tensor.of(values, 9, 1111)));
                assertEquals(expected, Tensors.firstNonFinite(Tensor.of(floats(values), 9, 1111)));
            }
        }
    }

    @Test
    void theLargestFiniteElementsPass() {
        var f16 = Tensors.as(Tensor.of(new float[] {65504, -65504, 6e-8f}, 3), DType.F16);
        var bf16 = Tensors.as(Tensor.of(new float[] {Float.intBitsToFloat(0x7F7F_0000), -0f}, 2), DType.BF16);
        var f32 = Tensor.of(new float[] {Float.MAX_VALUE, -Float.MAX_VALUE, Float.MIN_VALUE}, 3);
        var f64 = Tensor.of(new double[] {Double.MAX_VALUE, -Double.MAX_VALUE}, 2);
        var none = Tensor.of(new float[0], 0);
        for (var x : new Tensor[] {f16, bf16, f32, f64, Tensors.ofLongs(-1, Long.MAX_VALUE), none})
            assertEquals(Optional.empty(), Tensors.firstNonFinite(x));
        assertEquals(Optional.of("NaN at []"), Tensors.firstNonFinite(Tensor.of(new float[] {Float.NaN})));
    }

    private static float[] floats(double[] values) {
        var floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) floats[i] = (float) values[i];
        return floats;
    }
}
