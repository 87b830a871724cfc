package clew.engine.tensor;

import java.lang.foreign.MemorySegment;

/// Where a tensor's elements lie. Kernels look at this once, at their door; inside a loop there is one kind only.
public sealed interface Storage {
    /// Activations and results of the SIMD device.
    record Floats(float[] data) implements Storage {}

    /// Activations and results of the scalar (float64) device.
    record Doubles(double[] data) implements Storage {}

    /// A region of a mapped file, little-endian, of any element type and any alignment: weights as they lie on disk.
    record Mapped(MemorySegment data, DType dtype) implements Storage {
        /// @throws IllegalArgumentException if the region ends within an element
        public Mapped {
            if (data.byteSize() % dtype.bytes() != 0)
                throw new IllegalArgumentException(
                    "mapped: " + data.byteSize() + " bytes are not whole " + dtype + " elements of " + dtype.bytes());
        }
    }
}
