package clew.bench;

import clew.engine.tensor.Coding;
import clew.engine.tensor.DType;

/// How a layer's weights lie in the file.
public enum Format {
    F32, BF16, F16,
    /// Eight bits, with a scale for every 64.
    INT8,
    /// Four bits, with a scale for every 64.
    NF4;

    /// Bytes of a weight, its share of the scales among them.
    public double bytes() {
        return switch (this) {
            case F32, BF16, F16 -> dtype().bytes();
            case INT8, NF4      -> (coding().bytes() + Float.BYTES) / (double) Coding.BLOCK;
        };
    }

    DType dtype() {
        return DType.valueOf(name());
    }

    Coding coding() {
        return Coding.valueOf(name());
    }
}
