package clew.cuda;

import jcuda.driver.CUdeviceptr;

/// A device pointer with a known number: so far from the null pointer.
final class Address extends CUdeviceptr {
    Address(long value) {
        super(new CUdeviceptr(), value);
    }

    long value() {
        return getNativePointer() + getByteOffset();
    }
}
