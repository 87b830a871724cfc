package clew.engine.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import clew.engine.tensor.DType;
import clew.engine.tensor.Rows;
import clew.engine.tensor.Storage;
import clew.engine.tensor.Tensor;
import clew.engine.tensor.Weight;
import clew.engine.tensor.Weight.Layout;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// It makes no difference where an operand lies: mapped at an odd address or in an array, the result is the same.
class StorageTest {
    private static final Kernels SIMD = new SimdKernels(Workers.of(2));

    @ParameterizedTest
    @EnumSource(value = DType.class, names = {"F64", "F32", "F16", "BF16", "I8"})
    void mappedOperandsGiveWhatArraysGive(DType type) {
        try (var arena = Arena.ofShared()) {
            var mapped = mapped(new Draw(type.ordinal()).tensor(6, 64), type, arena);
            var held = Tensor.of(mapped.toFloats(), 6, 64);
            int[] ids = {5, 0, 3, 5};
            same(SIMD.gather(held, ids), SIMD.gather(mapped, ids), 0);
            same(SIMD.add(held, held), SIMD.add(mapped, mapped), 0);
            same(SIMD.sumRows(held), SIMD.sumRows(mapped), 0);
            same(SIMD.mul(held, held, Rows.all(6)), SIMD.mul(held, mapped, Rows.all(6)), 0);
            products(held, mapped);
        }
    }

    /// A device may widen a mapped weight block by block and so sum in another order: a few roundings of 64 terms.
    private void products(Tensor held, Tensor mapped) {
        var x = new Draw(9).tensor(7, 64);
        var narrow = new Draw(9).tensor(7, 6);
        Weight a = Weight.whole(held, Layout.OUT_IN), b = Weight.whole(mapped, Layout.OUT_IN);
        same(SIMD.linear(x, a, Part.ALL), SIMD.linear(x, b, Part.ALL), 1e-5);
        same(SIMD.linearTransposed(narrow, a, Part.ALL), SIMD.linearTransposed(narrow, b, Part.ALL), 1e-5);
        Weight c = Weight.whole(held, Layout.IN_OUT), d = Weight.whole(mapped, Layout.IN_OUT);
        same(SIMD.linear(narrow, c, Part.ALL), SIMD.linear(narrow, d, Part.ALL), 1e-5);
        same(SIMD.linearTransposed(x, c, Part.ALL), SIMD.linearTransposed(x, d, Part.ALL), 1e-5);
    }

    /// What another device holds is read through copies, whole or in part, wherever an operand may stand.
    @Test
    void elementsElsewhereAreRead() {
        var held = new Draw(4).tensor(6, 64);
        record Elsewhere(float[] data) implements Storage.Remote {
            @Override
            public long elements() {
                return data.length;
            }

            @Override
            public void read(long from, int count, float[] out, int at) {
                System.arraycopy(data, (int) from, out, at, count);
            }
        }
        var remote = new Tensor(held.shape(), new Elsewhere(held.toFloats()));
        assertEquals(DType.F32, remote.dtype());
        assertEquals(held.get(77), remote.get(77));
        assertArrayEquals(held.toDoubles(5, 9), remote.toDoubles(5, 9));
        int[] ids = {5, 0, 3, 5};
        same(SIMD.gather(held, ids), SIMD.gather(remote, ids), 0);
        same(SIMD.add(held, held), SIMD.add(held, remote), 0);
        same(new ScalarKernels().sumRows(held), new ScalarKernels().sumRows(remote), 0);
        products(held, remote);
    }

    @Test
    void doublesAreRoundedToFloatsAtTheDoor() {
        double[] values = {1 / 3.0, -2e300, 1e-50, Double.NaN};
        float[] expected = {1 / 3f, Float.NEGATIVE_INFINITY, 0, Float.NaN};
        assertArrayEquals(expected, SIMD.scale(Tensor.of(values, 4), 1).toFloats());
        assertEquals(DType.F32, SIMD.tensor(Tensor.of(values, 4).shape(), values).dtype());
    }

    /// The values in this type at an odd address of native memory; scaled up for integers.
    static Tensor mapped(Tensor x, DType type, Arena arena) {
        var bytes = ByteBuffer.allocate(Math.toIntExact(x.size()) * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        for (var v : x.toFloats())
            switch (type) {
                case F64  -> bytes.putDouble(v);
                case F32  -> bytes.putFloat(v);
                case F16  -> bytes.putShort(Float.floatToFloat16(v));
                case BF16 -> bytes.putShort((short) (Float.floatToIntBits(v) >>> 16));
                default   -> bytes.put((byte) (30 * v));
            }
        var segment = arena.allocate(bytes.capacity() + 1, 8).asSlice(1, bytes.capacity());
        segment.asByteBuffer().put(bytes.array());
        return Tensor.mapped(segment, type, x.shape().dims());
    }

    private static void same(Tensor expected, Tensor actual, double tolerance) {
        assertArrayEquals(expected.toDoubles(), actual.toDoubles(), tolerance);
    }
}
