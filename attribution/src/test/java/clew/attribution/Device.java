package clew.attribution;

import clew.engine.kernel.Kernels;
import clew.engine.kernel.ScalarKernels;
import clew.engine.kernel.SimdKernels;
import clew.engine.kernel.Workers;

/// The devices that every golden law holds on, and what each is held to.
public enum Device {
    /// float64: peers that ran in float64 are matched to rounding.
    SCALAR(1e-9, 1e-9, 1e-6),
    /// float32 on one thread: goldens run side by side, and results are the same for any number of threads.
    SIMD(2e-5, 5e-5, 5e-5);

    final double forward;
    final double gradient;
    final double stabilised;

    Device(double forward, double gradient, double stabilised) {
        this.forward = forward;
        this.gradient = gradient;
        this.stabilised = stabilised;
    }

    Kernels kernels() {
        return switch (this) {
            case SCALAR -> new ScalarKernels();
            case SIMD   -> new SimdKernels(Workers.of(1));
        };
    }
}
