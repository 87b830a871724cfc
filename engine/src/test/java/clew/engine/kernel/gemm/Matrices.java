package clew.engine.kernel.gemm;

import clew.engine.kernel.Part;
import clew.engine.tensor.Coding;
import clew.engine.tensor.DType;
import clew.engine.tensor.Scales;
import clew.engine.tensor.Shape;
import clew.engine.tensor.Storage;
import clew.engine.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Random;

/// Random operands, weights in storage of every type, and the product written out in double.
final class Matrices {
    private Matrices() {}

    static float[] random(Random random, int size) {
        var data = new float[size];
        for (int i = 0; i < size; i++) data[i] = (float) random.nextGaussian();
        return data;
    }

    /// A matrix inside a larger storage: some elements before it, some columns beside it; native and off any alignment.
    static WeightView weights(Random random, DType dtype, int rows, int cols) {
        var offset = 3;
        var stride = cols + 5;
        var size = offset + rows * stride;
        var bytes = (long) size * dtype.bytes();
        var segment = Arena.ofAuto().allocate(bytes + 1, 64).asSlice(1, bytes);
        for (int i = 0; i < size; i++) put(segment, dtype, i, (float) random.nextGaussian());
        return new WeightView(new Storage.Mapped(segment, dtype), dtype, offset, rows, cols, stride);
    }

    static WeightView floats(Random random, int rows, int cols) {
        var stride = cols + 5;
        return new WeightView(new Storage.Floats(random(random, 3 + rows * stride)), DType.F32, 3, rows, cols, stride);
    }

    /// A coded matrix: random codes and scales, off any alignment. Its rows begin and end with blocks, or else
    /// anywhere.
    static WeightView coded(Random random, Coding coding, Step step, int rows, int cols, int beside) {
        int stride = cols + beside, offset = beside, size = offset + rows * stride, blocks = (int) Coding.blocks(size);
        var codes = bytes(random, blocks * coding.bytes());
        var scales = switch (step) {
            case ONCE  -> new Scales.Plain(floats(random, blocks));
            case TWICE -> new Scales.Doubled(bytes(random, blocks), floats(random, blocks / 256 + 1), 1.5f);
        };
        return new WeightView(new Storage.Coded(coding, codes, scales, size), DType.F32, offset, rows, cols, stride);
    }

    /// How often scales are quantised.
    enum Step { ONCE, TWICE }

    private static MemorySegment bytes(Random random, int size) {
        var data = new byte[size];
        random.nextBytes(data);
        var segment = Arena.ofAuto().allocate(size + 1L, 64).asSlice(1, size);
        return segment.copyFrom(MemorySegment.ofArray(data));
    }

    private static MemorySegment floats(Random random, int size) {
        var segment = Arena.ofAuto().allocate(4L * size + 1, 64).asSlice(1, 4L * size);
        for (int i = 0; i < size; i++) segment.set(Scales.F32, 4L * i, (float) random.nextGaussian());
        return segment;
    }

    private static void put(MemorySegment to, DType dtype, int i, float value) {
        var le = ByteOrder.LITTLE_ENDIAN;
        switch (dtype) {
            case F64      -> to.set(ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(le), 8L * i, value);
            case F32      -> to.set(ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(le), 4L * i, value);
            case F16      -> to.set(ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(le), 2L * i,
                    Float.floatToFloat16(value));
            case BF16     -> to.set(ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(le), 2L * i,
                    (short) (Float.floatToIntBits(value) >> 16));
            case I64, U64 -> to.set(ValueLayout.JAVA_LONG_UNALIGNED.withOrder(le), 8L * i, (long) Math.abs(3 * value));
            case I32, U32 -> to.set(ValueLayout.JAVA_INT_UNALIGNED.withOrder(le), 4L * i, (int) Math.abs(3 * value));
            case I16, U16 -> to.set(ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(le), 2L * i,
                    (short) Math.abs(3 * value));
            case I8, U8   -> to.set(ValueLayout.JAVA_BYTE, i, (byte) Math.abs(3 * value));
            case BOOL     -> to.set(ValueLayout.JAVA_BYTE, i, (byte) (value > 0 ? 1 : 0));
        }
    }

    /// The weights as `[rows][cols]` doubles, of the part asked for.
    static double[][] doubles(WeightView w, Part part) {
        var out = new double[w.rows()][w.cols()];
        var tensor = switch (w.storage()) {
            case Storage.Floats(var a)        -> Tensor.of(a, a.length);
            case Storage.Doubles(var a)       -> Tensor.of(a, a.length);
            case Storage.Mapped(var m, var t) -> Tensor.mapped(m, t, (int) (m.byteSize() / t.bytes()));
            case Storage.Coded c              -> new Tensor(Shape.of((int) c.elements()), c);
            case Storage.Remote r             -> new Tensor(Shape.of((int) r.elements()), r);
        };
        for (int r = 0; r < w.rows(); r++) {
            for (int c = 0; c < w.cols(); c++) {
                var v = tensor.get(w.index(r, c));
                out[r][c] = switch (part) {
                    case ALL      -> v;
                    case POSITIVE -> Math.max(v, 0);
                    case NEGATIVE -> Math.min(v, 0);
                };
            }
        }
        return out;
    }

    static double[][] doubles(float[] x, int offset, int stride, int rows, int cols) {
        var out = new double[rows][cols];
        for (int r = 0; r < rows; r++) for (int c = 0; c < cols; c++) out[r][c] = x[offset + r * stride + c];
        return out;
    }

    static double[][] transposed(double[][] x, int rows, int cols) {
        var out = new double[cols][rows];
        for (int r = 0; r < rows; r++) for (int c = 0; c < cols; c++) out[c][r] = x[r][c];
        return out;
    }

    static float[] transpose(float[] x, int rows, int cols) {
        var out = new float[x.length];
        for (int r = 0; r < rows; r++) for (int c = 0; c < cols; c++) out[c * rows + r] = x[r * cols + c];
        return out;
    }

    /// Asserts `y[r, c] = before[r, c]·(ADD) + α·Σₖ a[r, k]·b[k, c]` and that nothing beside y was written.
    ///
    /// Tolerance: a sum of k products in float errs by at most (k+2)·2⁻²⁴·Σ|a·b|, in whatever order; scaling and
    /// adding to
    /// what was there costs two more roundings.
    static void assertProduct(String what, double[][] a, double[][] b, int m, int n, int k, double alpha,
            Accumulate how,
                              float[] before, float[] y, int offset, int stride) {
        var untouched = before.clone();
        for (int r = 0; r < m; r++) {
            for (int c = 0; c < n; c++) {
                var at = offset + r * stride + c;
                var sum = 0.0;
                var size = 0.0;
                for (int i = 0; i < k; i++) {
                    sum += a[r][i] * b[i][c];
                    size += Math.abs(a[r][i] * b[i][c]);
                }
                var base = how == Accumulate.ADD ? before[at] : 0.0;
                var expected = base + alpha * sum;
                var tolerance = 0x1p-24 * ((k + 4) * Math.abs(alpha) * size + 2 * Math.abs(base)) + Float.MIN_VALUE;
                if (!(Math.abs(expected - y[at]) <= tolerance))
                    throw new AssertionError(what + ": [" + r + ", " + c + "] is " + y[at] + ", expected " + expected
                            + " ± " + tolerance);
                untouched[at] = y[at];
            }
        }
        if (!java.util.Arrays.equals(untouched, y)) throw new AssertionError(what + ": wrote outside its output");
    }
}
