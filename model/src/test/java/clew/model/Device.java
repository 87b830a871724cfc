package clew.model;

import clew.engine.kernel.Kernels;
import clew.engine.kernel.ScalarKernels;
import clew.engine.kernel.SimdKernels;
import clew.engine.kernel.Workers;

/// The devices that every law of the models holds on, and how far two ways to one number may part there.
enum Device {
    /// float64.
    SCALAR(1e-12),
    /// float32: equal to 5e-6 whatever stands in the batch.
    SIMD(5e-6);

    final double rounding;

    Device(double rounding) {
        this.rounding = rounding;
    }

    Kernels kernels() {
        return switch (this) {
            case SCALAR -> new ScalarKernels();
            case SIMD   -> new SimdKernels(Workers.of(1));
        };
    }
}
