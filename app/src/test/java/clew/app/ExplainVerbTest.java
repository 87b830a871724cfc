package clew.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clew.engine.tensor.DType;
import clew.weights.SafeTensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

class ExplainVerbTest {
    @TempDir
    static Path dir;
    private static final Path model = Tiny.model();

    private static JsonNode json(Object... more) {
        return cli(more).object();
    }

    private static Cli cli(Object... more) {
        var args = new java.util.ArrayList<Object>(List.of("explain", "--model", model, "--format", "json"));
        args.addAll(List.of(more));
        return Cli.run(args.toArray());
    }

    private static double[] numbers(JsonNode array) {
        return array.valueStream().mapToDouble(JsonNode::doubleValue).toArray();
    }

    @ParameterizedTest
    @EnumSource(MethodName.class)
    void everyMethodsObjectKeepsToTheSchema(MethodName name) throws IOException {
        var method = name.label();
        for (var extra : List.of("--features", "--skip-special", "--quiet")) {
            var object = json("a ab c", "--method", method, "--top-k", "3", "--steps", "4", "--contrast", "mean",
                "--samples", "24", "--hook", "blocks.0.hook_mlp_out", "--neuron", "blocks.0.mlp.hook_post:-1:2", extra);
            assertEquals(List.of(), SchemaCheck.faults("clew.attribution-1.json", object));
            assertEquals(method, object.at("/method/name").stringValue());
            assertEquals(3, object.get("targets").size());
        }
    }

    private static double value(double[] scores) {
        return DoubleStream.of(scores).sum();
    }

    /// A word is removed whole by a method that removes, and adds up for any other.
    @Test
    void wordsAreFeatures() {
        var tokens = json("a abc b", "--method", "saliency");
        var words = json("a abc b", "--method", "saliency", "--group", "word");
        assertEquals(List.of("<s>", " a", " abc", " b"),
            words.get("tokens").valueStream().map(t -> t.get("text").stringValue()).toList());
        assertEquals(value(numbers(tokens.at("/scores/0"))), value(numbers(words.at("/scores/0"))), 1e-5);
        var values = json("a abc b", "--method", "shapley", "--group", "word", "--device", "scalar");
        assertEquals(0, values.at("/diagnostics/efficiencyResidual/0").doubleValue(), 1e-12);
        assertEquals(16 + 1, values.at("/diagnostics/evaluations").intValue());
        Object[] word = {"--device", "scalar", "--target-id", 5, "--method", "ablation", "--group", "word"};
        var ablated = json(Stream.concat(Stream.of("a abc b"), Stream.of(word)).toArray());
        var without = json("--ids", "1,263,0,0,264", "--device", "scalar", "--target-id", 5);
        assertEquals("token:0", ablated.at("/method/parameters/removal").stringValue(), "the unknown token");
        assertEquals(ablated.at("/targets/0/value").doubleValue() - without.at("/targets/0/value").doubleValue(),
            ablated.at("/scores/0/2").doubleValue(), 1e-12);
    }

    /// Errors of what was removed whole, and of what was added up.
    @Test
    void wordsHaveIntervals() throws IOException {
        var words = json("a abc b", "--method", "shapley-sampling", "--samples", 5, "--orders", 9, "--group", "word");
        assertEquals(4, words.at("/diagnostics/standardError/0").size());
        var added = json("a abc b", "--method", "smoothgrad", "--samples", 3, "--group", "word");
        assertEquals(added.at("/scores/0").size(), added.at("/diagnostics/standardError/0").size());
        var raw = json("a abc b", "--method", "smoothgrad", "--samples", 3);
        var shares = json("a abc b", "--method", "smoothgrad", "--samples", 3, "--normalize", "sum");
        assertEquals(raw.at("/diagnostics/standardError/0/1").doubleValue() / raw.at("/scores/0/1").doubleValue(),
            shares.at("/diagnostics/standardError/0/1").doubleValue() / shares.at("/scores/0/1").doubleValue(), 1e-9);
        var rows = json("a abc b", "--method", "smoothgrad", "--samples", 3, "--normalize", "sum", "--continuation",
            " a b");
        assertTrue(rows.get("warnings").toString().contains("standard error of the continuation's sum is left out"),
            rows.get("warnings").toString());
        assertFalse(rows.get("diagnostics").has("sequenceInterval"));
        var sequence = json("a abc b", "--method", "smoothgrad", "--samples", 3, "--group", "word", "--continuation",
            " a b");
        assertEquals(sequence.at("/sequence").size(), sequence.at("/diagnostics/sequenceStandardError").size());
        assertTrue(sequence.at("/diagnostics/sequenceStandardError/0").doubleValue() > 0);
        assertEquals(sequence.at("/sequence/0").doubleValue(),
            (sequence.at("/diagnostics/sequenceInterval/0/0").doubleValue()
                + sequence.at("/diagnostics/sequenceInterval/0/1").doubleValue()) / 2, 1e-9);
        assertEquals(List.of(), SchemaCheck.faults("clew.attribution-1.json", sequence));
        var drawn = json("a abc b", "--method", "ablation", "--removal", "resample:4", "--seed", 3);
        assertEquals(5, drawn.at("/diagnostics/standardError/0").size());
        assertEquals("resample:4", drawn.at("/method/parameters/removal").stringValue());
        assertEquals(3, drawn.at("/method/parameters/seed").intValue());
    }

    @Test
    void howOftenShapleyValuesRunIsSaidBefore() {
        Object[] asked = {"explain", "--model", model, "--ids", "1" + ",260".repeat(12), "--method", "shapley"};
        var cli = Cli.run(asked);
        assertTrue(cli.err().startsWith("clew: shapley runs all 2^13 = 8192 coalitions of 13 features;"), cli.err());
        var few = Cli.run("explain", "--model", model, "--ids", "1,260,260", "--method", "shapley");
        assertEquals("", few.err());
    }

    @Test
    void drawingStopsWhenTheIntervalsAreNarrow() {
        var cli = cli("a ab c", "--method", "shapley-sampling", "--samples", 1000, "--tolerance", 0.3);
        var used = cli.object().at("/method/parameters/samples").intValue();
        assertTrue(used < 1000 && used % 25 == 0, "samples " + used);
        assertTrue(cli("a ab c", "--method", "shapley-sampling", "--samples", 30, "--tolerance", 1e-6).err()
            .contains("did not come within the tolerance of 1.0E-6 after 30 orders; draw more with --orders"));
    }

    /// Window by window, in tokens of the result; words are windows' features too.
    @Test
    void occlusionListsItsWindows() throws IOException {
        Object[] asked = {"a abc b", "--method", "occlusion", "--group", "word", "--window", 2, "--regions"};
        var object = json(asked);
        assertEquals(List.of(), SchemaCheck.faults("clew.attribution-1.json", object));
        assertEquals("[[0,2],[1,3],[2,4]]", object.at("/regions/spans").toString());
        var scores = numbers(object.at("/regions/scores/0"));
        assertEquals((scores[0] + scores[1]) / 2, object.at("/scores/0/1").doubleValue(), 1e-6);
        assertTrue(json("a abc b", "--method", "occlusion").path("regions").isMissingNode());
        var csv = Cli.run("explain", "--model", model, "a abc b", "--method", "occlusion", "--regions", "--format",
            "csv").out();
        assertTrue(csv.startsWith("target_index,target_id,target_text,position,first_token,last_token,text,score,"
            + "made_with\n"));
        var text = Cli.run("explain", "--model", model, "a abc b", "--method", "occlusion", "--regions").out();
        assertTrue(text.contains("f(x) − f(x without these tokens)\n  0–2  "), text);
        var html = Cli.run("explain", "--model", model, "a abc b", "--method", "occlusion", "--regions", "--format",
            "html");
        assertTrue(html.err().startsWith("clew: --regions adds to text and json"), html.err());
    }

    /// What misses its tolerance is printed all the same; the exit code says so, and a sentence, quiet or not.
    @Test
    void aToleranceThatIsNotMetIsLoud() {
        Object[] drawn = {"a ab c", "--method", "shapley-sampling", "--orders", 30, "--quiet", "--tolerance", 1e-6};
        var cli = cli(drawn);
        assertEquals(3, cli.exit(), cli.err());
        assertEquals("clew: shapley-sampling did not meet --tolerance; the result is printed as it is, and the exit"
            + " code is 3\n", cli.err());
        assertFalse(cli.lines().getFirst().at("/method/parameters/toleranceMet").asBoolean(true));
        var path = cli("a ab c", "--method", "lrp,integrated-gradients", "--steps", 1, "--quadrature", "riemann-left",
            "--tolerance", 1e-12);
        assertEquals(3, path.exit(), path.err());
        assertEquals(2, path.lines().size());
        assertTrue(path.err().contains("the scores are not complete: after 128 intervals"), path.err());
        assertTrue(path.err().contains("clew: integrated-gradients did not meet --tolerance"), path.err());
        var met = cli("a ab c", "--method", "shapley-sampling", "--samples", 1000, "--tolerance", 0.3);
        assertTrue(met.object().at("/method/parameters/toleranceMet").booleanValue());
        var compared = Cli.run("compare", "--model", model, "--quiet", "--draws", 1, "--metrics", "gini", "--method",
            "lrp,smoothgrad", "--samples", 3, "--tolerance", 1e-6, "a ab c");
        assertEquals(3, compared.exit(), compared.err());
        assertTrue(compared.out().contains("gini"), compared.out());
    }

    /// Tokens behind the explained row cannot have said anything.
    @Test
    void whatStandsBehindTheRowIsNotRemoved() {
        var all = json("--ids", "1" + ",260".repeat(29), "--method", "shapley", "--position", 4, "--device", "scalar");
        assertEquals(30, all.at("/scores/0").size());
        assertEquals(0, all.at("/scores/0/5").doubleValue());
    }

    @Test
    void aBareObjectKeepsToTheSchemaToo() throws IOException {
        var bare = Tiny.withoutTokenizer(dir.resolve("bare"));
        var object = Cli.run("explain", "--model", bare, "--format", "json", "--ids", "1,260,264").object();
        assertEquals(List.of(), SchemaCheck.faults("clew.attribution-1.json", object));
        var token = object.at("/tokens/1");
        assertEquals("260", token.get("text").stringValue());
        assertTrue(token.get("start").isNull() && token.get("end").isNull());
        assertFalse(token.get("special").booleanValue());
    }

    @Test
    void severalMethodsGiveOneObjectEachOnALineEach() {
        var objects = cli("a b", "--method", "lrp,attention").objects();
        assertEquals(List.of("lrp", "attention"),
            objects.stream().map(o -> o.at("/method/name").stringValue()).toList());
        assertTrue(objects.getFirst().at("/diagnostics/peakBytes").longValue() > 0);
    }

    @Test
    void offsetsPointIntoThePromptAndForIdsIntoTheirDecoding() {
        var text = json("a ab").get("tokens");
        var ids = json("--ids", "1,263,266").get("tokens");
        assertEquals("[1, 263, 266]", text.valueStream().map(t -> t.get("id").intValue()).toList().toString());
        assertEquals("[0-0, 0-1, 1-4]", text.valueStream().map(ExplainVerbTest::range).toList().toString());
        assertEquals("[0-3, 3-5, 5-8]", ids.valueStream().map(ExplainVerbTest::range).toList().toString());
        assertTrue(text.get(0).get("special").booleanValue());
    }

    private static String range(JsonNode token) {
        return token.get("start") + "-" + token.get("end");
    }

    @Test
    void theDefaultIsAttnLrpOfTheLikeliestNextToken() {
        var object = json("a ab c");
        assertEquals("{\"aggregate\":\"sum\",\"rules\":\"attnlrp\"}", object.at("/method/parameters").toString());
        assertEquals(1, object.at("/targets/0/rank").intValue());
        assertEquals(object.get("tokens").size() - 1, object.at("/targets/0/position").intValue());
        assertEquals("logit", object.at("/targets/0/score").stringValue());
        assertTrue(object.at("/targets/0/contrast").isNull());
    }

    @Test
    void aTargetIsWhatHasExactlyThatText() {
        assertEquals(Tiny.A, json("a ab", "--target", "a").at("/targets/0/id").intValue());
        assertEquals(Tiny.SPACE_A, json("a ab", "--target", " a").at("/targets/0/id").intValue());
        assertEquals("id:260", json("a ab", "--contrast", "text:a").at("/targets/0/contrast").stringValue());
        assertEquals("id:7", json("a ab", "--contrast", "id:7").at("/targets/0/contrast").stringValue());
    }

    @Test
    void theTwinWithOrWithoutASpaceIsMentionedWhereItIsLikelier() {
        var plain = json("a ab", "--target", "a");
        var spaced = json("a ab", "--target", " a");
        var plainWins = plain.at("/targets/0/value").doubleValue() > spaced.at("/targets/0/value").doubleValue();
        assertEquals(plainWins ? 0 : 1, plain.get("warnings").size());
        assertEquals(plainWins ? 1 : 0, spaced.get("warnings").size());
        assertTrue((plainWins ? spaced : plain).at("/warnings/0").stringValue().contains("likelier"));
    }

    @Test
    void whatComesAfterTheExplainedRowHasNoShare() {
        var scores = numbers(json("--ids", "1,263,266,262", "--position", "1").at("/scores/0"));
        assertTrue(scores[0] != 0 && scores[1] != 0);
        assertEquals(List.of(0.0, 0.0), List.of(scores[2], scores[3]));
        assertEquals(json("--ids", "1,263,266,262", "--position", "-3").get("scores"),
            json("--ids", "1,263,266,262", "--position", "1").get("scores"));
    }

    @Test
    void skippingAndScalingLeaveTheOtherScoresInProportion() {
        var all = numbers(json("a ab c").at("/scores/0"));
        var object = json("a ab c", "--skip-special", "--normalize", "sum");
        var kept = numbers(object.at("/scores/0"));
        assertEquals(all.length - 1, kept.length);
        assertEquals(1, DoubleStream.of(kept).map(Math::abs).sum(), 1e-12);
        assertEquals(all[2] / all[1], kept[1] / kept[0], 1e-9 * Math.abs(all[2] / all[1]));
        assertEquals(1, object.at("/tokens/0/index").intValue());
        assertEquals("sum", object.at("/method/parameters/normalize").stringValue());
    }

    @Test
    void featuresAddUpToTheScores() {
        var object = json("a ab", "--features", "--top-k", "2");
        for (int k = 0; k < 2; k++)
            for (int t = 0; t < 3; t++)
                assertEquals(object.at("/scores/" + k + "/" + t).doubleValue(),
                    DoubleStream.of(numbers(object.at("/features/" + k + "/" + t))).sum(), 1e-9);
        assertFalse(json("a ab").has("features"));
        assertTrue(json("a", "--method", "attention",
            "--features").at("/warnings/0").stringValue().contains("no features"));
    }

    @Test
    void safetensorsHoldsScoresMapFeaturesAndIds() {
        var file = dir.resolve("scores.safetensors");
        var cli = Cli.run("explain", "--model", model, "a ab", "--format", "safetensors", "--out", file, "--device",
            "scalar", "--features", "--top-k", "2");
        assertEquals(new Cli(0, "", ""), cli);
        try (var tensors = SafeTensors.open(file)) {
            assertEquals("[2, 3]", tensors.tensor("scores").shape().toString());
            assertEquals(DType.F64, tensors.tensor("scores").dtype());
            assertEquals("[2, 3, 16]", tensors.tensor("features").shape().toString());
            assertEquals(DType.I64, tensors.tensor("ids").dtype());
        }
        Cli.run("explain", "--model", model, "a ab", "--format", "safetensors", "--out", file, "--method", "attention");
        try (var tensors = SafeTensors.open(file)) {
            assertEquals("[3, 3]", tensors.tensor("map").shape().toString());
            assertEquals(DType.F32, tensors.tensor("scores").dtype());
        }
    }

    @Test
    void textIsPlainInAPipeAndColouredAtATerminalUnlessRefused() {
        var args = new Object[] {"explain", "--model", model, "a ab"};
        assertFalse(Cli.run(args).out().contains("\u001b["));
        assertTrue(Cli.seen(Map.of("TERM", "xterm"), args).out().contains("\u001b["));
        assertFalse(Cli.seen(Map.of("TERM", "xterm", "NO_COLOR", "1"), args).out().contains("\u001b["));
        assertFalse(Cli.seen(Map.of("TERM", "dumb"), args).out().contains("\u001b["));
    }

    @Test
    void aNegativeLogitBringsAHintInText() {
        var least = Cli.run("explain", "--model", model, "a ab", "--top-k", Tiny.VOCABULARY).out();
        assertTrue(least.contains("negative logit: try --contrast mean"));
    }

    @Test
    void htmlStandsAloneAndCsvHasALinePerTokenAndTarget() throws IOException {
        var page = dir.resolve("page.html");
        assertEquals(0, Cli.run("explain", "--model", model, "a ab", "--format", "html", "--out", page).exit());
        assertTrue(Files.readString(page).startsWith("<!doctype html>"));
        assertEquals(7, Cli
            .run("explain", "--model", model, "a ab", "--format", "csv", "--top-k", "2").out().lines().count());
    }

    @Test
    void warningsGoToStandardErrorUnlessQuiet() {
        var args = List.of("explain", "--model", model, "a", "--method", "integrated-gradients", "--steps", "2");
        assertTrue(Cli.run(args.toArray()).err().contains("singular baseline"));
        assertEquals("", Cli.run(Stream.concat(args.stream(), Stream.of("--quiet"))
            .toArray()).err());
    }

    @Test
    void drawsHaveIntervalsInTextAndErrorsInJson() {
        var text = Cli.run("explain", "--model", model, "a ab", "--method", "smoothgrad", "--samples", "4").out();
        assertTrue(text.contains(" ± ") && text.contains("95 % interval"), text);
        var object = json("a ab", "--method", "gradient-shap", "--samples", "4", "--baseline", "mean");
        assertEquals(object.get("tokens").size(), object.at("/diagnostics/standardError/0").size());
        assertEquals(object.get("scores"), json("a ab", "--method", "gradient-shap", "--samples", "4", "--baseline",
            "mean", "--seed", "0").get("scores"));
    }

    @Test
    void rulesComeFromAFile() throws IOException {
        var file = Files.writeString(dir.resolve("recipe.txt"), "blocks.**  epsilon 1e-6");
        assertEquals(json("a ab", "--rules", "epsilon").get("scores"), json("a ab", "--rules", file).get("scores"));
        Files.writeString(file, "blocks.**  omega");
        var cli = cli("a ab", "--rules", file);
        assertEquals(2, cli.exit());
        assertTrue(cli.err().contains("recipe.txt line 1: unknown rule 'omega'"), cli.err());
    }

    @Test
    void positionsOfPaLrpStandApart() {
        var object = json("a ab", "--rules", "pa-lrp");
        assertEquals(object.get("tokens").size(), object.at("/positions/0").size());
        assertEquals(object.at("/diagnostics/ledger/0/positions").doubleValue(),
            Arrays.stream(numbers(object.at("/positions/0"))).sum(), 1e-5);
    }

    @Test
    void anOptionThatNoMethodReadsIsMentioned() {
        var cli = Cli.run("explain", "--model", model, "a", "--method", "saliency,attention", "--rules", "gamma");
        assertEquals("clew: --rules is read by none of the methods asked for", cli.err().strip());
        assertEquals("", Cli
            .run("explain", "--model", model, "a", "--method", "saliency,lrp", "--rules", "gamma").err());
    }

    @Test
    void theSameCommandGivesTheSameScoresForAnyNumberOfThreads() {
        assertEquals(json("a ab c", "--threads", "1").get("scores"), json("a ab c", "--threads", "3").get("scores"));
    }

    @Test
    void blocksComputedTwiceForWantOfMemoryGiveTheSameScoresAndSaySo() {
        var once = json("a ab c");
        var twice = json("a ab c", "--max-memory", "0.001m");
        assertEquals(once.get("scores"), twice.get("scores"));
        assertEquals("what this input needs passes --max-memory, so every block was computed twice",
            twice.at("/warnings/0").stringValue());
    }

    @Test
    void aPromptMayComeFromAFileOrStandardInputAsItIs() throws IOException {
        var file = Files.writeString(dir.resolve("prompt.txt"), "a ä\n");
        var argument = json("a ä\n").get("tokens");
        assertEquals(argument, json("--prompt-file", file).get("tokens"));
        assertEquals(argument,
            Cli.fed("a ä\n", "explain", "--model", model, "--format", "json", "-").object().get("tokens"));
        assertEquals("-", json("--", "--quiet").get("tokens").get(2).get("text").stringValue());
    }

    @Test
    void ledgersCloseOnARealModel() {
        var object = Cli.run("explain", "--model", Shared.path("models/stories260k"), "Once upon a time", "--format",
            "json", "--rules", "cp-lrp", "--device", "scalar").object();
        var sum = DoubleStream.of(numbers(object.at("/scores/0"))).sum();
        assertEquals(object.at("/targets/0/value").doubleValue(), sum, 1e-9);
        assertEquals(",", object.at("/targets/0/text").stringValue());
    }
}
