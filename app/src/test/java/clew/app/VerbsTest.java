package clew.app;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clew.engine.tensor.DType;
import clew.weights.SafeTensors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// generate, tokens, inspect, run and what surrounds them.
class VerbsTest {
    @TempDir
    static Path dir;
    private static Path model = Path.of("");
    private static Path bare = Path.of("");

    @BeforeAll
    static void write() {
        model = Tiny.model(dir.resolve("tiny"));
        bare = Tiny.withoutTokenizer(dir.resolve("bare"));
    }

    private static int[] ints(JsonNode array) {
        return array.valueStream().mapToInt(JsonNode::intValue).toArray();
    }

    // ── generate ────────────────────────────────────────────────────────────────────────────────────────────────────

    @ParameterizedTest
    @ValueSource(strings = {"stories260k", "tinystories-656k", "slm-4096"})
    void realModelsContinueAsTheirGoldensSay(String name) throws Exception {
        var real = Shared.path("models/" + name);
        for (var golden : JsonText.MAPPER.readTree(Files.readString(Path.of(real, "golden.json")))) {
            var ids = ints(golden.get("greedy_ids"));
            var prompt = golden.get("prompt").stringValue();
            var given = prompt.startsWith("<")                                 // its BOS alone: as ids, for it adds one
                ? "--ids=" + ints(golden.get("prompt_ids"))[0] : prompt;
            var made = Cli.run("generate", "--model", real, given, "--max-new-tokens", ids.length, "--ignore-eos",
                "--format", "json").object();
            assertArrayEquals(ints(golden.get("prompt_ids")), ints(made.get("ids")));
            assertArrayEquals(ids, ints(made.get("continuationIds")));
            assertEquals(golden.get("greedy_text").stringValue(), made.get("text").stringValue());
            assertEquals("length", made.get("stopReason").stringValue());
        }
    }

    @Test
    void aContinuationWithoutATokenizerHasNoText() {
        var made = Cli.run("generate", "--model", bare, "--ids", "1,263", "--max-new-tokens", "3", "--format", "json",
            "--ignore-eos").object();
        assertTrue(made.get("text").isNull());
        assertEquals(3, made.get("continuationIds").size());
        assertEquals("1,263,", Cli.run("generate", "--model", bare, "--ids", "1,263").out().substring(0, 6));
    }

    @Test
    void withoutALengthAContinuationEndsWithThePositions() {
        var made = Cli.run("generate", "--model", model, "a", "--format", "json", "--ignore-eos").object();
        assertEquals(32 + 1, made.get("ids").size() + made.get("continuationIds").size());
    }

    @Test
    void textIsPromptAndContinuation() {
        var text = Cli.run("generate", "--model", model, "a ab", "--max-new-tokens", "4", "--ignore-eos").out();
        var json = Cli.run("generate", "--model", model, "a ab", "--max-new-tokens", "4", "--ignore-eos", "--format",
            "json").object();
        assertEquals("a ab" + json.get("text").stringValue() + "\n", text);
    }

    // ── tokens ──────────────────────────────────────────────────────────────────────────────────────────────────────

    @Test
    void tokensHaveTextPieceAndOffsets() {
        var object = Cli.run("tokens", "--model", model, "a 😀", "--format", "json").object();
        assertEquals("[\"ids\",\"tokens\",\"decoded\",\"decodedSkipSpecial\"]",
            JsonText.MAPPER.writeValueAsString(object.propertyNames()));
        assertArrayEquals(new int[] {1, 263, 259, 243, 162, 155, 131}, ints(object.get("ids")));
        assertEquals("{\"index\":3,\"id\":243,\"text\":\"\uFFFD\",\"piece\":\"<0xF0>\","
            + "\"start\":2,\"end\":3,\"special\":false}",
            object.at("/tokens/3").toString());
        assertEquals("<s> a 😀", object.get("decoded").stringValue());
        assertEquals("a 😀", object.get("decodedSkipSpecial").stringValue());
    }

    @Test
    void tokensTakesAnEmptyTextAndLeavesTheTemplateOutOnRequest() {
        assertArrayEquals(new int[] {1},
            ints(Cli.run("tokens", "--model", model, "", "--format", "json").object().get("ids")));
        assertEquals("[]", Cli.run("tokens", "--model", model, "", "--no-special", "--format", "json").object()
            .get("ids").toString());
        assertEquals(1, Cli.run("tokens", "--model", model, "", "--no-special").out().lines().count());
    }

    @Test
    void tokensNeedsTheTokenizerOnlyAndReadsIdsToo() throws Exception {
        var only = Files.createDirectories(dir.resolve("only"));
        Files.copy(model.resolve("tokenizer.json"), only.resolve("tokenizer.json"));
        var object = Cli.run("tokens", "--model", only, "--ids", "266,260", "--format", "json").object();
        assertEquals("aba", object.get("decoded").stringValue());
    }

    @Test
    void textOfTokensSteersNoTerminal() {
        var out = Cli.run("tokens", "--model", model, "a\u001b[31m\n").out();
        assertFalse(out.contains("\u001b"));
        assertTrue(out.contains("(special)"));
    }

    // ── inspect ─────────────────────────────────────────────────────────────────────────────────────────────────────

    @Test
    void inspectNamesEverySize() {
        var object = Cli.run("inspect", "--model", model, "--format", "json", "--hooks", "--hash").object();
        assertEquals(List.of(2, 16, 2, 1, 8, 24, 267, 32), List.of("layers", "width", "heads", "kvHeads", "headWidth",
            "hidden", "vocabulary", "positions").stream().map(k -> object.get(k).intValue()).toList());
        assertEquals("{\"F32\":" + object.get("parameters") + "}", object.get("dtypes").toString());
        assertEquals("[1]", object.get("bos").toString());
        assertEquals("[2]", object.get("eos").toString());
        assertEquals("[]", object.get("pad").toString());
        assertTrue(object.get("tied").booleanValue());
        assertEquals("{\"kind\":\"default\",\"theta\":10000.0}", object.get("rope").toString());
        assertEquals("SentencePiece-style BPE with byte fallback", object.get("tokenizer").stringValue());
        assertTrue(object.get("sha256").stringValue().matches("[0-9a-f]{64}"));
        assertEquals("{\"name\":\"hook_embed\",\"shape\":\"[T, D]\"}", object.at("/hooks/0").toString());
        assertTrue(Cli.run("inspect", "--model", bare, "--format", "json").object().get("tokenizer").isNull());
    }

    @Test
    void inspectReadsForPeople() {
        var out = Cli.run("inspect", "--model", model, "--hooks").out();
        assertTrue(out.contains("width D       16\n"), out);
        assertTrue(out.contains("positions     32, RoPE default, θ = 10000.0\n"), out);
        assertTrue(out.contains("blocks.1.attn.hook_pattern      [H, T, T]\n"), out);
    }

    // ── run ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    @Test
    void runWritesATensorPerHookInItsOwnShape() {
        var file = dir.resolve("acts.safetensors");
        var hooks = "logits,blocks.0.hook_resid_pre,blocks.*.attn.hook_pattern,blocks.1.attn.hook_k,"
            + "blocks.0.attn.hook_attn_scores,blocks.0.attn.hook_z";
        assertEquals(new Cli(0, "", ""), Cli
            .run("run", "--model", bare, "--ids", "1,2,3", "--hook", hooks, "--out", file));
        try (var tensors = SafeTensors.open(file)) {
            assertEquals("[3, 267]", tensors.tensor("logits").shape().toString());
            assertEquals("[3, 16]", tensors.tensor("blocks.0.hook_resid_pre").shape().toString());
            assertEquals("[2, 3, 3]", tensors.tensor("blocks.1.attn.hook_pattern").shape().toString());
            assertEquals("[3, 1, 8]", tensors.tensor("blocks.1.attn.hook_k").shape().toString());
            assertEquals("[3, 2, 8]", tensors.tensor("blocks.0.attn.hook_z").shape().toString());
            assertEquals(Double.NEGATIVE_INFINITY, tensors.tensor("blocks.0.attn.hook_attn_scores").get(1));
            assertEquals(DType.F32, tensors.tensor("logits").dtype());
            assertArrayEquals(new double[] {1, 2, 3}, tensors.tensor("ids").toDoubles());
            assertEquals(8, tensors.names().size());
        }
        Cli.run("run", "--model", bare, "--ids", "1,2,3", "--out", file, "--device", "scalar");
        try (var tensors = SafeTensors.open(file)) {
            assertEquals(DType.F64, tensors.tensor("logits").dtype());
        }
    }

    @Test
    void aDeviceThatIsNotBuiltIsRefusedWithTheRemedy() {
        var cli = Cli.run("explain", "--device", "cuda", "a");
        assertEquals(2, cli.exit(), cli.out());
        assertTrue(cli.err().strip().endsWith("the cuda device is an optional part that is not here;"
            + " ./build cuda builds it"), cli.err());
    }

    // ── help ────────────────────────────────────────────────────────────────────────────────────────────────────────

    @ParameterizedTest
    @ValueSource(strings = {"explain", "generate", "tokens", "inspect", "run", "methods", "devices", "completion"})
    void everyVerbHasHelpWithoutColours(String verb) {
        var cli = Cli.run(verb, "--help");
        assertEquals(0, cli.exit(), cli.err());
        assertEquals("", cli.err());
        assertTrue(cli.out().startsWith("Usage: clew " + verb), cli.out());
        assertFalse(cli.out().contains("\u001b"));
    }

    @Test
    void theProgramHasHelpVersionAndCompletion() {
        assertTrue(Cli.run("--help").out().contains("explain"));
        assertTrue(Cli.run("--help").out().contains("printed, but short of the --tolerance asked for"));
        assertTrue(Cli.run("--version").out().startsWith("clew "));
        assertTrue(Cli.run("completion").out().contains("complete -F"));
        assertTrue(Cli.run("methods").out().contains("integrated-gradients"));
        assertTrue(Cli.run("devices").out().contains("scalar"));
    }
}
