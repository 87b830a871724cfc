package clew.app;

import clew.engine.kernel.Devices;
import clew.model.LanguageModel;
import clew.model.Models;
import clew.weights.Bundled;
import clew.weights.ModelDirectory;
import clew.weights.Quantisation;
import clew.weights.QuantisedFile;
import clew.weights.WeightsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which model, on which device.
final class ModelOptions {
    private static final List<String> DTYPES = Stream.concat(Stream.of("auto", "f32"),
        Arrays.stream(Quantisation.values()).map(Quantisation::label)).toList();
    private static final Pattern SIZE = Pattern.compile("(\\d{1,6}(?:\\.\\d{1,3})?)([gGmM])");

    @Option(names = "--model", paramLabel = "DIR|NAME",
            description = "a Hugging Face model directory, demo (default) or demo-gpt2,"
                + " or a name in the local Hugging Face cache")
    String model = Bundled.NAMES.getFirst();

    @Option(names = "--device", paramLabel = "NAME",
        description = "auto (default), simd (float32) or scalar (float64, slow); where they were built, cuda (float32)"
            + " or cuda-tf32 (products of three digits, faster)")
    String device = "auto";

    @Option(names = "--threads", paramLabel = "N",
        description = "threads of the device; as many as there are processors by default")
    @Nullable String threads;

    @Option(names = "--dtype", paramLabel = "TYPE",
        description = "auto (default) or f32: what the device computes in; int8, nf4 or nf4-dq: the blocks' matrices"
            + " quantised, once, and kept beside the model")
    String dtype = "auto";

    @Option(names = "--max-memory", paramLabel = "SIZE",
        description = "such as 8g or 512m: what a pass would keep beyond it is computed twice instead; by default"
            + " four fifths of what Java may use")
    @Nullable String maxMemory;

    private boolean shared;

    /// Every pass by the one thread that asks for it, so that several may ask at a time.
    ///
    /// @param option which wants it so
    void alone(String option) {
        if (threads != null) throw new UsageException(option + " gives every prompt one thread; leave --threads out");
        if (device.startsWith("cuda")) throw new UsageException(option + " shares the processor out among prompts, and"
            + " --device " + device + " is none; leave one of them out");
        threads = "1";
        shared = true;
    }

    /// @throws UsageException if device, threads or dtype cannot be
    Devices.Device device(Io io, OutputOptions output) {
        Given.named("--device", device, Devices.NAMES, Function.identity());
        Given.named("--dtype", dtype, DTYPES, Function.identity());
        if (dtype.equals("f32") && device.equals("scalar"))
            throw new UsageException("--dtype f32 and --device scalar exclude each other: that device has float64");
        var processors = Runtime.getRuntime().availableProcessors();
        var team = threads == null ? processors : Given.whole("--threads", threads, 1, 1024);
        var opened = UsageException.unless(() -> Devices.open(device, team, shared ? 0 : weights(io)));
        opened.fallback().ifPresent(why -> output.note(io, why));
        return opened;
    }

    LanguageModel open(Io io, Devices.Device on, OutputOptions output) {
        var budget = budget(on);
        var dir = ModelDirectory.resolve(model, io.env(), io.home());
        return quantisation()
            .map(how -> new QuantisedFile(how, Bundled.cache(io.env(), io.home()), told -> output.note(io, told)))
            .map(place -> Models.open(dir, on.kernels(), place))
            .orElseGet(() -> Models.open(dir, on.kernels())).within(budget);
    }

    private Optional<Quantisation> quantisation() {
        return Arrays.stream(Quantisation.values()).filter(q -> q.label().equals(dtype)).findFirst();
    }

    /// Bytes of the model's weights; 0 if there is no such model, which is said when it is opened.
    private long weights(Io io) {
        if (!device.equals("auto")) return 0;
        try (Stream<Path> files = Files.list(ModelDirectory.resolve(model, io.env(), io.home()))) {
            return files.filter(file -> file.toString().endsWith(".safetensors"))
                .mapToLong(file -> file.toFile().length()).sum();
        } catch (IOException | WeightsException _) {
            return 0;
        }
    }

    /// Bytes for the values of one pass; a fifth of the device's memory is left for everything else.
    private long budget(Devices.Device on) {
        var usual = on.memory() / 5 * 4;
        if (maxMemory == null) return usual;
        var size = SIZE.matcher(maxMemory);
        if (!size.matches())
            throw new UsageException("--max-memory takes a size such as 8g, 1.5g or 512m, not '" + maxMemory + "'");
        var unit = size.group(2).equalsIgnoreCase("g") ? 1 << 30 : 1 << 20;
        var bytes = (long) (Double.parseDouble(size.group(1)) * unit);
        if (bytes > usual)
            throw new UsageException("--max-memory " + maxMemory + " is more than the " + (usual >> 20)
                + " MB that the device can give; give it less"
                + (on.memory() == Runtime.getRuntime().maxMemory()
                    ? ", or give Java more with CLEW_JAVA_OPTS=-Xmx" + maxMemory : ""));
        return bytes;
    }
}
