package clew.cuda;

import clew.cuda.Products.Precision;
import clew.engine.kernel.DeviceProvider;
import clew.engine.kernel.Devices;
import java.util.Optional;

/// The same card with products in TF32: faster, and rougher.
public final class RoughCudaProvider implements DeviceProvider {
    private final CudaProvider provider =
        new CudaProvider(Precision.TF32, Search::find, JCudaDriver::open);

    @Override
    public String name() {
        return provider.name();
    }

    @Override
    public Optional<String> obstacle() {
        return provider.obstacle();
    }

    @Override
    public long memory() {
        return provider.memory();
    }

    @Override
    public Devices.Device open() {
        return provider.open();
    }
}
