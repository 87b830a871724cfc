package clew.attribution.evaluation;

import clew.engine.tensor.Tensor;
import clew.model.LanguageModel;
import clew.model.Models;
import clew.weights.SafeTensorsWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/// The same architecture with random weights: every tensor drawn from the normal distribution that has the mean and the
/// deviation of its weights.
///
/// Written to `folder`, which is emptied when the model is closed.
public final class RandomisedModel implements AutoCloseable {
    private static final List<String> KEPT = List.of("config", "generation_config", "tokenizer", "vocab", "merges",
        "special_tokens", "added_tokens");

    private final Path folder;
    private final LanguageModel model;

    private RandomisedModel(Path folder, LanguageModel model) {
        this.folder = folder;
        this.model = model;
    }

    /// @param folder an empty directory with room for the model in float32
    public static RandomisedModel of(LanguageModel model, long seed, Path folder) {
        var random = new Random(seed);
        var tensors = new LinkedHashMap<String, Tensor>();
        for (var name : model.checkpoint().names().stream().sorted().toList())
            tensors.put(name, drawn(model.checkpoint().tensor(name), random));
        SafeTensorsWriter.write(folder.resolve("model.safetensors"), tensors, Map.of("format", "pt"));
        try (Stream<Path> files = Files.list(model.path())) {
            for (var file : files.filter(RandomisedModel::isKept).toList())
                Files.copy(file, folder.resolve(file.getFileName()));
        } catch (IOException e) {
            throw new UncheckedIOException(folder + " cannot be written (" + e.getMessage() + ")", e);
        }
        return new RandomisedModel(folder, Models.open(folder, model.kernels()));
    }

    /// The configuration and the tokenizer: a method may ask for a token by its text.
    private static boolean isKept(Path file) {
        var name = String.valueOf(file.getFileName());
        return Files.isRegularFile(file)
            && KEPT.stream().anyMatch(name::startsWith) && !name.contains(".safetensors");
    }

    public LanguageModel model() {
        return model;
    }

    private static Tensor drawn(Tensor trained, Random random) {
        var w = trained.toFloats();
        double sum = 0, squares = 0;
        for (float v : w) { sum += v; squares += (double) v * v; }
        var mean = sum / w.length;
        var deviation = Math.sqrt(Math.max(0, squares / w.length - mean * mean));
        for (int i = 0; i < w.length; i++) w[i] = (float) (mean + deviation * random.nextGaussian());
        return Tensor.of(w, trained.shape().dims());
    }

    @Override
    public void close() {
        model.close();
        try (Stream<Path> files = Files.list(folder)) {
            for (var file : files.toList()) Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(folder + " cannot be emptied (" + e.getMessage() + ")", e);
        }
    }
}
