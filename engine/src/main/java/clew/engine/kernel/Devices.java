package clew.engine.kernel;

import java.util.List;
import java.util.Optional;

/// The devices by name, and what became of the wish for one.
public final class Devices {
    /// `auto` takes the fastest device that works well here.
    public static final List<String> NAMES = List.of("auto", "simd", "scalar");

    private Devices() {}

    /// A device that is open. Closing it ends its threads.
    ///
    /// @param name     `simd` or `scalar`
    /// @param fallback why `auto` did not take the fastest device; empty where it did
    /// @param team     its threads, where it has any
    public record Device(String name, Kernels kernels, Optional<String> fallback, Optional<Workers> team)
        implements AutoCloseable {
        @Override
        public void close() {
            team.ifPresent(Workers::close);
        }
    }

    /// Opens a device with a team of `threads`, which the scalar device has no use for.
    ///
    /// @throws IllegalArgumentException if there is no device of that name, or it cannot work here
    public static Device open(String name, int threads) {
        return switch (name) {
            case "scalar" -> scalar(Optional.empty());
            case "simd"   -> {
                if (!vectorsAreThere()) throw new IllegalArgumentException(
                    "the simd device needs a module: start java with --add-modules jdk.incubator.vector");
                yield simd(threads);
            }
            case "auto"   -> {
                var obstacle = obstacle();
                yield obstacle.isPresent() ? scalar(obstacle) : simd(threads);
            }
            default -> throw new IllegalArgumentException(
                "unknown device '" + name + "'; known are " + String.join(", ", NAMES));
        };
    }

    private static Device scalar(Optional<String> fallback) {
        return new Device("scalar", new ScalarKernels(), fallback, Optional.empty());
    }

    private static Device simd(int threads) {
        var team = Workers.of(threads);
        return new Device("simd", new SimdKernels(team), Optional.empty(), Optional.of(team));
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
