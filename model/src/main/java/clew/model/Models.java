package clew.model;

import clew.engine.kernel.Kernels;
import clew.model.token.Tokenizer;
import clew.weights.Checkpoint;
import clew.weights.Config;
import clew.weights.TensorSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Opens Hugging Face model directories. Weights are mapped, not read: opening is instant and costs no second copy.
public final class Models {
    /// The families that open, as config.json's `model_type` names them.
    public static final List<String> FAMILIES = Families.types();

    private Models() {}

    /// @throws ModelException                 if the family is not supported
    /// @throws clew.weights.WeightsException if a file is missing, damaged or does not fit the configuration
    public static LanguageModel open(Path dir, Kernels kernels) {
        var config = Config.ofModel(dir);
        Families.of(config);
        var checkpoint = Checkpoint.open(dir);
        try {
            return new LanguageModel(dir, config, checkpoint, family(config, checkpoint), kernels, tokenizer(dir),
                    _ -> {}, Long.MAX_VALUE);
        } catch (RuntimeException e) {
            checkpoint.close();
            throw e;
        }
    }

    /// An architecture over weights that lie anywhere.
    ///
    /// @throws ModelException if the family is not supported
    public static Family family(Config config, TensorSource weights) {
        return Families.of(config).read(config, weights);
    }

    private static @Nullable Tokenizer tokenizer(Path dir) {
        var there = Stream.of("tokenizer.json", "vocab.json", "tokenizer.model")
            .anyMatch(f -> Files.exists(dir.resolve(f)));
        return there ? Tokenizer.open(dir) : null;
    }
}
