package clew.engine.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import clew.engine.tensor.Weight.Layout;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TensorTest {
    // ── shapes ──────────────────────────────────────────────────────────────────────────────────────────────────────

    @Test
    void aShapeIsRowsOfItsLastAxis() {
        var shape = Shape.of(2, 3, 768);
        assertEquals(3, shape.rank());
        assertEquals(4608, shape.size());
        assertEquals(6, shape.rows());
        assertEquals(768, shape.cols());
        assertEquals(768, shape.dim(-1));
        assertEquals(2, shape.dim(-3));
        assertEquals("[2, 3, 768]", shape.toString());
        assertEquals(Shape.of(2, 3, 5), shape.withCols(5));
        assertNotEquals(Shape.of(6, 768), shape);
    }

    @Test
    void aScalarIsOneRowOfOne() {
        assertEquals(1, Shape.of().size());
        assertEquals(1, Shape.of().rows());
        assertEquals(1, Shape.of().cols());
        assertEquals(Shape.of(4), Shape.of().withCols(4));
    }

    @Test
    void aShapeCannotBeChangedFromOutside() {
        var dims = new int[] {2, 3};
        var shape = Shape.of(dims);
        dims[0] = 7;
        shape.dims()[1] = 7;
        assertEquals(Shape.of(2, 3), shape);
        assertEquals(Shape.of(2, 3).hashCode(), shape.hashCode());
    }

    @Test
    void aShapeThatNoTensorHasIsRefused() {
        refused("shape [2, -1]: extents must be ≥ 0", () -> Shape.of(2, -1));
        refused("shape [2147483647, 2147483647, 3]: more than 2⁶³−1 elements",
                () -> Shape.of(Integer.MAX_VALUE, Integer.MAX_VALUE, 3));
        assertEquals(0, Shape.of(0, Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE).size());
    }

    // ── storage ─────────────────────────────────────────────────────────────────────────────────────────────────────

    @Test
    void storageHoldsExactlyTheShapesElements() {
        refused("tensor [2, 3] needs 6 elements, storage has 5", () -> Tensor.of(new double[5], 2, 3));
        refused("tensor [2, 3] needs 6 elements, storage has 7", () -> Tensor.of(new float[7], 2, 3));
        refused("tensor [3] needs 3 elements, storage has 4", () -> Tensor.of(new float[4], 2, 2).reshape(3));
        refused("tensor [2] needs 2 elements, storage has 1", () -> mapped(DType.F32, new byte[4], 2));
        refused("mapped: 7 bytes are not whole F32 elements of 4", () -> mapped(DType.F32, new byte[7], 1));
    }

    @Test
    void reshapingKeepsTheElements() {
        var x = Tensor.of(new double[] {1, 2, 3, 4, 5, 6}, 2, 3);
        assertArrayEquals(x.toDoubles(), x.reshape(3, 1, 2).toDoubles());
        assertEquals(3, x.reshape(3, 1, 2).rows());
        assertArrayEquals(new double[] {3, 4}, x.toDoubles(2, 2));
        assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, x.toFloats());
    }

    @Test
    void everyTypeIsReadAsItLiesInAFile() {
        assertValues(DType.F64, "0000 0000 0000 f0bf 1800 0000 0000 f03f", -1, 1.0000000000000053);
        assertValues(DType.F32, "0000 80bf 0000 807f db0f 4940", -1, Double.POSITIVE_INFINITY, (float) Math.PI);
        assertValues(DType.F16, "003c 00c0 0100 ff7b 007c 0080 003e",
                     1, -2, Math.scalb(1.0, -24), 65504, Double.POSITIVE_INFINITY, -0.0, 1.5);
        assertValues(DType.BF16, "803f 80bf 4940 0100 80ff",
                     1, -1, 3.140625, Math.scalb(1.0, -133), Double.NEGATIVE_INFINITY);
        assertValues(DType.I64, "ffff ffff ffff ffff 0000 0000 0000 0080", -1, -Math.scalb(1.0, 63));
        assertValues(DType.I32, "ffff ffff 0000 0080", -1, Integer.MIN_VALUE);
        assertValues(DType.U32, "ffff ffff 0000 0080", 4294967295.0, 2147483648.0);
        assertValues(DType.I16, "ffff 0080", -1, -32768);
        assertValues(DType.U16, "ffff 0080", 65535, 32768);
        assertValues(DType.I8, "ff80 7f00", -1, -128, 127, 0);
        assertValues(DType.U8, "ff80 7f00", 255, 128, 127, 0);
        assertValues(DType.BOOL, "0001", 0, 1);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, Long.MAX_VALUE, Long.MIN_VALUE, Long.MIN_VALUE + 1024, Long.MIN_VALUE + 1025,
                          -1, -1023, -1024, -1025})
    void unsignedLongsAreRoundedOnceToTheNearest(long bits) {
        var bytes = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(bits).array();
        assertEquals(new BigInteger(Long.toUnsignedString(bits)).doubleValue(), mapped(DType.U64, bytes, 1).get(0));
    }

    @Test
    void anyAlignmentIsRead() {
        var bytes = new byte[3 + 8 + 8];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putDouble(3, 0.1).putDouble(11, -7.5);
        var region = MemorySegment.ofArray(bytes).asSlice(3);
        var x = Tensor.mapped(region, DType.F64, 2);
        assertArrayEquals(new double[] {0.1, -7.5}, x.toDoubles());
        assertEquals(-7.5, x.get(1));
        assertEquals(DType.F64, x.dtype());
    }

    @Test
    void typesKnowTheirSize() {
        for (var type : DType.values()) {
            var digits = type.name().replaceAll("\\D", "");
            assertEquals(type == DType.BOOL ? 1 : Integer.parseInt(digits) / 8, type.bytes(), type.name());
            assertEquals(type.name().contains("F"), type.isFloat(), type.name());
        }
        assertEquals(DType.F32, Tensor.of(new float[1], 1).dtype());
        assertEquals(DType.F64, Tensor.of(new double[1], 1).dtype());
    }

    // ── weights ─────────────────────────────────────────────────────────────────────────────────────────────────────

    @Test
    void aWeightIsTheSameMapInEitherLayout() {
        var rows = Tensor.of(new double[] {1, 2, 3, 4, 5, 6}, 2, 3);                                 // [out, in]
        var cols = Tensor.of(new double[] {1, 4, 2, 5, 3, 6}, 3, 2);                                 // [in, out]
        Weight a = Weight.whole(rows, Layout.OUT_IN), b = Weight.whole(cols, Layout.IN_OUT);
        assertEquals(3, a.in());
        assertEquals(3, b.in());
        assertEquals(2, b.out());
        for (int o = 0; o < 2; o++)
            for (int i = 0; i < 3; i++) assertEquals(rows.get(a.index(o, i)), cols.get(b.index(o, i)));
    }

    @Test
    void aViewStartsAtItsFirstOutput() {
        var w = new Weight(Tensor.of(new double[] {1, 4, 2, 5, 3, 6}, 3, 2), Layout.IN_OUT, 1, 1);
        assertEquals(6, w.tensor().get(w.index(0, 2)));
    }

    @Test
    void aViewThatLeavesItsMatrixIsRefused() {
        var w = Tensor.of(new double[6], 2, 3);
        refused("weight: outputs 1…3 of [2, 3]: it has 2", () -> new Weight(w, Layout.OUT_IN, 1, 2));
        refused("weight: outputs 1…4 of [2, 3]: it has 3", () -> new Weight(w, Layout.IN_OUT, 1, 3));
        refused("weight: outputs -1…0 of [2, 3]: it has 2", () -> new Weight(w, Layout.OUT_IN, -1, 1));
        refused("weight: outputs 2147483647…4294967294 of [2, 3]: it has 2",
                () -> new Weight(w, Layout.OUT_IN, Integer.MAX_VALUE, Integer.MAX_VALUE));
        refused("weight: [6] is not a matrix", () -> Weight.whole(Tensor.of(new double[6], 6), Layout.OUT_IN));
    }

    private static void assertValues(DType type, String hex, double... expected) {
        var digits = hex.replace(" ", "");
        var bytes = new byte[digits.length() / 2];
        for (int i = 0; i < bytes.length; i++) bytes[i] = (byte) Integer.parseInt(digits, 2 * i, 2 * i + 2, 16);
        var x = mapped(type, bytes, expected.length);
        assertArrayEquals(expected, x.toDoubles(), type.name());
        for (int i = 0; i < expected.length; i++) assertEquals(expected[i], x.get(i), type.name());
    }

    private static Tensor mapped(DType type, byte[] bytes, int... dims) {
        return Tensor.mapped(MemorySegment.ofArray(bytes), type, dims);
    }

    private static void refused(String message, Runnable make) {
        var e = assertThrows(IllegalArgumentException.class, make::run);
        assertEquals(message, e.getMessage());
    }
}
