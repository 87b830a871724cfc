package clew.weights;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// `--model DIR|NAME` → a directory on disk. Nothing is ever downloaded.
///
/// A bundled model's name means that model, whatever else is called so (`./demo` is a directory). Another name is
/// looked up where the Hugging Face client keeps its downloads:
/// `models--ORG--NAME/snapshots/REVISION`, the revision being the one that `refs/main` names.
public final class ModelDirectory {
    private static final Pattern HUB_NAME = Pattern.compile("\\w[\\w.-]{0,95}(/\\w[\\w.-]{0,95})?");
    private static final Pattern REVISION = Pattern.compile("\\w[\\w.-]{0,99}");

    private ModelDirectory() {}

    /// The directory of a model: it has a `config.json`. Whether weights are there is asked when they are opened,
    /// behind what config.json says: its family decides what to do about those that are missing.
    ///
    /// @throws WeightsException if there is no such directory, or it lacks the file; the message says how to get it
    public static Path resolve(String nameOrDir, Map<String, String> env, Path home) {
        var dir = locate(nameOrDir, env, home);
        if (!Files.isRegularFile(dir.resolve("config.json")))
            throw new WeightsException(dir + " has no config.json; name the directory of a Hugging Face model, which "
                    + "has config.json, *.safetensors and the tokenizer's files");
        return dir;
    }

    /// The directory, whatever it holds: enough for what needs only a tokenizer.
    ///
    /// @throws WeightsException if there is no such directory and no such name in the cache
    public static Path locate(String nameOrDir, Map<String, String> env, Path home) {
        if (Bundled.NAMES.contains(nameOrDir)) return Bundled.directory(nameOrDir, env, home);
        var path = path(nameOrDir);
        if (path.isPresent() && Files.isDirectory(path.get())) return path.get();
        if (path.isPresent() && Files.exists(path.get()))
            throw new WeightsException(Quote.line(nameOrDir) + " is a file; name the directory that holds the model");
        if (!HUB_NAME.matcher(nameOrDir).matches())
            throw new WeightsException("there is no directory " + Quote.name(nameOrDir)
                    + "; name a model directory that exists");
        var cache = cache(env, home);
        return snapshot(cache.resolve("models--" + nameOrDir.replace("/", "--"))).orElseThrow(() ->
                new WeightsException("there is no directory " + Quote.name(nameOrDir) + ", and no model of that name "
                        + "in " + cache + "; fetch it with 'hf download " + nameOrDir + "'"));
    }

    /// HF_HUB_CACHE, else HF_HOME/hub, else XDG_CACHE_HOME/huggingface/hub, else ~/.cache/huggingface/hub.
    private static Path cache(Map<String, String> env, Path home) {
        return set(env, "HF_HUB_CACHE", home)
                .or(() -> set(env, "HF_HOME", home).map(p -> p.resolve("hub")))
                .or(() -> set(env, "XDG_CACHE_HOME", home).map(p -> p.resolve("huggingface").resolve("hub")))
                .orElseGet(() -> home.resolve(".cache").resolve("huggingface").resolve("hub"));
    }

    /// A variable that holds a path; the client expands a leading `~` in these, so this does too.
    private static Optional<Path> set(Map<String, String> env, String variable, Path home) {
        @Nullable String value = env.get(variable);
        if (value == null || value.isBlank()) return Optional.empty();
        var path = path(value).orElseThrow(() ->
                new WeightsException(variable + " is not a path: " + Quote.name(value) + "; correct or unset it"));
        return Optional.of(path.startsWith("~") ? home.resolve(Path.of("~").relativize(path)) : path);
    }

    private static Optional<Path> snapshot(Path repository) {
        var main = repository.resolve("refs").resolve("main");
        var snapshots = repository.resolve("snapshots");
        try {
            if (!Files.isDirectory(snapshots)) return Optional.empty();
            if (Files.isRegularFile(main)) return revision(main).map(snapshots::resolve).filter(Files::isDirectory);
            var all = Folder.list(snapshots, Files::isDirectory);     // fetched by revision: no ref, no doubt if alone
            return all.size() == 1 ? Optional.of(all.getFirst()) : Optional.empty();
        } catch (IOException e) {
            throw new WeightsException(repository + " cannot be read (" + Quote.reason(e) + "); check the cache", e);
        }
    }

    private static Optional<String> revision(Path ref) throws IOException {
        try (var in = Files.newInputStream(ref)) {
            var text = new String(in.readNBytes(256), StandardCharsets.UTF_8).strip();
            return Optional.of(text).filter(r -> REVISION.matcher(r).matches());
        }
    }

    private static Optional<Path> path(String text) {
        try {
            return text.isBlank() ? Optional.empty() : Optional.of(Path.of(text));
        } catch (InvalidPathException _) {
            return Optional.empty();
        }
    }

    /// SHA-256 over the names and bytes of the tokenizer's files; nothing where there are none.
    public static Optional<String> tokenizerHash(Path directory) {
        return Sha256.ofThose(directory, List.of("tokenizer.json", "vocab.json", "merges.txt", "tokenizer.model",
            "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json"));
    }
}
