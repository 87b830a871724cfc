package clew.bench;

import clew.engine.tensor.DType;
import clew.model.LanguageModel;
import clew.model.Synthetic;
import clew.weights.ModelDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

/// The models of benchmarks by name: real shapes with random weights, and what `clew --model` takes, such as `demo`.
///
/// | name | shape |
/// |---|---|
/// | `gpt2-small`, `llama-1b` | GPT-2 small, Llama-3.2-1B, in f32; `-bf16` and `-f16` behind them say otherwise |
/// | `gpt2-block`, `llama-block` | one block of these with a vocabulary of 32 |
public final class BenchModels {
    private BenchModels() {}

    /// Where the model lies. A checkpoint is written when it is first asked for and stays until `./build clean`.
    static Path directory(String name) {
        return shape(name).map(shape -> written(name, shape))
            .orElseGet(() -> ModelDirectory.resolve(name, System.getenv(), Path.of(System.getProperty("user.home"))));
    }

    /// So many tokens, drawn; the same for the same number.
    static int[] ids(LanguageModel model, int count) {
        return new Random(count).ints(count, 0, model.spec().vocabulary()).toArray();
    }

    static Optional<Synthetic> shape(String name) {
        var dtype = name.endsWith("-bf16") ? DType.BF16 : name.endsWith("-f16") ? DType.F16 : DType.F32;
        return Optional.ofNullable(switch (name.replaceFirst("-b?f16$", "")) {
            case "gpt2-small"  -> Synthetic.gpt2Small(dtype);
            case "llama-1b"    -> Synthetic.llama1b(dtype);
            case "gpt2-block"  -> block(Synthetic.gpt2Small(dtype));
            case "llama-block" -> block(Synthetic.llama1b(dtype));
            default            -> null;
        });
    }

    private static Synthetic block(Synthetic s) {
        return new Synthetic(s.family(), 1, s.width(), s.heads(), s.kvHeads(), s.hidden(), 32, s.positions(),
            s.dtype());
    }

    /// Whole or not there: written beside its place and then moved.
    private static Path written(String name, Synthetic shape) {
        var place = target().resolve("checkpoints").resolve(name);
        if (Files.exists(place)) return place;
        try {
            var part = Files.createTempDirectory(Files.createDirectories(place.getParent()), name);
            shape.write(part);
            return Files.move(part, place, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The build's folder, in which this class or its jar lies.
    public static Path target() {
        try {
            var here = Path.of(BenchModels.class.getProtectionDomain().getCodeSource().getLocation().toURI());
            return Stream.iterate(here, Objects::nonNull, Path::getParent).filter(p -> p.endsWith("target")).findFirst()
                .orElseThrow(() -> new IllegalStateException(here + " lies in no folder named target"));
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
