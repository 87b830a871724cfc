package clew.cuda;

import clew.cuda.Products.Precision;
import clew.engine.kernel.DeviceException;
import clew.engine.kernel.DeviceProvider;
import clew.engine.kernel.Devices;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/// The cuda device for `Devices`: the card with the most memory of those that can run the kernels.
public final class CudaProvider implements DeviceProvider {
    private final Precision precision;
    private final Supplier<Found> search;
    private final IntFunction<Driver> opening;

    /// Through JCuda.
    public CudaProvider() {
        this(Precision.F32, Search::find, JCudaDriver::open);
    }

    CudaProvider(Precision precision, Supplier<Found> search, IntFunction<Driver> opening) {
        this.precision = precision;
        this.search = search;
        this.opening = opening;
    }

    @Override
    public String name() {
        return precision.device();
    }

    @Override
    public Optional<String> obstacle() {
        return switch (search.get()) {
            case Found.Nothing(var why) -> Optional.of(why);
            case Found.Cards(var cards) -> cards.stream().anyMatch(precision::isFor) ? Optional.empty()
                : Optional.of("the " + name() + " device needs compute capability "
                    + (precision == Precision.F32 ? "7.5" : "8.0") + " or newer, and here is only " + cards.getFirst()
                    + "; use --device " + (cards.stream().anyMatch(Card::canRunKernels) ? "cuda" : "simd"));
        };
    }

    @Override
    public long memory() {
        return search.get() instanceof Found.Cards(var cards)
            ? cards.stream().filter(precision::isFor).mapToLong(Card::bytes).max().orElse(0) : 0;
    }

    @Override
    public Devices.Device open() {
        obstacle().ifPresent(why -> {
            throw new IllegalArgumentException(why);
        });
        var cards = ((Found.Cards) search.get()).cards();
        var best = 0;
        for (int i = 1; i < cards.size(); i++)
            if (precision.isFor(cards.get(i))
                && (!precision.isFor(cards.get(best)) || cards.get(i).bytes() > cards.get(best).bytes())) best = i;
        try {
            return opened(opening.apply(best));
        } catch (DeviceException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private Devices.Device opened(Driver driver) {
        try {
            driver.load(Code.of(driver.card()).text());
            var kernels = new CudaKernels(driver, precision);
            Trial.of(kernels, precision);
            var what = driver.card() + (precision == Precision.F32 ? "" : ", products in TF32")
                + kernels.withoutGraphs().map(why -> ", kernels launched one by one (" + why + ")").orElse("");
            return new Devices.Device(name(), what, kernels, Optional.empty(), driver.free(), kernels::close);
        } catch (RuntimeException e) {
            driver.close();
            throw e;
        }
    }
}
