package clew.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `--model` is a directory, or a name that the local Hugging Face cache knows.
class ModelDirectoryTest {
    @TempDir
    Path home;

    @Test
    void aDirectoryIsItself() throws IOException {
        var dir = model(home.resolve("my model"));
        assertEquals(dir, ModelDirectory.resolve(dir.toString(), Map.of(), home));
    }

    @Test
    void aDirectoryHasAConfig() throws IOException {
        var dir = Files.createDirectory(home.resolve("empty"));
        assertEquals(dir, ModelDirectory.locate(dir.toString(), Map.of(), home));
        assertRefused(dir + " has no config.json; ", dir.toString(), Map.of());
        Files.writeString(dir.resolve("config.json"), "{}");
        assertEquals(dir, ModelDirectory.resolve(dir.toString(), Map.of(), home));
    }

    @Test
    void aFileIsNotADirectory() throws IOException {
        var file = Files.writeString(home.resolve("model.safetensors"), "");
        assertRefused("is a file; name the directory", file.toString(), Map.of());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "/no/such/dir", "../nowhere", "a/b/c", "-x", "name\u001b[31m", "a/../b", "\0"})
    void whatIsNeitherIsRefused(String name) {
        assertRefused("there is no directory ", name, Map.of());
    }

    @Test
    void aNameIsFoundAtTheRevisionThatMainNames() throws IOException {
        var cache = home.resolve(".cache/huggingface/hub");
        var wanted = cached(cache, "models--org--name", "abc123");
        model(cache.resolve("models--org--name/snapshots/older"));
        assertEquals(wanted, ModelDirectory.resolve("org/name", Map.of(), home));
        assertEquals(cached(cache, "models--gpt2", "def"), ModelDirectory.resolve("gpt2", Map.of(), home));
    }

    @Test
    void theVariablesOfTheClientDecideWhereTheCacheIs() throws IOException {
        var name = "models--org--name";
        var hub = cached(home.resolve("one"), name, "r1");
        var hf = cached(home.resolve("two/hub"), name, "r2");
        var xdg = cached(home.resolve("three/huggingface/hub"), name, "r3");
        var one = home.resolve("one").toString();
        var two = home.resolve("two").toString();
        var three = home.resolve("three").toString();
        assertEquals(hub, ModelDirectory.resolve("org/name",
                Map.of("HF_HUB_CACHE", one, "HF_HOME", two, "XDG_CACHE_HOME", three), home));
        assertEquals(hf, ModelDirectory.resolve("org/name", Map.of("HF_HOME", two, "XDG_CACHE_HOME", three), home));
        assertEquals(xdg, ModelDirectory.resolve("org/name", Map.of("HF_HOME", "", "XDG_CACHE_HOME", three), home));
        assertEquals(hf, ModelDirectory.resolve("org/name", Map.of("HF_HOME", "~/two"), home));
    }

    @Test
    void aRevisionFetchedAloneNeedsNoRef() throws IOException {
        var snapshots = home.resolve(".cache/huggingface/hub/models--org--name/snapshots");
        var only = model(snapshots.resolve("abc"));
        assertEquals(only, ModelDirectory.resolve("org/name", Map.of(), home));
        model(snapshots.resolve("def"));
        assertRefused("fetch it with 'hf download org/name'", "org/name", Map.of());
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", "../../..", "/etc", "", "gone", "a/b"})
    void aRefThatNamesNoSnapshotFindsNothing(String ref) throws IOException {
        var repository = home.resolve(".cache/huggingface/hub/models--org--name");
        model(repository.resolve("snapshots/abc"));
        Files.createDirectories(repository.resolve("refs"));
        Files.writeString(repository.resolve("refs/main"), ref);
        assertRefused("fetch it with 'hf download org/name'", "org/name", Map.of());
    }

    @Test
    void anUnknownNameSaysHowToGetIt() {
        var cache = home.resolve(".cache/huggingface/hub");
        assertRefused("there is no directory 'org/name', and no model of that name in " + cache
                + "; fetch it with 'hf download org/name'", "org/name", Map.of());
    }

    private static Path cached(Path cache, String repository, String revision) throws IOException {
        var refs = Files.createDirectories(cache.resolve(repository).resolve("refs"));
        Files.writeString(refs.resolve("main"), revision);
        return model(cache.resolve(repository).resolve("snapshots").resolve(revision));
    }

    private static Path model(Path dir) throws IOException {
        Files.createDirectories(dir);
        Files.writeString(dir.resolve("config.json"), "{}");
        SafeTensorsWriter.write(dir.resolve("model.safetensors"), Map.of(), Map.of());
        return dir;
    }

    private void assertRefused(String says, String name, Map<String, String> env) {
        var refusal = assertThrows(WeightsException.class, () -> ModelDirectory.resolve(name, env, home)).getMessage();
        assertTrue(refusal.contains(says), () -> "expected \"" + says + "\" in: " + refusal);
        assertTrue(refusal.chars().noneMatch(Character::isISOControl), refusal);
    }
}
