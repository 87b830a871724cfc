package clew.model;

import clew.engine.kernel.Kernels;
import clew.engine.tensor.Tensor;
import clew.model.token.Tokenizer;
import clew.weights.Checkpoint;
import clew.weights.Config;
import clew.weights.QuantisedFile;
import clew.weights.QuantisedWeights;
import clew.weights.TensorSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
        return open(dir, kernels, (_, _) -> Optional.empty());
    }

    /// The same with the matrices of its linear layers quantised: from the file that `place` names, which is made if it
    /// is not there.
    ///
    /// @throws clew.weights.WeightsException also if a weight is not finite
    public static LanguageModel open(Path dir, Kernels kernels, QuantisedFile place) {
        return open(dir, kernels, (config, checkpoint) -> {
            var matrices = new HashSet<String>();
            family(config, new Listening(checkpoint, matrices));
            return Optional.of(QuantisedWeights.open(checkpoint, matrices, place));
        });
    }

    private interface Quantising {
        Optional<QuantisedWeights> of(Config config, Checkpoint checkpoint);
    }

    private static LanguageModel open(Path dir, Kernels kernels, Quantising quantising) {
        var config = Config.ofModel(dir);
        Families.of(config);
        var opened = new ArrayList<Runnable>();
        try {
            var checkpoint = Checkpoint.open(dir);
            opened.add(checkpoint::close);
            var quantised = quantising.of(config, checkpoint);
            quantised.ifPresent(q -> opened.add(q::close));
            var source = quantised.map(TensorSource.class::cast).orElse(checkpoint);
            return new LanguageModel(dir, config, checkpoint, quantised, family(config, source), kernels,
                    tokenizer(dir), _ -> {}, Long.MAX_VALUE);
        } catch (RuntimeException e) {
            opened.forEach(Runnable::run);
            throw e;
        }
    }

    /// A source that writes down which matrices a reader asks for.
    private record Listening(TensorSource source, Set<String> matrices) implements TensorSource {
        @Override
        public String origin() {
            return source.origin();
        }

        @Override
        public boolean has(String name) {
            return source.has(name);
        }

        @Override
        public boolean hasUnder(String prefix) {
            return source.hasUnder(prefix);
        }

        @Override
        public Tensor tensor(String name, int... dims) {
            return source.tensor(name, dims);
        }

        @Override
        public Tensor matrix(String name, int... dims) {
            matrices.add(name);
            return source.matrix(name, dims);
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
