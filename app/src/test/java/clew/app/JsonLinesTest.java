package clew.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class JsonLinesTest {
    @TempDir
    static Path dir;
    private static final Path model = Tiny.model();

    private static Cli explain(String lines, Object... more) {
        var args = new java.util.ArrayList<Object>(List.of("explain", "--model", model, "--jsonl", "-"));
        args.addAll(Arrays.asList(more));
        return Cli.fed(lines, args.toArray());
    }

    private static String error(Cli cli) {
        assertEquals(1, cli.exit());
        return cli.lines().getFirst().get("error").stringValue();
    }

    @Test
    void linesAreAnsweredInOrderUnderTheirNamesOrNumbers() {
        var cli = explain("""
            {"prompt": "a ab"}

            {"ids": [1, 263], "name": "two"}
            {"ids": "1,264"}
            """);
        assertEquals(List.of("1", "two", "4"), cli.objects().stream().map(o -> o.get("name").stringValue()).toList());
        assertEquals("clew.attribution/1", cli.object().get("schema").stringValue());
    }

    @Test
    void aLineIsTheSameRequestAsTheCommandLine() {
        var line = explain("""
            {"prompt": "a ab", "method": ["integrated-gradients", "lrp"], "rules": "gamma", "baseline": "token:5",
            """.strip() + """
             "steps": 7, "quadrature": "riemann-middle", "score": "prob", "contrast": "id:9", "topK": 2, "position": -2,
            """.strip() + """
             "aggregate": "l1", "normalize": "absmax", "skipSpecial": true, "features": true}
            """).objects();
        var command = Cli.run("explain", "--model", model, "--format", "json", "a ab", "--method",
            "integrated-gradients,lrp", "--rules", "gamma", "--baseline", "token:5", "--steps", "7", "--quadrature",
            "riemann-middle", "--score", "prob", "--contrast", "id:9", "--top-k", "2", "--position", "-2",
                "--aggregate",
            "l1", "--normalize", "absmax", "--skip-special", "--features").objects();
        assertEquals(command.stream().map(JsonLinesTest::essence).toList(), line.stream().map(JsonLinesTest::essence)
            .toList());
    }

    /// Without what differs from run to run.
    private static JsonNode essence(JsonNode node) {
        var object = (ObjectNode) node.deepCopy();
        object.remove("name");
        ((ObjectNode) object.get("diagnostics")).remove(List.of("seconds", "peakBytes"));
        return object;
    }

    @Test
    void aLinesOptionsWinOverTheCommands() {
        var objects = explain("""
            {"prompt": "a ab"}
            {"prompt": "a ab", "topK": 3, "method": "saliency", "features": false}
            """, "--target-id", "7", "--method", "attention", "--features").objects();
        assertEquals(7, objects.get(0).at("/targets/0/id").intValue());
        assertEquals("attention", objects.get(0).at("/method/name").stringValue());
        assertEquals(3, objects.get(1).get("targets").size());
        assertEquals("saliency", objects.get(1).at("/method/name").stringValue());
        assertTrue(objects.get(1).path("features").isMissingNode());
    }

    @Test
    void aLineThatFailsSaysWhyAndTheRunGoesOn() {
        var cli = explain("""
            {"prompt": "a", "name": "bad", "targetId": 999}
            {"prompt": "a"}
            """);
        assertEquals(1, cli.exit());
        assertEquals("bad", cli.lines().getFirst().get("name").stringValue());
        assertTrue(cli.lines().getFirst().get("error").stringValue().contains("target id 999"));
        assertEquals("2", cli.lines().get(1).get("name").stringValue());
        assertEquals("", cli.err());
    }

    @Test
    void badLinesAreNamedForWhatTheyAre() {
        assertTrue(error(explain("{\"foo\": 1}\n")).startsWith("unknown key 'foo'; known are name, prompt"));
        assertTrue(error(explain("{\"messages\": []}\n")).startsWith("a chat is a list of messages"));
        assertTrue(error(explain("[1]\n")).contains("not a JSON object"));
        assertTrue(error(explain("{\"prompt\": \n")).contains("not valid JSON"));
        assertTrue(error(explain("{\"prompt\": \"a\"} {}\n")).contains("not valid JSON"));
        assertTrue(error(explain("{\"prompt\": \"a\", \"prompt\": \"b\"}\n")).contains("not valid JSON"));
        assertTrue(error(explain("[".repeat(5000) + "\n")).contains("not valid JSON"));
        assertEquals("steps is not a whole number", error(explain("{\"prompt\": \"a\", \"steps\": \"3\"}\n")));
        assertEquals("steps is not a whole number", error(explain("{\"prompt\": \"a\", \"steps\": 2.5}\n")));
        assertEquals("features is not true or false", error(explain("{\"prompt\": \"a\", \"features\": 1}\n")));
        assertEquals("prompt is not a string", error(explain("{\"prompt\": 5}\n")));
        assertEquals("ids are not whole numbers", error(explain("{\"ids\": [1, \"2\"]}\n")));
        assertEquals("name is not a string; put it in quotes", error(explain("{\"ids\": [1], \"name\": 5}\n")));
        assertTrue(error(explain("{}\n")).contains("there is no prompt"));
        assertTrue(error(explain("{\"ids\": [1], \"prompt\": \"a\"}\n")).contains("prompt and ids exclude each other"));
        assertTrue(error(explain("{\"prompt\": \"\\ud800\"}\n")).contains("half a surrogate pair"));
        assertTrue(error(explain("{\"prompt\": \"a\", \"topK\": 0}\n")).startsWith("topK takes a whole number"));
    }

    @Test
    void aNameTwiceIsAnError() {
        var cli = explain("{\"prompt\": \"a\", \"name\": \"x\"}\n{\"prompt\": \"b\", \"name\": \"x\"}\n");
        assertEquals(1, cli.exit());
        assertTrue(cli.lines().get(1).get("error").stringValue().contains("line 1 has the name 'x' too"));
    }

    @Test
    void theCommandsOptionsAreCheckedBeforeAnyLine() {
        var cli = explain("{\"prompt\": \"a\"}\n", "--steps", "none");
        assertEquals(2, cli.exit());
        assertEquals("", cli.out());
    }

    @Test
    void tokensAndGenerateTakeLinesToo() {
        var tokens = Cli.fed("{\"prompt\": \"a\", \"noSpecial\": true}\n", "tokens", "--model", model, "--jsonl",
            "-").object();
        assertEquals("[\"name\",\"ids\",\"tokens\",\"decoded\",\"decodedSkipSpecial\"]",
            JsonText.MAPPER.writeValueAsString(tokens.propertyNames()));
        assertEquals("[263]", tokens.get("ids").toString());
        var made = Cli.fed("{\"ids\": [1, 5], \"maxNewTokens\": 2, \"ignoreEos\": true}\n", "generate", "--model",
            model,
            "--jsonl", "-").object();
        assertEquals(2, made.get("continuationIds").size());
    }

    /// A line that misses its tolerance is an answer, and the exit code says so; a failed line weighs more.
    @Test
    void aLineThatMissesItsToleranceIsNoFailure() {
        var unmet = """
            {"prompt": "a ab", "method": "shapley-sampling", "orders": 30, "tolerance": 1e-6}
            """;
        var file = dir.resolve("unmet.jsonl");
        for (var run : List.of("first", "resumed"))
            assertEquals(3, explain(unmet + "{\"prompt\": \"a\"}\n", "--out", file).exit(), run);
        assertEquals(1, explain(unmet + "{\"prompt\": \"a\", \"foo\": 1}\n").exit());
    }

    private static final String INPUT = """
        {"prompt": "a ab", "name": "one", "method": "lrp,saliency"}
        {"prompt": "a", "foo": 1}
        {"prompt": "b", "name": "three"}
        {"prompt": "c", "name": "one"}
        """;

    @Test
    void anInterruptedRunResumesWhereverItStopped() throws IOException {
        var whole = dir.resolve("whole.jsonl");
        assertEquals(1, explain(INPUT, "--out", whole).exit());
        var bytes = Files.readAllBytes(whole);
        var essence = contents(whole);
        assertEquals(5, essence.size());
        for (int cut = 0; cut <= bytes.length; cut += 311) {
            var part = Files.write(dir.resolve("part.jsonl"), Arrays.copyOf(bytes, cut));
            assertEquals(1, explain(INPUT, "--out", part).exit());
            assertEquals(essence, contents(part), "cut at " + cut);
        }
    }

    private static List<JsonNode> contents(Path file) throws IOException {
        return Files.readAllLines(file).stream().map(JsonText.MAPPER::readTree)
            .map(n -> n.has("error") ? n : essenceWithName(n)).toList();
    }

    private static JsonNode essenceWithName(JsonNode node) {
        return ((ObjectNode) essence(node)).set("name", node.get("name"));
    }

    @Test
    void whatIsNotAResultIsNotWrittenOver() throws IOException {
        var notes = Files.writeString(dir.resolve("notes.txt"), "my notes\n");
        var cli = explain(INPUT, "--out", notes);
        assertEquals(2, cli.exit());
        assertTrue(cli.err().contains("holds something else"));
        assertEquals("my notes\n", Files.readString(notes));
        var input = Files.writeString(dir.resolve("in.jsonl"), INPUT);
        var same = Cli.run("explain", "--model", model, "--jsonl", input, "--out", input);
        assertTrue(same.err().contains("--out and --jsonl name the same file"), same.err());
        assertEquals(INPUT, Files.readString(input));
    }

    @Test
    void linesInAStrangeEncodingAreRefusedOneByOne() throws IOException {
        var file = dir.resolve("bytes.jsonl");
        var good = "\uFEFF{\"prompt\": \"ä\"}\r\n".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        var bad = "{\"prompt\": \"ä\"}\n".getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
        Files.write(file, good);
        Files.write(file, bad, java.nio.file.StandardOpenOption.APPEND);
        var lines = Cli.run("explain", "--model", model, "--jsonl", file).lines();
        assertTrue(lines.get(0).has("scores"));
        assertTrue(lines.get(1).get("error").stringValue().contains("not valid UTF-8"));
    }
}
