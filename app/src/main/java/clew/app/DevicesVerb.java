package clew.app;

import clew.engine.kernel.DeviceException;
import clew.engine.kernel.Devices;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `clew devices`: what the models can run on here, how fast it is, and why what is not there is not.
@Command(name = "devices",
    description = "List the devices with their measured speed, and which of them auto takes here.")
final class DevicesVerb implements Callable<Integer> {
    private final Io io;

    @Mixin OutputOptions output = new OutputOptions();

    DevicesVerb(Io io) {
        this.io = io;
    }

    @Override
    public Integer call() {
        var processors = Runtime.getRuntime().availableProcessors();
        var out = new StringBuilder();
        try (var device = Devices.open("auto", processors)) {
            line(out, "auto", device.name() + device.fallback().map(why -> ": " + why).orElse(""));
        }
        measured(out, "simd", processors);
        try (var scalar = Devices.open("scalar", 1)) {
            line(out, "scalar", scalar.what());
        }
        var cuda = Devices.provider("cuda");
        if (cuda.isEmpty()) line(out, "cuda", "an optional part that is not here; ./build cuda builds it");
        else {
            measured(out, "cuda", processors);
            if (cuda.get().obstacle().isEmpty()) measured(out, "cuda-tf32", processors);
        }
        output.output(io).write(out.toString().getBytes(StandardCharsets.UTF_8));
        return Failure.SUCCESS;
    }

    private static void measured(StringBuilder out, String name, int threads) {
        try (var device = Devices.open(name, threads)) {
            line(out, name, measured(device));
        } catch (IllegalArgumentException | DeviceException e) {
            line(out, name, e.getMessage());
        }
    }

    /// What it is, and how fast.
    static String measured(Devices.Device device) {
        return device.what() + "; " + Rates.of(device.kernels());
    }

    private static void line(StringBuilder out, String name, String what) {
        out.append("%-11s%s%n".formatted(name, what));
    }
}
