package clew.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import clew.engine.kernel.ScalarKernels;
import clew.engine.tape.Tape;
import clew.weights.Config;
import clew.weights.WeightsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Whatever config.json says, a model opens and runs, or one sentence says why not.
///
/// Two seconds by default; `-DargLine=-Dclew.fuzz=600` for ten minutes. `-Dclew.fuzz.out=FILE` keeps what was accepted
/// with the logits, a line each, for `docs/golden/config_fuzz.py` to compare with the peer's.
final class ConfigFuzzTest {
    private static final int[] IDS = {7, 3, 14, 15, 9, 2};
    /// As many at least, however busy the machine is.
    private static final int LEAST = 100;
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final List<String> POOL = List.of("null", "true", "false", "\"\"", "\"x\"", "-1", "0", "1", "2", "3",
        "4", "5", "6", "8", "0.5", "0.25", "1.5", "-0.0", "1e308", "1e-308", "1e999", "2147483647", "2147483648",
        "9223372036854775808", "[]", "{}", "[1,2]", "[\"full_attention\",\"sliding_attention\"]", "[null]",
        "\"linear\"", "\"yarn\"", "\"dynamic\"", "\"longrope\"", "\"llama3\"", "\"default\"", "\"gelu\"", "\"relu\"",
        "{\"rope_type\":\"linear\",\"factor\":2}", "{\"type\":\"dynamic\",\"factor\":3.0}", "\"\\u0000\"",
        "{\"0\":\"a\",\"1\":\"b\"}", "{\"0\":\"a\",\"7\":\"b\"}", "[\"LlamaForSequenceClassification\"]");
    private static List<ObjectNode> seeds = List.of();

    @TempDir
    Path dir;

    @BeforeAll
    static void read() throws IOException {
        var docs = Path.of(Files.isRegularFile(Path.of("../pom.xml")) ? "../docs" : "docs");
        var cases = JSON.readTree(Files.readAllBytes(docs.resolve("golden/families.json")));
        seeds = cases.valueStream().map(c -> (ObjectNode) c.get("config")).toList();
    }

    @Test
    void everyConfigOpensAndRunsOrIsRefusedInASentence() throws IOException {
        var seed = Long.getLong("clew.fuzz.seed", 20261125);
        var random = new Random(seed);
        var end = Instant.now().plusSeconds(Integer.getInteger("clew.fuzz", 2));
        int accepted = 0, i = 0;
        for (; i < LEAST || Instant.now().isBefore(end); i++) {
            var text = mutated(random);
            try {
                accepted += tried(text) ? 1 : 0;
            } catch (RuntimeException | Error e) {
                Files.writeString(Path.of("target", "config-fuzz-finding.json"), text);
                throw new AssertionError("seed " + seed + ", config " + i + ": " + text, e);
            }
        }
        System.err.println("fuzz: seed " + seed + ", " + i + " configs, " + accepted + " of them accepted");
        assertTrue(accepted > 0, "nothing was accepted: the seeds are no configs");
    }

    /// Null is no value, or what the peer's class takes for it; `-Dclew.fuzz.out` keeps these too.
    @Test
    void everyNullOpensOrIsRefusedInASentence() throws IOException {
        var keys = seeds.stream().flatMap(s -> s.propertyNames().stream()).distinct().toList();
        int accepted = 0;
        for (var seed : seeds) {
            for (var key : keys) accepted += tried(seed.deepCopy().putNull(key).toString()) ? 1 : 0;
            for (var scaling : List.of("rope_scaling", "rope_parameters"))
                if (seed.get(scaling) instanceof ObjectNode inner) for (var key : inner.propertyNames()) {
                    var other = seed.deepCopy();
                    ((ObjectNode) other.get(scaling)).putNull(key);
                    accepted += tried(other.toString()) ? 1 : 0;
                }
        }
        assertTrue(accepted > seeds.size(), "null is refused everywhere");
    }

    /// What a run of the fuzzer once found, each with the word that its refusal has to contain.
    @Test
    void findingsStayFound() throws IOException {
        var found = JSON.readTree(getClass().getResourceAsStream("config-findings.json"));
        for (var finding : found) {
            var file = Files.writeString(dir.resolve("config.json"), finding.get("config").toString());
            try {
                Models.family(Config.read(file), new Formula());
                fail("accepted: " + finding);
            } catch (ModelException | WeightsException e) {
                assertTrue(e.getMessage().contains(finding.get("says").stringValue()), e.getMessage());
            }
        }
    }

    /// Whether the config was accepted; a refusal is one sentence.
    private boolean tried(String text) throws IOException {
        var file = Files.writeString(dir.resolve("config.json"), text);
        var started = Instant.now();
        var weights = new Formula();
        try {
            var family = Models.family(Config.read(file), weights);
            var spec = family.spec();
            if (spec.positions() < IDS.length || spec.vocabulary() <= 15 || weights.asked.size() > 200) return false;
            var pass = Pass.of(IDS);
            var tape = new Tape(new ScalarKernels(), Tape.Memory.KEEP);
            var logits = family.forward(Forward.of(spec, pass, tape, new Hooks(family, pass), null)).tensor();
            assertEquals(spec.outputs(), logits.cols());
            keep(text, weights, logits.toDoubles());
            return true;
        } catch (ModelException | WeightsException e) {
            assertFalse(e.getMessage().isBlank() || e.getMessage().contains("\n"), e.getMessage());
            assertFalse(e.getMessage().contains("Exception"), e.getMessage());
            return false;
        } finally {
            assertTrue(Duration.between(started, Instant.now()).toSeconds() < 20, "it took too long");
        }
    }

    private static void keep(String text, Formula weights, double[] logits) throws IOException {
        var out = System.getProperty("clew.fuzz.out");
        if (out == null || Arrays.stream(logits).anyMatch(z -> !Double.isFinite(z))) return;
        var line = JSON.writeValueAsString(Map.of("config", JSON.readTree(text), "ids", IDS, "tensors", weights.asked,
            "logits", logits));
        Files.writeString(Path.of(out), line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /// A known config with one to three things changed; now and then the text itself is torn.
    private static String mutated(Random random) {
        var config = any(seeds, random).deepCopy();
        for (int n = 1 + random.nextInt(3); n > 0; n--) change(config, random);
        var text = config.toString();
        if (random.nextInt(20) > 0) return text;
        var at = random.nextInt(text.length());
        return switch (random.nextInt(3)) {
            case 0  -> text.substring(0, at);
            case 1  -> text.substring(0, at) + (char) random.nextInt(128) + text.substring(at);
            default -> text.substring(0, at) + text.substring(Math.min(text.length(), at + 3));
        };
    }

    private static void change(ObjectNode config, Random random) {
        var objects = new ArrayList<ObjectNode>(List.of(config));
        for (JsonNode child : config) if (child instanceof ObjectNode o) objects.add(o);
        var place = any(objects, random);
        var other = any(seeds, random);
        var keys = List.copyOf(place.propertyNames());
        var key = keys.isEmpty() || random.nextInt(3) == 0 ? any(List.copyOf(other.propertyNames()), random)
            : any(keys, random);
        switch (random.nextInt(4)) {
            case 0  -> place.remove(key);
            case 1  -> place.set(key, other.get(any(List.copyOf(other.propertyNames()), random)).deepCopy());
            default -> place.set(key, JSON.readTree(any(POOL, random)));
        }
    }

    private static <T> T any(List<T> list, Random random) {
        return list.get(random.nextInt(list.size()));
    }
}
