package clew.app;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clew.weights.SafeTensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

class ContinuationVerbTest {
    @TempDir
    static Path dir;
    private static final Path model = Tiny.model();

    private static Cli cli(Object... more) {
        var args = new ArrayList<Object>(List.of("explain", "--model", model, "--quiet"));
        args.addAll(List.of(more));
        return Cli.run(args.toArray());
    }

    private static JsonNode json(Object... more) {
        var args = new ArrayList<Object>(List.of(more));
        args.addAll(List.of("--format", "json"));
        return cli(args.toArray()).object();
    }

    private static double[] numbers(JsonNode array) {
        return array.valueStream().mapToDouble(JsonNode::doubleValue).toArray();
    }

    private static List<Integer> ids(JsonNode array) {
        return array.valueStream().map(t -> t.get("id").intValue()).toList();
    }

    @ParameterizedTest
    @EnumSource(MethodName.class)
    void everyMethodHasAMatrixAndItsSum(MethodName name) throws IOException {
        Object[] args = {"a ab c", "--continuation", " b ab", "--method", name.label(), "--steps", "4",
            "--samples", "9", "--hook", "blocks.0.hook_mlp_out", "--neuron", "blocks.0.mlp.hook_post:-1:2",
            "--features"};
        var object = json(args);
        assertEquals(List.of(), SchemaCheck.faults("clew.attribution-1.json", object));
        var T = object.get("tokens").size();
        var N = object.get("targets").size();
        assertEquals(N, object.get("continuation").size());
        assertEquals(ids(object.get("continuation")), ids(object.get("targets")));
        var sum = new double[T];
        for (int n = 0; n < N; n++) {
            assertEquals(T - 1 + n, object.at("/targets/" + n + "/position").intValue());
            assertEquals("logprob", object.at("/targets/" + n + "/score").stringValue());
            var earlier = numbers(object.at("/continuationScores/" + n));
            assertEquals(n, earlier.length);
            assertEquals(Arrays.stream(earlier).sum(), object.at("/continuationShare/" + n).doubleValue(), 1e-12);
            var row = numbers(object.at("/scores/" + n));
            assertEquals(T, row.length);
            for (int t = 0; t < T; t++) sum[t] += row[t];
        }
        var scale = Arrays.stream(sum).map(Math::abs).max().orElse(0);
        assertArrayEquals(sum, numbers(object.get("sequence")), 1e-12);
        var alone = Arrays.copyOf(args, args.length + 1);
        alone[args.length] = "--continuation-sum";
        var one = json(alone);
        assertEquals(List.of(), SchemaCheck.faults("clew.attribution-1.json", one));
        assertEquals(1, one.get("targets").size());
        assertEquals(" b ab", one.at("/targets/0/text").stringValue());
        assertArrayEquals(sum, numbers(one.get("sequence")), 1e-5 * Math.max(1, scale));
        assertArrayEquals(numbers(one.get("sequence")), numbers(one.at("/scores/0")));
    }

    @Test
    void whatTheModelGoesOnWithIsWhatGenerateSays() {
        var made = Cli.run("generate", "--model", model, "--format", "json", "--max-new-tokens", "4",
            "--temperature", "0", "a ab").object();
        var said = json("a ab", "--continuation-length", "4");
        assertEquals(made.get("continuationIds").toString(), ids(said.get("continuation")).toString().replace(" ", ""));
        for (var target : said.get("targets")) assertEquals(1, target.get("rank").intValue());
        var given = json("a ab", "--continuation-ids",
            made.get("continuationIds").toString().replaceAll("[\\[\\]]", ""));
        assertEquals(said.get("scores"), given.get("scores"));
    }

    @Test
    void wordsAndSentencesAddUp() {
        var tokens = json("ab ab. a b", "--continuation", " a");
        for (var group : List.of("word", "sentence")) {
            var grouped = json("ab ab. a b", "--continuation", " a", "--group", group);
            assertEquals(Arrays.stream(numbers(tokens.get("sequence"))).sum(),
                Arrays.stream(numbers(grouped.get("sequence"))).sum(), 1e-6);
            assertTrue(grouped.get("tokens").size() < tokens.get("tokens").size());
        }
        assertEquals("[<s>, ab, ab., a, b]", json("ab ab. a b", "--group", "word").get("tokens").valueStream()
            .map(t -> t.get("text").stringValue().strip()).toList().toString());
        assertEquals("[<s>, ab ab., a b]", json("ab ab. a b", "--group", "sentence").get("tokens").valueStream()
            .map(t -> t.get("text").stringValue().strip()).toList().toString());
        var bare = json("ab ab. a b", "--continuation", " a", "--skip-special");
        assertEquals(tokens.get("tokens").size() - 1, bare.get("sequence").size());
    }

    /// Tokens by their positions: merged ones add up, or are removed together; skipped ones are never removed.
    @Test
    void tokensMergeAndAreSkipped() {
        var all = numbers(json("a b a b", "--continuation", " a").get("sequence"));
        var merged = json("a b a b", "--continuation", " a", "--merge", "1-2,4", "--skip", "0");
        assertEquals("[ a b,  a,  b]", merged.get("tokens").valueStream().map(t -> t.get("text").stringValue()).toList()
            .toString());
        assertArrayEquals(new double[] {all[1] + all[2], all[3], all[4]}, numbers(merged.get("sequence")), 1e-6);
        assertEquals("1-2,4", merged.at("/method/parameters/merge").stringValue());
        assertEquals("0", merged.at("/method/parameters/skip").stringValue());
        var words = json("a b a b", "--method", "ablation", "--group", "word", "--merge", "1-2", "--skip", "0");
        var removed = json("a b a b", "--method", "ablation", "--merge", "1-2", "--skip", "0");
        assertEquals(removed.get("scores"), words.get("scores"));
        var shapley = json("a b a b", "--continuation", " a", "--method", "shapley", "--merge", "1-2", "--skip", "0");
        assertEquals(3, shapley.get("sequence").size());
        said("--merge takes positions of tokens and stretches of them, such as 0,3-5, not 'x'", "a", "--merge", "x");
        said("--merge takes positions of tokens and stretches of them, such as 0,3-5, not '2-1'", "a", "--merge",
            "2-1");
        said("--skip: there is no token 9 in the prompt of 2 (0 … 1)", "a", "--skip", "9");
        said("--merge: a token of 2-3 is named twice; name it once", "a b c", "--merge", "1-2,2-3");
        said("--skip is empty; name tokens by their positions", "a", "--skip", "");
        said("every token of the prompt is skipped; leave one in", "a", "--skip", "0-1");
    }

    /// A text that is cut otherwise behind this prompt is explained as it is cut by itself, and that is said.
    @Test
    void tokensAcrossTheBorderAreNotMerged() {
        var apart = json("a a", "--continuation", "b");
        assertEquals("--continuation is cut into tokens by itself, from token 2 on as ' a' ' b'; together with the"
            + " prompt it would be ' ab'", apart.at("/warnings/0").stringValue());
        assertEquals(0, json("a a", "--continuation", " b").get("warnings").size());
    }

    @Test
    void everyFormatHoldsIt() throws IOException {
        var prompt = new Object[] {"a ab c", "--continuation", " b ab c"};
        var csv = formatted(prompt, "csv").lines().toList();
        var object = json(prompt);
        int T = object.get("tokens").size(), N = object.get("targets").size();
        assertEquals(1 + N * T + N * (N - 1) / 2, csv.size());
        var html = formatted(prompt, "html");
        assertTrue(html.contains("Token by token") && html.contains("id=\"sum\"")
            && html.contains("id=\"t" + (N - 1) + "\""));
        assertTrue(formatted(prompt, "text").contains("what led to each of them"));
        for (var view : List.of("heatmap", "bars", "matrix"))
            assertTrue(cli("a ab c", "--continuation", " b ab c", "--format", "svg", "--picture", view).out()
                .startsWith("<svg"), view);
        var file = dir.resolve("scores.safetensors");
        assertEquals(0, cli("a ab c", "--continuation", " b ab c", "--format", "safetensors", "--out", file).exit());
        try (var tensors = SafeTensors.open(file)) {
            assertArrayEquals(numbers(object.get("sequence")), tensors.tensor("sequence").toDoubles(), 1e-6);
            assertArrayEquals(new int[] {N, N}, tensors.tensor("continuation").shape().dims());
            assertEquals(N, tensors.tensor("continuation_ids").size());
        }
        var png = dir.resolve("matrix.png");
        assertEquals(0, cli("a ab c", "--continuation", " b ab c", "--format", "png", "--picture", "matrix", "--out",
            png).exit());
        assertTrue(Files.size(png) > 1000);
    }

    private static String formatted(Object[] prompt, String format) {
        var args = new ArrayList<>(List.of(prompt));
        args.addAll(List.of("--format", format));
        var cli = cli(args.toArray());
        assertEquals(0, cli.exit(), cli.err());
        return cli.out();
    }

    /// A line's continuation stands in for the command's target.
    @Test
    void linesHaveContinuationsToo() {
        var out = Cli.fed("""
            {"prompt": "a ab", "continuation": " b", "score": "prob"}
            {"ids": [1, 263], "continuationIds": [264, 266], "continuationSum": true}
            {"prompt": "a ab", "continuationLength": 2, "contrast": "mean"}
            {"prompt": "a ab", "continuation": " b", "position": 1}
            {"prompt": "a ab"}
            """, "explain", "--model", model, "--format", "json", "--target", "a", "--jsonl", "-").lines();
        assertEquals("prob", out.get(0).at("/targets/0/score").stringValue());
        assertEquals(1, out.get(1).get("targets").size());
        assertEquals(2, out.get(1).get("continuation").size());
        assertEquals("mean", out.get(2).at("/targets/1/contrast").stringValue());
        assertTrue(out.get(3).get("error").stringValue().contains("leave it out"));
        assertTrue(out.get(4).get("sequence").isNull());
        assertEquals("a", out.get(4).at("/targets/0/text").stringValue());
    }

    @Test
    void whatCannotBeIsSaidInOneSentence() {
        said("--continuation is empty; give the text that follows the prompt", "a", "--continuation", "");
        said("--continuation-ids is empty; give the ids that follow the prompt", "a", "--continuation-ids", "");
        said("target id 999 is outside the vocabulary of 267", "a", "--continuation-ids", "5,999");
        said("--continuation-length takes a whole number, at least 1", "a", "--continuation-length", "0");
        said("new ones pass the model's 32 positions; ask for at most 30", "a b", "--continuation-length", "500");
        said("tokens, the model has 32 positions; shorten it", "a b", "--continuation", " a".repeat(40));
        said("--continuation-sum needs a continuation", "a", "--continuation-sum");
        said("--target and --continuation exclude each other", "a", "--target", "a", "--continuation", "b");
        said("--continuation and --continuation-ids exclude each other", "a", "--continuation-ids", "3",
            "--continuation", "b");
        said("--position names the row of one target", "a", "--position", "0", "--continuation", "b");
        said("kl is at its maximum at the prompt itself", "a", "--continuation", "b", "--score", "kl");
        said("kl belongs to a whole row", "a", "--score", "kl", "--contrast", "mean");
        said("a sum has no matrix", "a", "--continuation", " b a", "--continuation-sum", "--format", "svg", "--picture",
            "matrix");
        var classes = Cli.run("explain", "--model", Tiny.classifier(dir.resolve("classes")), "a", "--continuation",
            "b");
        assertEquals(2, classes.exit());
        assertTrue(classes.err().contains("classifies texts and has no continuation; explain its classes"),
            classes.err());
        var bare = Cli.run("explain", "--model", Tiny.withoutTokenizer(dir.resolve("bare")), "--ids", "1,260",
            "--continuation", "b");
        assertTrue(bare.err().contains("has no tokenizer files, which --continuation needs"), bare.err());
    }

    private static void said(String sentence, Object... args) {
        var cli = cli(args);
        assertTrue(cli.err().contains(sentence), cli.err());
        assertEquals("", cli.out());
        assertTrue(cli.exit() == 2 || cli.exit() == 1);
        assertEquals(1, cli.err().strip().lines().count(), cli.err());
    }
}
