package clew.engine.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// A shape and the storage of its elements, row-major and dense. Never written to once made.
public record Tensor(Shape shape, Storage storage) {
    private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;
    private static final ValueLayout.OfDouble F64 = ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(LE);
    private static final ValueLayout.OfFloat  F32 = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(LE);
    private static final ValueLayout.OfLong   I64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(LE);
    private static final ValueLayout.OfInt    I32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(LE);
    private static final ValueLayout.OfShort  I16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(LE);

    /// @throws IllegalArgumentException if the storage does not hold exactly the shape's elements
    public Tensor {
        var held = switch (storage) {
            case Storage.Floats(var a)          -> a.length;
            case Storage.Doubles(var a)         -> a.length;
            case Storage.Mapped(var m, var t)   -> m.byteSize() / t.bytes();
            case Storage.Coded c                -> c.elements();
            case Storage.Remote r               -> r.elements();
        };
        if (held != shape.size())
            throw new IllegalArgumentException(
                "tensor " + shape + " needs " + shape.size() + " elements, storage has " + held);
    }

    public static Tensor of(float[] data, int... dims) {
        return new Tensor(Shape.of(dims), new Storage.Floats(data));
    }

    public static Tensor of(double[] data, int... dims) {
        return new Tensor(Shape.of(dims), new Storage.Doubles(data));
    }

    public static Tensor mapped(MemorySegment data, DType dtype, int... dims) {
        return new Tensor(Shape.of(dims), new Storage.Mapped(data, dtype));
    }

    /// The type of its elements, of coded ones when they are decoded.
    public DType dtype() {
        return switch (storage) {
            case Storage.Floats _, Storage.Coded _, Storage.Remote _ -> DType.F32;
            case Storage.Doubles _            -> DType.F64;
            case Storage.Mapped(_, var t)     -> t;
        };
    }

    /// Number of rows when all axes but the last are taken together.
    public int rows() {
        return shape.rows();
    }

    /// Extent of the last axis.
    public int cols() {
        return shape.cols();
    }

    public long size() {
        return shape.size();
    }

    /// The same elements under another shape of equal size.
    public Tensor reshape(int... dims) {
        return new Tensor(Shape.of(dims), storage);
    }

    /// One element by its row-major index, widened to double. For inspection and references, not for fast loops.
    public double get(long i) {
        return switch (storage) {
            case Storage.Floats(var a)        -> a[Math.toIntExact(i)];
            case Storage.Doubles(var a)       -> a[Math.toIntExact(i)];
            case Storage.Mapped(var m, var t) -> decode(m, t, i);
            case Storage.Coded c              -> c.get(i);
            case Storage.Remote _             -> toDoubles(i, 1)[0];
        };
    }

    /// All elements, widened to double, in a new array.
    public double[] toDoubles() {
        return toDoubles(0, Math.toIntExact(size()));
    }

    /// `count` elements from row-major index `from` on, widened to double, in a new array.
    public double[] toDoubles(long from, int count) {
        var out = new double[count];
        switch (storage) {
            case Storage.Floats(var a)        -> { for (int i = 0; i < count; i++) out[i] = a[(int) from + i]; }
            case Storage.Doubles(var a)       -> System.arraycopy(a, (int) from, out, 0, count);
            case Storage.Mapped(var m, var t) -> { for (int i = 0; i < count; i++) out[i] = decode(m, t, from + i); }
            case Storage.Coded c              -> { for (int i = 0; i < count; i++) out[i] = c.get(from + i); }
            case Storage.Remote r             -> {
                var read = new float[count];
                r.read(from, count, read, 0);
                for (int i = 0; i < count; i++) out[i] = read[i];
            }
        }
        return out;
    }

    /// All elements, rounded to float, in a new array.
    public float[] toFloats() {
        var wide = toDoubles();
        var out = new float[wide.length];
        for (int i = 0; i < out.length; i++) out[i] = (float) wide[i];
        return out;
    }

    private static double decode(MemorySegment m, DType t, long i) {
        return switch (t) {
            case F64      -> m.get(F64, 8 * i);
            case F32      -> m.get(F32, 4 * i);
            case F16      -> Float.float16ToFloat(m.get(I16, 2 * i));
            case BF16     -> Float.intBitsToFloat(m.get(I16, 2 * i) << 16);
            case I64      -> m.get(I64, 8 * i);
            case U64      -> unsigned(m.get(I64, 8 * i));
            case I32      -> m.get(I32, 4 * i);
            case U32      -> Integer.toUnsignedLong(m.get(I32, 4 * i));
            case I16      -> m.get(I16, 2 * i);
            case U16      -> Short.toUnsignedInt(m.get(I16, 2 * i));
            case I8       -> m.get(ValueLayout.JAVA_BYTE, i);
            case U8, BOOL -> Byte.toUnsignedInt(m.get(ValueLayout.JAVA_BYTE, i));
        };
    }

    /// Halved with its last bit kept sticky, so that the one rounding is to the nearest.
    private static double unsigned(long v) {
        return v >= 0 ? v : 2.0 * (v >>> 1 | v & 1);
    }
}
