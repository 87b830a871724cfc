package clew.engine.kernel.gemm;

import clew.engine.kernel.Part;
import clew.engine.tensor.Coding;
import clew.engine.tensor.DType;
import clew.engine.tensor.Storage;
import clew.engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// A matrix as it lies in storage: element (r, c) is number `offset + r·stride + c`, of type `dtype`.
public record WeightView(Storage storage, DType dtype, long offset, int rows, int cols, int stride) {
    /// @throws IllegalArgumentException if the matrix does not lie within the storage or the type is not the storage's
    public WeightView {
        if (rows < 0 || cols < 0 || stride < cols || offset < 0)
            throw new IllegalArgumentException("weights [" + rows + ", " + cols + "] with stride " + stride + " at "
                    + offset
                    + ": extents and offset must be ≥ 0 and the stride at least the columns");
        var held = switch (storage) {
            case Storage.Floats(var a)        -> a.length;
            case Storage.Doubles(var a)       -> a.length;
            case Storage.Mapped(var m, var t) -> m.byteSize() / t.bytes();
            case Storage.Coded c              -> c.elements();
            case Storage.Remote r             -> r.elements();
        };
        var kind = switch (storage) {
            case Storage.Floats _, Storage.Coded _, Storage.Remote _ -> DType.F32;
            case Storage.Doubles _            -> DType.F64;
            case Storage.Mapped(_, var t)     -> t;
        };
        if (kind != dtype)
            throw new IllegalArgumentException("weights of type " + dtype + " in a storage of type " + kind);
        var end = rows == 0 || cols == 0 ? offset : offset + (rows - 1L) * stride + cols;
        if (end > held)
            throw new IllegalArgumentException("weights [" + rows + ", " + cols + "] with stride " + stride + " at "
                    + offset
                    + " need " + end + " elements, storage has " + held);
    }

    /// All of a tensor, its axes but the last taken together as rows.
    public static WeightView of(Tensor tensor) {
        return new WeightView(tensor.storage(), tensor.dtype(), 0, tensor.rows(), tensor.cols(), tensor.cols());
    }

    /// Rows `from … from+count−1`, where they lie.
    public WeightView rows(int from, int count) {
        return new WeightView(storage, dtype, index(from, 0), count, cols, stride);
    }

    /// Columns `from … from+count−1`, where they lie.
    public WeightView cols(int from, int count) {
        return new WeightView(storage, dtype, index(0, from), rows, count, stride);
    }

    /// Number of the element in row r and column c.
    long index(int r, int c) {
        return offset + (long) r * stride + c;
    }

    /// Whether every row begins and ends with a block, so that kernels of whole blocks may read codes where they lie.
    boolean isWholeBlocks() {
        return offset % Coding.BLOCK == 0 && stride % Coding.BLOCK == 0 && cols % Coding.BLOCK == 0;
    }

    /// The mapped f32 that a kernel for 512-bit vectors may read where they lie; null if they are of another kind or
    /// the
    /// part asked for is not in storage.
    @Nullable MemorySegment mappedFloats(Part part) {
        return part == Part.ALL && Tiles.LANES >= 16 && storage instanceof Storage.Mapped(var data,
                var type) && type == DType.F32
                ? data : null;
    }
}
