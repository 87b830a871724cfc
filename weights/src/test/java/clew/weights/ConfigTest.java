package clew.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A value is what the file says it is, or the file and the key are named.
class ConfigTest {
    @TempDir
    Path dir;

    @Test
    void theFirstNameThatIsThereIsRead() throws IOException {
        var config = config("{'n_embd':48,'hidden_size':64,'n_inner':null,'eps':1e-5,'type':'gpt2','tied':true}");
        assertEquals(48, config.requireInt("n_embd", "hidden_size"));
        assertEquals(64, config.requireInt("n_inner", "hidden_size"));
        assertEquals(OptionalInt.empty(), config.optInt("n_inner", "intermediate_size"));
        assertEquals(1e-5, config.requireDouble("eps"));
        assertEquals(48, config.optDouble("n_embd").orElseThrow());
        assertEquals("gpt2", config.requireString("type"));
        assertTrue(config.string("absent").isEmpty());
        assertTrue(config.flag("tied", false));
        assertTrue(config.flag("absent", true));
        assertFalse(config.has("n_inner"));
    }

    @Test
    void idsAreOneOrMany() throws IOException {
        var config = config("{'bos':0,'eos':[1,2147483647],'pad':null,'neg':-1,'half':[0.5]}");
        assertEquals(List.of(0), config.ids("bos"));
        assertEquals(List.of(1, Integer.MAX_VALUE), config.ids("eos"));
        assertEquals(List.of(), config.ids("pad"));
        assertRefused("neg '-1' is not from 0 to 2147483647", config, c -> c.ids("neg"));
        assertRefused("half is not a whole number", config, c -> c.ids("half"));
    }

    @Test
    void childrenAndListsKnowTheirPath() throws IOException {
        var config = config("{'rope_scaling':{'factor':'8','list':[1,2.5],'words':['a','b']}}");
        var rope = config.child("rope_parameters", "rope_scaling").orElseThrow();
        assertEquals(List.of(1.0, 2.5), rope.numbers("list"));
        assertEquals(List.of("a", "b"), rope.strings("words"));
        assertEquals(List.of(), rope.strings("absent"));
        assertTrue(config.child("absent").isEmpty());
        assertRefused("rope_scaling.factor '8' is not a number", rope, c -> c.requireDouble("factor"));
        assertRefused("has no rope_scaling.a or rope_scaling.b", rope, c -> c.requireDouble("a", "b"));
        assertRefused("rope_scaling.factor '8' is not an object", rope, c -> c.child("factor"));
        assertRefused("rope_scaling.factor '8' is not a list", rope, c -> c.strings("factor"));
        assertRefused("rope_scaling.list is not a list of strings", rope, c -> c.strings("list"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "2147483648", "1e3", "12.0", "'12'", "true", "[12]", "{}",
        "99999999999999999999999999"})
    void aCountIsAWholeNumberFromOneUp(String value) throws IOException {
        assertRefused("config.json: n ", config("{'n':" + value + "}"), c -> c.requireInt("n"));
        assertRefused("config.json: n ", config("{'n':" + value + "}"), c -> c.optInt("n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e999", "-1e999", "'1'", "true", "[]"})
    void aNumberIsFinite(String value) throws IOException {
        assertRefused("config.json: x ", config("{'x':" + value + "}"), c -> c.requireDouble("x"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1", "'true'", "[]"})
    void aFlagIsTrueOrFalse(String value) throws IOException {
        assertRefused("is not true or false", config("{'x':" + value + "}"), c -> c.flag("x", true));
    }

    @Test
    void aStringIsAString() throws IOException {
        assertRefused("x '1' is not a string", config("{'x':1}"), c -> c.string("x"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "[]", "1", "{", "{} {}", "{'a':1,'a':2}", "{'a':{'b':1,'b':2}}", "{'a':NaN}",
        "{/* why */}", "// why\n{}", "{'a':1,}", "{a:1}", "{'a':01}", "\0", "{'a':'\u0001'}", "\uFEFF{}"})
    void whatIsNotOneStrictObjectIsRefused(String json) throws IOException {
        var file = write(json.replace('\'', '"'));
        var refusal = assertThrows(WeightsException.class, () -> Config.read(file)).getMessage();
        assertTrue(refusal.startsWith(file + " ") && refusal.contains("; "), refusal);
        assertFalse(refusal.chars().anyMatch(Character::isISOControl), refusal);
    }

    @Test
    void depthAndSizeAreBounded() throws IOException {
        var deep = write("{\"a\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}");
        assertThrows(WeightsException.class, () -> Config.read(deep));
        var deepObjects = write("{\"a\":".repeat(100_000) + "1" + "}".repeat(100_000));
        assertThrows(WeightsException.class, () -> Config.read(deepObjects));
        var large = write("{\"a\":\"" + "x".repeat(4 << 20) + "\"}");
        var refusal = assertThrows(WeightsException.class, () -> Config.read(large)).getMessage();
        assertTrue(refusal.contains("at most 4194304"), refusal);
    }

    @Test
    void malformedUtf8IsRefused() throws IOException {
        var file = Files.write(dir.resolve("config.json"), new byte[] {'{', '"', (byte) 0xC3, '"', ':', '1', '}'});
        var refusal = assertThrows(WeightsException.class, () -> Config.read(file)).getMessage();
        assertTrue(refusal.contains("is not valid UTF-8"), refusal);
    }

    @Test
    void aMissingFileIsNamed() {
        var refusal = assertThrows(WeightsException.class, () -> Config.ofModel(dir)).getMessage();
        assertTrue(refusal.startsWith(dir.resolve("config.json") + " does not exist; "), refusal);
        assertTrue(Config.ofGeneration(dir).isEmpty());
    }

    @Test
    void everySharedConfigIsRead() throws IOException {
        try (var files = Files.walk(Shared.path(""))) {
            for (var file : files.filter(p -> p.toString().endsWith("config.json")).toList()) Config.read(file);
        }
        var llama = Config.read(Shared.path("configs/llama-3.2-1b.config.json"));
        assertEquals(2048, llama.requireInt("n_embd", "hidden_size"));
        assertEquals(List.of(128001), llama.ids("eos_token_id"));
    }

    private Config config(String json) throws IOException {
        return Config.read(write(json.replace('\'', '"')));
    }

    private Path write(String json) throws IOException {
        return Files.writeString(dir.resolve("config.json"), json);
    }

    private static void assertRefused(String says, Config config, Consumer<Config> act) {
        var refusal = assertThrows(WeightsException.class, () -> act.accept(config)).getMessage();
        assertTrue(refusal.contains(says) && refusal.contains("; "), () -> "expected \"" + says + "\" in: " + refusal);
    }
}
