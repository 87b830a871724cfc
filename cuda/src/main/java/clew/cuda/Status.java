package clew.cuda;

import clew.engine.kernel.DeviceException;
import jcuda.driver.CUresult;

/// What the driver says of a call.
final class Status {
    private Status() {}

    /// @throws DeviceException if it failed
    static void check(int status, String doing) {
        if (status != CUresult.CUDA_SUCCESS)
            throw new DeviceException("the cuda device failed when " + doing + ": " + CUresult.stringFor(status));
    }
}
