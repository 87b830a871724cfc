package clew.engine.kernel;

import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/// The devices by name, and what became of the wish for one.
public final class Devices {
    /// `auto` takes the fastest device that works well here.
    public static final List<String> NAMES = List.of("auto", "simd", "scalar", "cuda", "cuda-tf32");

    /// Weights of so many bytes at least are worth a device that has to be started and that they are copied to.
    private static final long WORTH_A_COPY = 256L << 20;

    private Devices() {}

    /// A device that is open. Closing it ends its threads and frees its memory.
    ///
    /// @param name     as in [#NAMES]
    /// @param what     what it is, in a few words
    /// @param fallback why `auto` did not take the fastest device; empty where it did
    /// @param memory   bytes that tensors may take on it
    /// @param end      ends it
    public record Device(String name, String what, Kernels kernels, Optional<String> fallback, long memory,
                         Runnable end) implements AutoCloseable {
        @Override
        public void close() {
            end.run();
        }
    }

    /// Opens a device with a team of `threads`, which the scalar device has no use for; `auto` is one of the
    /// processor's.
    ///
    /// @throws IllegalArgumentException if there is no device of that name, or it cannot work here
    public static Device open(String name, int threads) {
        return open(name, threads, 0);
    }

    /// The same for a model whose weights have so many bytes: `auto` takes a device with memory of its own if it is
    /// there, the weights fit with room for as much again, and they are large enough to be worth the copy. If it does
    /// not open, the processor is taken, and nothing is said.
    ///
    /// @throws IllegalArgumentException if there is no device of that name, or it cannot work here
    public static Device open(String name, int threads, long weights) {
        return switch (name) {
            case "scalar" -> scalar(Optional.empty());
            case "simd"   -> {
                if (!vectorsAreThere()) throw new IllegalArgumentException(
                    "the simd device needs a module: start java with --add-modules jdk.incubator.vector");
                yield simd(threads);
            }
            case "auto"   -> worthwhile(weights).orElseGet(() -> {
                var obstacle = obstacle();
                return obstacle.isPresent() ? scalar(obstacle) : simd(threads);
            });
            case "cuda", "cuda-tf32" -> {
                var provider = provider(name).orElseThrow(() -> new IllegalArgumentException("the " + name
                    + " device is an optional part that is not here; ./build cuda builds it"));
                provider.obstacle().ifPresent(why -> {
                    throw new IllegalArgumentException(why);
                });
                yield provider.open();
            }
            default -> throw new IllegalArgumentException(
                "unknown device '" + name + "'; known are " + String.join(", ", NAMES));
        };
    }

    /// The provider of a device that is no part of the engine, if it is installed.
    public static Optional<DeviceProvider> provider(String name) {
        return ServiceLoader.load(DeviceProvider.class, Devices.class.getClassLoader()).stream()
            .map(ServiceLoader.Provider::get).filter(p -> p.name().equals(name)).findFirst();
    }

    private static Optional<Device> worthwhile(long weights) {
        if (weights < WORTH_A_COPY) return Optional.empty();
        try {
            return provider("cuda").filter(p -> p.obstacle().isEmpty() && p.memory() / 2 >= weights)
                .map(DeviceProvider::open);
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static Device scalar(Optional<String> fallback) {
        return new Device("scalar", "float64, one thread, slow: the definition that the others are tested against",
            new ScalarKernels(), fallback, Runtime.getRuntime().maxMemory(), () -> {});
    }

    private static Device simd(int threads) {
        var team = Workers.of(threads);
        return new Device("simd", "float32 on the processor's vectors, " + threads
            + (threads == 1 ? " thread" : " threads"), new WarmingKernels(new SimdKernels(team)), Optional.empty(),
            Runtime.getRuntime().maxMemory(), team::close);
    }

    /// What makes vectors impossible, or slower than the scalar device.
    private static Optional<String> obstacle() {
        if (!vectorsAreThere()) return Optional.of("the scalar device is used, because java was started without"
            + " --add-modules jdk.incubator.vector, which the simd device needs");
        var mode = System.getProperty("java.vm.info", "");
        return mode.contains("interpreted") || mode.contains("emulated-client")
            ? Optional.of("the scalar device is used, because the optimising compiler is off (" + mode
                + "), without which vectors are slower; --device simd insists")
            : Optional.empty();
    }

    private static boolean vectorsAreThere() {
        return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    }
}
