package clew.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Bundled models open from folders of classes and from jars, with any home.
final class BundledTest {
    @TempDir Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"demo", "demo-gpt2"})
    void theListNamesEveryFileWithItsDigest(String name) throws IOException {
        var model = Bundled.directory(name, Map.of(), folder);
        assertEquals(Files.readString(model.resolve(Bundled.LIST)), Bundled.list(model));
        assertTrue(Files.size(model.resolve("model.safetensors")) < (name.equals("demo") ? 10_000_000 : 3_000_000));
        try (var weights = Checkpoint.open(model)) {
            assertEquals(Map.of("BF16", weights.parameters()), weights.dtypes());
        }
    }

    @Test
    void aJarIsUnpackedOnceIntoTheCache() throws Exception {
        try (var jar = new Jar(folder)) {
            var model = jar.directory("demo", Map.of(), folder);
            assertTrue(model.startsWith(folder.resolve(".cache").resolve("clew")), model.toString());
            assertEquals("demo", model.getFileName().toString());
            assertTrue(Bundled.isOne(model));
            var first = Files.getLastModifiedTime(model.resolve("model.safetensors"));
            assertEquals(model, jar.directory("demo", Map.of(), folder));
            assertEquals(first, Files.getLastModifiedTime(model.resolve("model.safetensors")));
            Files.delete(model.resolve("config.json"));
            assertEquals(model, jar.directory("demo", Map.of(), folder));
            assertTrue(Bundled.isOne(model) && Files.isRegularFile(model.resolve("config.json")));
            var other = jar.directory("demo", Map.of("XDG_CACHE_HOME", folder.resolve("xdg").toString()), folder);
            assertTrue(other.startsWith(folder.resolve("xdg")), other.toString());
            assertEquals(Bundled.list(model), Bundled.list(other));
        }
    }

    @Test
    void aHomeThatCannotBeWrittenIsNoObstacle() throws Exception {
        var file = Files.writeString(folder.resolve("file"), "");
        try (var jar = new Jar(folder)) {
            var model = jar.directory("demo", Map.of(), file);
            assertTrue(Files.isRegularFile(model.resolve("model.safetensors")));
            assertTrue(!model.startsWith(file), model.toString());
        }
    }

    /// The module's classes in a jar, as a user has them, loaded by a loader of their own.
    private static final class Jar implements AutoCloseable {
        private final URLClassLoader loader;

        Jar(Path folder) throws Exception {
            var classes = Path.of(Bundled.class.getProtectionDomain().getCodeSource().getLocation().toURI());
            var jar = folder.resolve("weights.jar");
            try (var out = new JarOutputStream(Files.newOutputStream(jar)); var all = Files.walk(classes)) {
                for (var file : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
                    out.putNextEntry(new JarEntry(classes.relativize(file).toString().replace('\\', '/')));
                    Files.copy(file, out);
                    out.closeEntry();
                }
            }
            loader = new URLClassLoader(new URL[] {jar.toUri().toURL()}, null);
        }

        Path directory(String name, Map<String, String> env, Path home) throws Exception {
            return (Path) loader.loadClass(Bundled.class.getName())
                .getMethod("directory", String.class, Map.class, Path.class).invoke(null, name, env, home);
        }

        @Override
        public void close() throws IOException {
            loader.close();
        }
    }
}
