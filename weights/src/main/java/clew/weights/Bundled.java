package clew.weights;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The models that Clew brings along, as directories whose weights can be mapped.
///
/// They lie beside the classes. In a jar nothing can be mapped, so a model is unpacked once, into
/// `XDG_CACHE_HOME/clew` or `~/.cache/clew`, under a name that says what is in it: the digest of the list of its
/// files' digests. Another version has another name; what is there is there whole. Where that folder cannot be written
/// a temporary one serves, until the program ends.
public final class Bundled {
    /// Their names; the first is the default model.
    public static final List<String> NAMES = List.of("demo", "demo-gpt2");

    /// The model's files and their SHA-256, as `sha256sum` writes and checks them.
    public static final String LIST = "SHA256SUMS";

    private Bundled() {}

    /// The directory of a bundled model.
    ///
    /// @throws WeightsException if it cannot be unpacked anywhere
    public static Path directory(String name, Map<String, String> env, Path home) {
        var list = read(name, LIST);
        var beside = resource(name, LIST).filter(u -> u.getScheme().equals("file")).map(u -> Path.of(u).getParent());
        if (beside.isPresent()) return beside.get();
        var listed = new String(list, StandardCharsets.UTF_8).lines().map(line -> line.split("  ")[1]);
        var files = Stream.concat(listed, Stream.of(LIST)).toList();
        return new Unpacking(name, files, Sha256.of(list).substring(0, 16)).into(cache(env, home));
    }

    /// Whether a model directory is a bundled model's: these read plain text as well as chats.
    public static boolean isOne(Path directory) {
        return NAMES.contains(String.valueOf(directory.getFileName())) && Files.isRegularFile(directory.resolve(LIST));
    }

    /// What [#LIST] holds for a directory: a line for each of its files, the list itself left out, by name.
    ///
    /// @throws WeightsException if a file cannot be read
    public static String list(Path directory) {
        try {
            var lines = new StringBuilder();
            for (var file : Folder.list(directory, f -> Files.isRegularFile(f) && !f.endsWith(LIST)))
                lines.append(Sha256.of(Files.readAllBytes(file))).append("  ").append(file.getFileName()).append('\n');
            return lines.toString();
        } catch (IOException e) {
            throw new WeightsException(directory + " cannot be read (" + Quote.reason(e) + "); check it", e);
        }
    }

    /// Where Clew keeps what it can make again.
    public static Path cache(Map<String, String> env, Path home) {
        @Nullable String cache = env.get("XDG_CACHE_HOME");
        return (cache == null || cache.isBlank() ? home.resolve(".cache") : home.resolve(cache)).resolve("clew");
    }

    private record Unpacking(String name, List<String> files, String address) {
        Path into(Path cache) {
            var model = cache.resolve(address).resolve(name);
            if (isWhole(model)) return model;
            try {
                Files.createDirectories(model.getParent());
                var partial = Files.createDirectory(cache.resolve(address + "." + UUID.randomUUID() + ".partial"));
                fill(partial);
                return settle(partial, model);
            } catch (IOException _) {
                return temporary();
            }
        }

        private boolean isWhole(Path model) {
            return files.stream().allMatch(f -> Files.isRegularFile(model.resolve(f)));
        }

        /// Another process may have been quicker; then what it put there is the same. What has lost a file makes way.
        private Path settle(Path partial, Path model) throws IOException {
            try {
                return Files.move(partial, model, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException _) {
                if (isWhole(model)) {
                    discard(partial);
                    return model;
                }
                discard(model);
                return Files.move(partial, model, StandardCopyOption.ATOMIC_MOVE);
            }
        }

        private Path temporary() {
            try {
                var root = Files.createTempDirectory("clew-");
                var model = Files.createDirectory(root.resolve(name));
                Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                    discard(model);
                    delete(root);
                }));
                fill(model);
                return model;
            } catch (IOException e) {
                throw new WeightsException("the bundled model " + name + " can be unpacked neither into the user's"
                    + " cache nor into the temporary folder (" + Quote.reason(e)
                    + "); point XDG_CACHE_HOME to a folder with room", e);
            }
        }

        private void fill(Path folder) throws IOException {
            for (var file : files) Files.write(folder.resolve(file), read(name, file));
        }

        private void discard(Path folder) {
            files.forEach(f -> delete(folder.resolve(f)));
            delete(folder);
        }

        /// Best effort: what stays behind is a temporary file.
        private static void delete(Path path) {
            try {
                Files.deleteIfExists(path);
            } catch (IOException _) {
                // nothing depends on it
            }
        }
    }

    private static Optional<URI> resource(String name, String file) {
        var url = Bundled.class.getResource("bundled/" + name + "/" + file);
        return Optional.ofNullable(url).map(u -> URI.create(u.toString()));
    }

    private static byte[] read(String name, String file) {
        try (@Nullable InputStream in = Bundled.class.getResourceAsStream("bundled/" + name + "/" + file)) {
            if (in == null) throw new WeightsException("this build of Clew lacks " + file + " of its model " + name
                + "; build it again, or name a model with --model");
            return in.readAllBytes();
        } catch (IOException e) {
            throw new WeightsException("the bundled " + file + " of " + name + " cannot be read (" + Quote.reason(e)
                + "); build Clew again", e);
        }
    }
}
