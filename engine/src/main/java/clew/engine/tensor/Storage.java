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

    /// 32-bit floats in the memory of a device that is not this processor. What the device's own verbs hand to each
    /// other stays there; whoever else reads gets a copy of the elements asked for.
    non-sealed interface Remote extends Storage {
        /// How many there are.
        long elements();

        /// Copies `count` elements from number `from` on to `out[at …]`, once the work that makes them is done.
        void read(long from, int count, float[] out, int at);
    }

    /// A matrix in codes of few bits, `elements` long in row-major order: quantised weights in a mapped file.
    ///
    /// To whoever reads it an element is the float `level · scale`, rounded once: the same for every reader.
    record Coded(Coding coding, MemorySegment codes, Scales scales, long elements) implements Storage {
        /// @throws IllegalArgumentException if there are not exactly the codes of the elements' blocks, or too few
        ///     scales
        public Coded {
            var blocks = Coding.blocks(elements);
            if (codes.byteSize() != blocks * coding.bytes() || scales.blocks() < blocks)
                throw new IllegalArgumentException("coded: " + elements + " elements of " + coding + " need " + blocks
                    + " blocks, there are " + codes.byteSize() + " bytes of codes and " + scales.blocks() + " scales");
        }

        /// Element i of the matrix.
        public float get(long i) {
            return coding.level(codes, i) * scales.at(i / Coding.BLOCK);
        }
    }
}
