package clew.weights;

import clew.engine.tensor.DType;
import clew.engine.tensor.Shape;
import clew.engine.tensor.Storage;
import clew.engine.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Optional;

/// Tensors in the element types of files: ids as 64-bit integers, weights narrowed to bf16 or f16.
///
/// What is made here lies outside the heap, as a mapped file does, so that a kernel's loop sees one kind of segment;
/// the collector frees it with the tensor.
public final class Tensors {
    private static final ValueLayout.OfDouble F64 = ValueLayout.JAVA_DOUBLE.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat  F32 = ValueLayout.JAVA_FLOAT.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort  I16 = ValueLayout.JAVA_SHORT.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong   I64 = ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);

    private Tensors() {}

    /// `I64 [n]`.
    public static Tensor ofLongs(long... values) {
        var data = allocate(DType.I64, values.length);
        MemorySegment.copy(values, 0, data, I64, 0, values.length);
        return Tensor.mapped(data, DType.I64, values.length);
    }

    /// The elements of `x` in another floating-point type, each rounded to the nearest, ties to even. A double goes to
    /// 16 bits by way of float.
    ///
    /// @throws IllegalArgumentException if `as` is not a floating-point type
    public static Tensor as(Tensor x, DType as) {
        if (!as.isFloat()) throw new IllegalArgumentException("elements become F64, F32, F16 or BF16, not " + as);
        var data = allocate(as, x.size());
        for (long i = 0; i < x.size(); i++) {
            var v = x.get(i);
            switch (as) {
                case F64  -> data.set(F64, 8 * i, v);
                case F32  -> data.set(F32, 4 * i, (float) v);
                case F16  -> data.set(I16, 2 * i, Float.floatToFloat16((float) v));
                case BF16 -> data.set(I16, 2 * i, bf16((float) v));
                default   -> throw new AssertionError(as);
            }
        }
        return new Tensor(x.shape(), new Storage.Mapped(data, as));
    }

    /// Where the first NaN or infinity of a tensor is and what it is, such as `NaN at [3, 17]`; empty if all is finite,
    /// or integer.
    public static Optional<String> firstNonFinite(Tensor x) {
        var at = FiniteScan.first(x);
        return at < 0 ? Optional.empty() : Optional.of(x.get(at) + " at " + index(x.shape(), at));
    }

    /// The upper half of a float, rounded to the nearest, ties to even; a NaN stays one.
    static short bf16(float v) {
        var bits = Float.floatToRawIntBits(v);
        return (short) (Float.isNaN(v) ? bits >>> 16 | 0x40 : bits + 0x7FFF + (bits >>> 16 & 1) >>> 16);
    }

    private static MemorySegment allocate(DType dtype, long elements) {
        return Arena.ofAuto().allocate(Math.multiplyExact(elements, dtype.bytes()), dtype.bytes());
    }

    private static Shape index(Shape shape, long at) {
        var index = new int[shape.rank()];
        for (int axis = index.length - 1; axis >= 0; axis--) {
            index[axis] = (int) (at % shape.dim(axis));
            at /= shape.dim(axis);
        }
        return Shape.of(index);
    }
}
