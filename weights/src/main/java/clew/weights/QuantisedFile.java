package clew.weights;

import clew.engine.tensor.DType;
import clew.engine.tensor.Shape;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/// Where a model's quantised matrices are kept, and how they come there: `model.nf4.clew` beside the model, else in the
/// user's cache, else in a temporary file that ends with the program.
///
/// It is a safetensors file with one tensor of bytes for each matrix, as [Quantisation] lays them out. It says which
/// weights it was made of: config.json, the headers, sizes and times of their files. Of other weights, or damaged, it
/// is made again. It is written beside its name and moved there, so that it is whole or not there.
///
/// @param how   what to keep
/// @param cache the folder to use where the model's own cannot be written
/// @param told  hears a sentence when a file is made
public record QuantisedFile(Quantisation how, Path cache, Consumer<String> told) {
    /// Changes when the bytes do.
    private static final String VERSION = "1";
    private static final String KEY = "clew.quantised-of";

    SafeTensors open(Checkpoint checkpoint, Set<String> matrices) {
        var key = key(checkpoint);
        for (var place : places(checkpoint)) {
            var there = there(place, key, matrices, checkpoint);
            if (there.isPresent()) return there.get();
        }
        return make(checkpoint, new TreeSet<>(matrices), key);
    }

    /// A bundled model is not added to; its folder is listed file by file.
    private List<Path> places(Checkpoint checkpoint) {
        var dir = checkpoint.path();
        var name = Sha256.of(dir.toAbsolutePath().normalize().toString().getBytes(StandardCharsets.UTF_8));
        var away = cache.resolve("quantised").resolve(name.substring(0, 16) + "." + how.label() + ".clew");
        return Bundled.isOne(dir) ? List.of(away) : List.of(dir.resolve("model." + how.label() + ".clew"), away);
    }

    private Optional<SafeTensors> there(Path place, String key, Set<String> matrices, Checkpoint checkpoint) {
        if (!Files.isRegularFile(place)) return Optional.empty();
        try {
            var file = SafeTensors.open(place);
            if (key.equals(file.metadata().get(KEY)) && matrices.stream().allMatch(m -> holds(file, m, checkpoint)))
                return Optional.of(file);
            file.close();
            return Optional.empty();
        } catch (WeightsException _) {
            return Optional.empty();                                                        // damaged: made again
        }
    }

    private boolean holds(SafeTensors file, String matrix, Checkpoint checkpoint) {
        return file.names().contains(matrix) && file.entry(matrix).dtype().equals(DType.U8.name())
                && file.entry(matrix).bytes() == how.bytes(checkpoint.tensor(matrix).size());
    }

    private SafeTensors make(Checkpoint checkpoint, Set<String> matrices, String key) {
        var quantiser = new Quantiser(how);
        var parts = new ArrayList<SafeTensorsWriter.Part>();
        for (var name : matrices) {
            var matrix = checkpoint.tensor(name);
            parts.add(new SafeTensorsWriter.Part(name, DType.U8, Shape.of(Math.toIntExact(how.bytes(matrix.size()))),
                    () -> quantiser.quantise(name, matrix)));
        }
        var metadata = Map.of(KEY, key);
        for (var place : places(checkpoint)) {
            try {
                Files.createDirectories(place.getParent());
                SafeTensorsWriter.write(place, parts, metadata);
                told.accept("the weights in " + how.label() + " are kept in " + place);
                return SafeTensors.open(place);
            } catch (IOException _) {
                // the next place
            }
        }
        return temporary(parts, metadata);
    }

    private SafeTensors temporary(List<SafeTensorsWriter.Part> parts, Map<String, String> metadata) {
        try {
            var file = Files.createTempFile("clew-", "." + how.label() + ".clew");
            file.toFile().deleteOnExit();
            SafeTensorsWriter.write(file, parts, metadata);
            return SafeTensors.open(file);
        } catch (IOException e) {
            throw new WeightsException("the weights in " + how.label() + " can be kept neither beside the model nor in"
                    + " the user's cache nor in the temporary folder (" + Quote.reason(e)
                    + "); point XDG_CACHE_HOME to a folder with room", e);
        }
    }

    /// SHA-256 of what the weights are told by: see the class.
    private String key(Checkpoint checkpoint) {
        var text = new StringBuilder(VERSION).append('\n').append(how.label()).append('\n')
                .append(checkpoint.fingerprint(checkpoint.path().resolve("config.json")));
        try {
            for (var file : checkpoint.files())
                text.append('\n').append(Files.getLastModifiedTime(file).toMillis());
        } catch (IOException e) {
            throw new WeightsException(checkpoint.path() + " cannot be read (" + Quote.reason(e) + "); check it", e);
        }
        return Sha256.of(text.toString().getBytes(StandardCharsets.UTF_8));
    }
}
