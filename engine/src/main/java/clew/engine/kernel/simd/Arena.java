package clew.engine.kernel.simd;

import java.util.Arrays;

/// Where the arrays come from that results lie in.
public interface Arena {
    /// New arrays, for the collector to take.
    Arena HEAP = float[]::new;

    /// An array with anything in it: for results of which every element is written.
    float[] any(int length);

    /// An array of zeros.
    default float[] zeros(int length) {
        var array = any(length);
        if (this != HEAP) Arrays.fill(array, 0);
        return array;
    }

    /// An array of `rows · cols` elements with anything in it.
    default float[] any(int rows, int cols) {
        return any(Math.multiplyExact(rows, cols));
    }

    /// An array of `rows · cols` zeros.
    default float[] zeros(int rows, int cols) {
        return zeros(Math.multiplyExact(rows, cols));
    }
}
