package clew.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Every mistake gets one sentence on standard error, nothing on standard output, and the exit code that fits.
class ErrorTest {
    @TempDir
    static Path dir;

    private static Path model() {
        return Tiny.model(dir.resolve("tiny"));
    }

    static Stream<Arguments> wrongUsage() {
        return Stream.of(
            usage("no verb is given"),
            usage("unknown verb 'frobnicate'; known are explain, compare, evaluate, generate, tokens, inspect, run",
                "frobnicate"),
            usage("unknown option '--model' before the verb", "--model", "x", "explain"),
            usage("unknown option '--quiet' before the verb; known are --help, --version", "--quiet", "methods"),
            usage("--model DIR|NAME: its value is missing", "explain", "--model"),
            explain("unknown option '--groups' of explain; known are --model, ", "a", "--groups", "word"),
            explain("--group: 'words' is unknown; known are token, word, sentence, role", "a", "--group", "words"),
            explain("unknown removal 'token:x'; known are token:ID, zero, mean, delete, mask, resample", "a",
                "--removal", "token:x"),
            explain("removal id 267 is outside the vocabulary of 267", "a", "--method", "ablation", "--removal",
                "token:267"),
            explain("resampling takes at least 1 draw, not 0", "a", "--removal", "resample:0"),
            explain("--window takes a whole number from 1 to 1000000, not '0'", "a", "--window", "0"),
            explain("--stride takes a whole number from 1 to 3, not '4'", "a", "--stride", "4"),
            explain("--regions lists the windows of occlusion, which is none of the methods asked for; add it with"
                + " --method, or leave the list out", "a", "--regions", "--method", "ablation"),
            explain("an occlusion window of 3 does not fit 1 feature", "--ids", "5", "--method", "occlusion"),
            explain("shapley runs every coalition of features, 2^31 of these 31 (at most 2^20); take", "--ids", "1"
                + ",5".repeat(30), "--method", "shapley"),
            explain("kernel-shap needs more coalitions than features, at least 3 of 2 features; take more --coalitions",
                "--ids", "1,5", "--method", "kernel-shap", "--samples", "2"),
            explain("no token up to the explained row that may be removed", "a", "--method", "ablation",
                "--skip-special", "--position", "0"),
            explain("--group role merges what one author of a chat wrote, and the prompt is no chat; give messages with"
                + " --chat", "a", "--group", "role"),
            explain("unknown option '--continuation-text'", "a", "--continuation-text=b"),
            explain("unknown option '--chats'", "--chats", "f.json"),
            explain("unknown option '-5 degrees'", "-5 degrees"),
            explain("'b' stands behind the prompt; put the whole prompt in quotes", "a", "b"),
            explain("--quiet takes no value", "a", "--quiet=no"),
            explain("--steps is given twice", "a", "--steps", "1", "--steps", "2"),
            explain("there is no prompt"),
            explain("PROMPT and --ids exclude each other", "a", "--ids", "1"),
            explain("--prompt-file and --ids exclude each other", "--prompt-file", "f", "--ids", "1"),
            explain("--prompt-file nowhere.txt cannot be read (it does not exist)", "--prompt-file", "nowhere.txt"),
            explain("the prompt yields no ids", "--ids", ""),
            explain("--ids takes a whole number, at least 0, not 'x'", "--ids", "1,x"),
            explain("--ids takes a whole number, at least 0, not '-1'", "--ids", "-1"),
            explain("--ids takes a whole number, at least 0, not '99999999999'", "--ids", "99999999999"),
            explain("id 267 is outside the vocabulary of 267", "--ids", "1,267"),
            explain("the input has 33 tokens, the model has 32 positions", "--ids", "1" + ",5".repeat(32)),
            explain("--target and --target-id exclude each other", "a", "--target", "b", "--target-id", "1"),
            explain("no single token has the text 'abc'; its pieces are", "a", "--target", "abc"),
            explain("no single token has the text 'zz'", "a", "--contrast", "text:zz"),
            explain("target id 267 is outside the vocabulary", "a", "--target-id", "267"),
            explain("--target-id takes a whole number, at least 0", "a", "--target-id", "-2"),
            explain("267 is outside the vocabulary", "a", "--contrast", "id:267"),
            explain("--contrast: 'me' is unknown; known are mean, id:N and text:TEXT", "a", "--contrast", "me"),
            explain("entropy belongs to a whole row", "a", "--score", "entropy", "--contrast", "mean"),
            explain("--score: 'odds' is unknown; known are logit, logprob, prob, entropy, kl", "a", "--score", "odds"),
            explain("--top-k takes a whole number, at least 1", "a", "--top-k", "0"),
            explain("position 9 is outside the input of 2 tokens", "a", "--position", "9"),
            explain("position -3 is outside the input of 2 tokens", "a", "--position", "-3"),
            explain("--position takes a whole number, not 'last'", "a", "--position", "last"),
            explain("--method: 'guess' is unknown; known are lrp, saliency, ", "a", "--method", "guess"),
            explain("--method names a method twice", "a", "--method", "lrp,lrp"),
            explain("--method names no method", "a", "--method", ""),
            explain("--rules: 'no/recipe.txt' is neither a rule set nor a file that exists; the rule sets are attnlrp,"
                + " cp-lrp, epsilon, gamma, alphabeta, zplus, pa-lrp, gim", "a", "--rules", "no/recipe.txt"),
            explain("layer-conductance needs --hook NAME", "a", "--method", "layer-conductance"),
            explain("this model has no hook point 'blocks.9'", "a", "--method", "layer-lrp", "--hook", "blocks.9"),
            explain("neuron-conductance needs --neuron HOOK:TOKEN:UNIT", "a", "--method", "neuron-conductance"),
            explain("'x' names no neuron", "a", "--neuron", "x"),
            explain("--samples takes a whole number from 1 to 1000000, not '0'", "a", "--samples", "0"),
            explain("--tolerance takes a number from 0 to 0.999, not '1'", "a", "--tolerance", "1"),
            explain("--discard takes a number from 0 to 0.999, not '-1'", "a", "--discard", "-1"),
            explain("--threshold takes a number from 0 to 0.999, not 'x'", "a", "--threshold", "x"),
            explain("--fusion: 'sum' is unknown; known are mean, max, min", "a", "--fusion", "sum"),
            explain("unknown baseline 'black'; known are zero, pad, mean, space and token:ID", "a", "--baseline",
                "black"),
            explain("names no padding token; use --baseline token:ID", "a", "--method", "integrated-gradients",
                "--baseline", "pad"),
            explain("baseline id 999 is outside the vocabulary of 267", "a", "--method", "integrated-gradients",
                "--baseline", "token:999"),
            explain("--steps takes a whole number from 1 to 100000, not '0'", "a", "--steps", "0"),
            explain("--steps takes a whole number from 2 to", "a", "--steps", "1", "--quadrature", "riemann-trapezoid"),
            explain("--quadrature: 'simpson' is unknown", "a", "--quadrature", "simpson"),
            explain("--aggregate: 'max' is unknown; known are sum, l2, l1", "a", "--aggregate", "max"),
            explain("--normalize: 'unit' is unknown; known are none, absmax, minmax, sum", "a", "--normalize", "unit"),
            explain("--format: 'pdf' is unknown; known are text, json, html, csv, safetensors, svg, png", "a",
                "--format", "pdf"),
            explain("--format csv holds one method", "a", "--format", "csv", "--method", "lrp,saliency"),
            explain("--format safetensors writes a binary file; name it with --out", "a", "--format", "safetensors"),
            explain("--device: 'tpu' is unknown; known are auto, simd, scalar, cuda, cuda-tf32", "a", "--device",
                "tpu"),
            explain("the cuda device is an optional part that is not here; ./build cuda builds it", "a", "--device",
                "cuda"),
            explain("the cuda-tf32 device is an optional part that is not here; ./build cuda builds it", "a",
                "--device", "cuda-tf32"),
            explain("--device: 'simd-tf32' is unknown; known are auto, simd, scalar, cuda, cuda-tf32", "a",
                "--device", "simd-tf32"),
            explain("--dtype: 'int4' is unknown; known are auto, f32, int8, nf4, nf4-dq", "a", "--dtype", "int4"),
            explain("--dtype f32 and --device scalar exclude each other", "a", "--dtype", "f32", "--device", "scalar"),
            explain("--threads takes a whole number from 1 to 1024", "a", "--threads", "0"),
            explain("--max-memory takes a size such as 8g, 1.5g or 512m, not '8'", "a", "--max-memory", "8"),
            explain("--max-memory 99999g is more than the ", "a", "--max-memory", "99999g"),
            explain("--out is empty; name a file", "a", "--out", ""),
            explain("there is no such directory; create it", "a", "--out", "nowhere/x.txt"),
            explain(" is a directory; name a file in it", "a", "--out", dir.toString()),
            explain("--ids and --jsonl exclude each other", "--jsonl", "x", "--ids", "1"),
            explain("--jsonl nowhere.jsonl cannot be read", "--jsonl", "nowhere.jsonl"),
            explain("--jsonl answers with JSON lines; leave --format csv out", "--jsonl", "-", "--format", "csv"),
            explain("every token of the prompt is special", "--ids", "1", "--skip-special"),
            usage("--max-new-tokens is at most 31", "generate", "--model", model(), "--ids", "1,5",
                "--max-new-tokens", "32"),
            usage("unknown option '--beams' of generate", "generate", "--model", model(), "a", "--beams",
                "1"),
            usage("run writes a binary file; name it with --out FILE", "run", "--model", model(), "a"),
            usage("this model has no hook point 'hook_z'", "run", "--model", model(), "a", "--hook", "hook_z", "--out",
                dir.resolve("no.safetensors")),
            usage("run takes one input", "run", "--model", model(), "--jsonl", "-"),
            usage("id 267 is outside the vocabulary of 267", "tokens", "--model", model(), "--ids", "267"));
    }

    static Stream<Arguments> failures() throws IOException {
        var empty = Files.createDirectories(dir.resolve("empty"));
        var strange = Files.createDirectories(dir.resolve("strange"));
        Files.writeString(strange.resolve("config.json"), "{\"model_type\": \"mamba\"}");
        Files.writeString(strange.resolve("model.safetensors"), "x");
        var foreign = Files.createDirectories(dir.resolve("foreign"));
        Files.writeString(foreign.resolve("config.json"), "{\"model_type\": \"novel\", \"auto_map\": {}}");
        Files.writeString(foreign.resolve("pytorch_model.bin"), "x");
        var torn = Tiny.model(dir.resolve("torn"));
        Files.write(torn.resolve("model.safetensors"),
            java.util.Arrays.copyOf(Files.readAllBytes(torn.resolve("model.safetensors")), 5000));
        var garbled = Tiny.model(dir.resolve("garbled"));
        Files.writeString(garbled.resolve("tokenizer.json"), "{\"model\": ");
        var damaged = Tiny.damaged(dir.resolve("damaged"));
        return Stream.of(
            failure("there is no directory './nowhere'", "explain", "--model", "./nowhere", "a"),
            failure("fetch it with 'hf download org/name'", "explain", "--model", "org/name", "a"),
            failure("has no config.json", "explain", "--model", empty, "a"),
            failure("family 'mamba' is not supported; supported are gpt2, gpt_neox, llama", "inspect", "--model",
                strange),
            failure("family 'novel' needs Python code of its own", "explain", "--model", foreign, "a"),
            failure("family 'novel' needs Python code of its own", "inspect", "--model", foreign),
            failure("model.safetensors", "explain", "--model", torn, "a"),
            failure("tokenizer.json", "tokens", "--model", garbled, "a"),
            failure("has no tokenizer.json", "tokens", "--model", empty, "a"),
            failure("tensor 'model.norm.weight' has NaN at [3], so the model's output is not a number",
                "explain", "--model", damaged, "a"),
            failure("tensor 'model.norm.weight' has NaN at [3], so the model's output is not a number",
                "generate", "--model", damaged, "a"));
    }

    @ParameterizedTest
    @MethodSource("wrongUsage")
    void wrongUsageExitsWith2(String sentence, List<Object> command) {
        expect(2, sentence, command);
    }

    @ParameterizedTest
    @MethodSource("failures")
    void failuresExitWith1(String sentence, List<Object> command) {
        expect(1, sentence, command);
    }

    @Test
    void whatNeedsATokenizerSaysSo() {
        var bare = Tiny.withoutTokenizer(dir.resolve("bare"));
        expect(2, "has no tokenizer files, which a prompt in text needs", List.of("explain", "--model", bare, "a"));
        expect(2, "which --target needs", List.of("explain", "--model", bare, "--ids", "1", "--target", "a"));
        expect(2, "which --contrast needs", List.of("explain", "--model", bare, "--ids", "1", "--contrast", "text:a"));
        expect(2, "which --skip-special needs", List.of("explain", "--model", bare, "--ids", "1", "--skip-special"));
        expect(2, "which a prompt in text needs", List.of("generate", "--model", bare, "a"));
        expect(2, "which a prompt in text needs",
            List.of("run", "--model", bare, "a", "--out", dir.resolve("x.safetensors")));
    }

    @Test
    void aPromptFileThatIsNotUtf8IsRefused() throws IOException {
        var file = Files.write(dir.resolve("latin.txt"), "ä".getBytes(StandardCharsets.ISO_8859_1));
        expect(2, "latin.txt is not valid UTF-8", List.of("tokens", "--model", model(), "--prompt-file", file));
    }

    @Test
    void damagedWeightsAreMentionedByRunToo() {
        var damaged = Tiny.damaged(dir.resolve("damaged-run"));
        var cli = Cli.run("run", "--model", damaged, "a", "--out", dir.resolve("damaged.safetensors"));
        assertEquals(0, cli.exit());
        assertTrue(cli.err().contains("logits has NaN"), cli.err());
    }

    @Test
    void onlyDebugShowsWhereAnErrorComesFrom() {
        var args = new Object[] {"explain", "--model", model(), "--ids", "999", "--debug"};
        assertTrue(Cli.run(args).err().contains("\tat "));
    }

    private static Arguments usage(String sentence, Object... command) {
        return arguments(sentence, List.of(command));
    }

    private static Arguments explain(String sentence, Object... more) {
        return arguments(sentence, Stream.concat(Stream.of("explain", "--model", model()), Stream.of(more)).toList());
    }

    private static Arguments failure(String sentence, Object... command) {
        return arguments(sentence, List.of(command));
    }

    private static void expect(int exit, String sentence, List<Object> command) {
        var cli = Cli.run(command.toArray());
        assertEquals("", cli.out());
        assertTrue(cli.err().contains(sentence), cli.err());
        assertEquals(exit, cli.exit(), cli.err());
        assertTrue(cli.err().startsWith("clew: "), cli.err());
        assertEquals(1, cli.err().lines().count(), cli.err());
        assertFalse(cli.err().contains("Exception") || cli.err().contains("clew.") || cli.err().contains("java."),
            cli.err());
    }
}
