package clew.app;

import clew.engine.kernel.Devices;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `clew devices`: what the models can run on here.
@Command(name = "devices", description = "List the devices, and which of them auto takes here.")
final class DevicesVerb implements Callable<Integer> {
    private final Io io;

    @Mixin OutputOptions output = new OutputOptions();

    DevicesVerb(Io io) {
        this.io = io;
    }

    @Override
    public Integer call() {
        try (var device = Devices.open("auto", Runtime.getRuntime().availableProcessors())) {
            var out = "auto    %s%s\nsimd    float32 on the processor's vectors; as many threads as processors (%d)\n"
                .formatted(device.name(), device.fallback().map(why -> ": " + why).orElse(""),
                    Runtime.getRuntime().availableProcessors())
                + "scalar  float64, one thread, slow: the definition that the others are tested against\n";
            output.output(io).write(out.getBytes(StandardCharsets.UTF_8));
        }
        return Failure.SUCCESS;
    }
}
