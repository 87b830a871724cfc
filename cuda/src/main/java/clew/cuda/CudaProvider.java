package clew.cuda;

import clew.cuda.JCudaDriver.Found;
import clew.engine.kernel.DeviceException;
import clew.engine.kernel.DeviceProvider;
import clew.engine.kernel.Devices;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/// The cuda device for `Devices`: the card with the most memory of those that can run the kernels.
public final class CudaProvider implements DeviceProvider {
    private final Supplier<Found> search;
    private final IntFunction<Driver> opening;

    /// Through JCuda.
    public CudaProvider() {
        this(JCudaDriver::find, JCudaDriver::open);
    }

    CudaProvider(Supplier<Found> search, IntFunction<Driver> opening) {
        this.search = search;
        this.opening = opening;
    }

    @Override
    public String name() {
        return "cuda";
    }

    @Override
    public Optional<String> obstacle() {
        return switch (search.get()) {
            case Found.Nothing(var why) -> Optional.of(why);
            case Found.Cards(var cards) -> cards.stream().anyMatch(Card::canRunKernels) ? Optional.empty()
                : Optional.of("the cuda device needs compute capability 7.5 or newer, and here is only "
                    + cards.getFirst() + "; use --device simd");
        };
    }

    @Override
    public long memory() {
        return search.get() instanceof Found.Cards(var cards)
            ? cards.stream().filter(Card::canRunKernels).mapToLong(Card::bytes).max().orElse(0) : 0;
    }

    @Override
    public Devices.Device open() {
        return open(Products.Precision.F32);
    }

    private Devices.Device open(Products.Precision precision) {
        obstacle().ifPresent(why -> {
            throw new IllegalArgumentException(why);
        });
        var cards = ((Found.Cards) search.get()).cards();
        var best = 0;
        for (int i = 1; i < cards.size(); i++)
            if (cards.get(i).canRunKernels()
                && (!cards.get(best).canRunKernels() || cards.get(i).bytes() > cards.get(best).bytes())) best = i;
        try {
            var driver = opening.apply(best);
            try {
                driver.load(Code.of(driver.card()).text());
                var kernels = new CudaKernels(driver, precision);
                Trial.of(kernels);
                return new Devices.Device("cuda", driver.card().toString(), kernels, Optional.empty(), driver.free(),
                    kernels::close);
            } catch (RuntimeException e) {
                driver.close();
                throw e;
            }
        } catch (DeviceException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }
}
