package clew.cuda;

import clew.cuda.Products.Precision;
import clew.engine.kernel.Devices;
import clew.engine.kernel.Kernels;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Kernels on fake cards, for tests in other packages.
public final class Fake {
    private Fake() {}

    /// A card without tensor cores.
    public static Kernels plain() {
        return new CudaKernels(FakeDriver.plain(), Precision.F32);
    }

    /// A card with tensor cores.
    public static Kernels tensor() {
        return new CudaKernels(FakeDriver.tensor(), Precision.F32);
    }

    /// The same, with float products in TF32.
    public static Kernels rough() {
        return new CudaKernels(FakeDriver.tensor(), Precision.TF32);
    }

    /// A card that passes the trial and computes nothing afterwards.
    public static Devices.Device idleOnceOpen() {
        var driver = FakeDriver.tensor();
        var device = new CudaProvider(Precision.F32, () -> new Found.Cards(List.of(driver.card())), _ -> driver).open();
        driver.with(FakeDriver.Trait.IDLE);
        return device;
    }

    /// What became of graphs so far.
    public record Graphs(int made, int changed, int run) {}

    /// A card, the names of the kernels that it has run so far, and its graphs.
    public record Watched(Kernels kernels, Supplier<List<String>> names, Supplier<Graphs> graphs) {}

    /// A small one, so that large tiles are worth it.
    public static Watched watched(boolean tensor) {
        var driver = FakeDriver.loaded(new Card("Fake", 1L << 32, tensor ? 9 : 7, tensor ? 0 : 5, 1));
        return new Watched(new CudaKernels(driver, Precision.F32), () -> driver.launches,
            () -> new Graphs(driver.made, driver.changed, driver.run));
    }

    /// Why fake cards compute nothing here; empty where they do.
    public static Optional<String> obstacle() {
        return HostLibrary.get().isPresent() ? Optional.empty() : Optional.of(HostLibrary.obstacle());
    }
}
