package clew.engine.tensor;

import java.util.Arrays;

/// Extents of a tensor, outermost first. `[2, 3, 768]` has rank 3, 4608 elements, and is 6 rows of 768 as a matrix.
public final class Shape {
    private final int[] dims;

    private Shape(int[] dims) {
        this.dims = dims;
    }

    /// @throws IllegalArgumentException if an extent is negative or the element count passes 2⁶³−1
    public static Shape of(int... dims) {
        var size = 1L;
        for (int d : dims) {
            if (d < 0) throw new IllegalArgumentException("shape " + Arrays.toString(dims) + ": extents must be ≥ 0");
            if (d != 0 && size > Long.MAX_VALUE / d)
                throw new IllegalArgumentException("shape " + Arrays.toString(dims) + ": more than 2⁶³−1 elements");
            size *= d;
        }
        return new Shape(dims.clone());
    }

    public int rank() {
        return dims.length;
    }

    /// The extent of one axis; negative counts from the end, so `dim(-1)` is the last.
    public int dim(int axis) {
        return dims[axis < 0 ? dims.length + axis : axis];
    }

    public int[] dims() {
        return dims.clone();
    }

    /// Number of elements; 1 for a scalar.
    public long size() {
        var size = 1L;
        for (int d : dims) size *= d;
        return size;
    }

    /// Extent of the last axis: the width of a row. 1 for a scalar.
    public int cols() {
        return dims.length == 0 ? 1 : dims[dims.length - 1];
    }

    /// Number of rows when all axes but the last are taken together.
    public int rows() {
        var rows = 1;
        for (int i = 0; i < dims.length - 1; i++) rows = Math.multiplyExact(rows, dims[i]);
        return rows;
    }

    /// The shape with its last axis replaced.
    public Shape withCols(int cols) {
        var changed = dims.length == 0 ? new int[1] : dims.clone();
        changed[changed.length - 1] = cols;
        return of(changed);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Shape shape && Arrays.equals(dims, shape.dims);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(dims);
    }

    @Override
    public String toString() {
        return Arrays.toString(dims);
    }
}
