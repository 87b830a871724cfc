package clew.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import javax.imageio.metadata.IIOMetadataNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// evaluate and compare, and pictures.
class EvaluateVerbTest {
    private static final String PROMPT = "a ab b c a b ab";

    @TempDir
    static Path dir;
    private static final Path model = Tiny.model();

    private static Cli evaluate(Object... args) {
        var all = new ArrayList<Object>(List.of("evaluate", "--model", model, "--quiet"));
        all.addAll(List.of(args));
        if (!all.contains("--draws")) all.addAll(List.of("--draws", 3));
        return Cli.run(all.toArray());
    }

    @Test
    void oneObjectFollowsItsSchema() throws Exception {
        var object = evaluate("--method", "lrp,saliency,lrp:cp-lrp", "--format", "json", PROMPT).object();
        assertEquals(List.of(), SchemaCheck.faults("clew.evaluation-1.json", object));
        assertEquals(List.of("lrp", "saliency", "lrp:cp-lrp"),
            object.get("methods").valueStream().map(m -> m.get("label").stringValue()).toList());
        assertEquals("cp-lrp", object.get("methods").get(2).get("parameters").get("rules").stringValue());
        assertEquals(1, object.get("prompts").intValue());
    }

    /// The overlap of as many tokens as asked for: all, of all that may be replaced.
    @Test
    void theTopOfTheAgreementIsAsLongAsAskedFor() throws Exception {
        var object = evaluate("--method", "lrp,attention", "--metrics", "gini", "--agreement-top", 99, "--format",
            "json", PROMPT).object();
        assertEquals(List.of(), SchemaCheck.faults("clew.evaluation-1.json", object));
        assertEquals(1, object.at("/agreement/top99/0/1").doubleValue());
        assertTrue(object.at("/agreement/top3").isMissingNode());
        assertEquals(99, object.at("/settings/agreementTop").intValue());
        var usual = evaluate("--method", "lrp,attention", "--metrics", "gini", "--format", "json", PROMPT).object();
        assertTrue(usual.at("/agreement/top3/0/1").isNumber());
        var text = evaluate("--method", "lrp,attention", "--metrics", "gini", "--agreement-top", 2, PROMPT);
        assertTrue(text.out().contains("ρ / τ / top 2"), text.out());
    }

    @Test
    void metricsAreThoseNamed() {
        var object = evaluate("--metrics", "gini,sufficiency@3,randomisation", "--format", "json", PROMPT).object();
        assertEquals(List.of("sufficiency@3", "gini", "randomisation"),
            object.get("metrics").valueStream().map(m -> m.get("name").stringValue()).toList());
    }

    @Test
    void allMetricsAreThoseByDefaultAndRandomisation() {
        var usual = evaluate("--format", "json", PROMPT).object().get("metrics").size();
        var all = evaluate("--metrics", "all", "--format", "json", PROMPT).object();
        assertEquals(usual + 1, all.get("metrics").size());
        assertEquals("randomisation", all.get("metrics").get(usual).get("name").stringValue());
        assertTrue(all.get("methods").get(0).get("values").get("randomisation").get("mean").isNumber());
        var gim = Cli.run("evaluate", "--method", "lrp:gim", "--metrics", "randomisation", "--draws", 1, "--quiet",
            "The capital of France is");
        assertEquals(0, gim.exit(), gim.err());                             // asks the random model's tokenizer
    }

    @Test
    void allAreTheMethodsThatNeedNothingMore() {
        var object = evaluate("--method", "all", "--metrics", "gini", "--format", "json", PROMPT).object();
        var labels = object.get("methods").valueStream().map(m -> m.get("label").stringValue()).toList();
        assertTrue(labels.containsAll(List.of("lrp", "lrp:cp-lrp", "saliency", "attention",
            "integrated-gradients", "integrated-gradients:mean")), labels.toString());
        assertEquals(labels.stream().distinct().toList(), labels);
    }

    /// Marks by text and by characters, and a paraphrase.
    @Test
    void aFileOfPromptsIsSummedUp() throws Exception {
        var file = Files.writeString(dir.resolve("prompts.jsonl"), """
            {"prompt": "a ab b c", "name": "x", "marked": ["ab"], "paraphrase": "b a ab b c c"}

            {"prompt": "b b ab a c a", "marked": [[0, 1], [7, 8]], "targetId": 261}
            """);
        var object = evaluate("--jsonl", file, "--format", "json", "--method", "lrp,attention").object();
        assertEquals(2, object.get("prompts").intValue());
        assertEquals(List.of("x", "3"),
            object.get("verdicts").valueStream().map(v -> v.get("name").stringValue()).toList());
        var values = object.get("methods").get(0).get("values");
        assertEquals(2, values.get("auprc").get("count").intValue());
        assertEquals(1, values.get("consistency").get("count").intValue());
        var one = object.get("verdicts").get(0).get("methods").get(0).get("metrics").get("gini").doubleValue();
        var two = object.get("verdicts").get(1).get("methods").get(0).get("metrics").get("gini").doubleValue();
        assertEquals((one + two) / 2, values.get("gini").get("mean").doubleValue(), 1e-14);
    }

    @Test
    void aJournalGoesOnWhereItStoppedAndEndsAlike() throws Exception {
        var file = Files.writeString(dir.resolve("resume.jsonl"), """
            {"prompt": "a b c a"}
            {"prompt": "c c b a"}
            """);
        var journal = dir.resolve("journal");
        Object[] asked = {"--jsonl", file, "--format", "json", "--journal", journal, "--metrics", "gini,morf"};
        var whole = evaluate(asked).object();
        var lines = Files.readAllLines(journal);
        assertEquals(3, lines.size());
        Files.writeString(journal, lines.get(0) + "\n" + lines.get(1) + "\n" + lines.get(2).substring(0, 30));
        var again = evaluate(asked).object();
        for (var metric : List.of("gini", "morf")) {
            assertEquals(mean(whole.get("random"), metric), mean(again.get("random"), metric), 1e-6);
            assertEquals(mean(whole.get("methods").get(0), metric), mean(again.get("methods").get(0), metric), 1e-6);
        }
        assertEquals(3, Files.readAllLines(journal).size());
        Files.writeString(journal, lines.get(0) + "\n"
            + lines.get(1).replace("\"probability\":", "\"probability\":0.125,\"was\":") + "\n" + lines.get(2) + "\n");
        var kept = evaluate(asked).object().get("verdicts").get(0).get("probability");
        assertEquals(0.125, kept.doubleValue(), "it was not run again");
        var other = evaluate("--jsonl", file, "--journal", journal, "--seed", 9);
        assertNotEquals(0, other.exit());
        var changed = evaluate("--jsonl", file, "--journal", journal, "--metrics", "gini");
        assertEquals(2, changed.exit());
        assertTrue(changed.err().contains("is of an evaluation with other settings"), changed.err());
    }

    private static double mean(JsonNode row, String metric) {
        return row.get("values").get(metric).get("mean").doubleValue();
    }

    /// Several prompts at a time say what one after another says, in the same order.
    @Test
    void jobsChangeNothingButTheSeconds() throws Exception {
        var file = Files.writeString(dir.resolve("jobs.jsonl"), """
            {"prompt": "a b c a", "paraphrase": "c a b a c"}
            {"prompt": "c c b a a ab b a c a b"}
            {"prompt": "b b ab a c a", "name": "last"}
            """);
        Object[] asked = {"--jsonl", file, "--format", "json", "--method", "lrp,shapley-sampling,smoothgrad",
            "--metrics", "all"};
        var alone = evaluate(asked).object();
        var journal = dir.resolve("jobs.journal");
        var all = new ArrayList<>(List.of(asked));
        all.addAll(List.of("--jobs", 3, "--journal", journal));
        var together = evaluate(all.toArray()).object();
        assertEquals("on the wall", alone.at("/settings/seconds").stringValue());
        assertEquals("of a processor", together.at("/settings/seconds").stringValue());
        assertEquals(timeless(alone), timeless(together));
        assertEquals(timeless(alone), timeless(evaluate(all.toArray()).object()), "from the journal");
        var seconds = together.at("/methods/1/seconds").doubleValue();
        assertTrue(seconds > 0 && seconds < 60, "seconds " + seconds);
    }

    private static String timeless(JsonNode report) {
        return report.toString().replaceAll("\"seconds\":(\"[^\"]*\"|[-+.Ee0-9]+)", "");
    }

    @Test
    void aPromptThatCannotBeEndsAllJobs() throws Exception {
        var file = Files.writeString(dir.resolve("fault.jsonl"), """
            {"prompt": "a b c a"}
            {"prompt": "a"}
            """);
        var cli = evaluate("--jsonl", file, "--jobs", 2);
        assertEquals(2, cli.exit(), cli.err());
        assertTrue(cli.err().startsWith("clew: prompt '2': the prompt has no token before"), cli.err());
    }

    @Test
    void heldOutPromptsAreOfTheBundledModelsWorld() {
        var object = Cli.run("evaluate", "--held-out", 8, "--draws", 2, "--format", "json", "--quiet", "--metrics",
            "comprehensiveness@3,auprc,consistency").object();
        assertEquals(8, object.get("prompts").intValue());
        var values = object.get("methods").get(0).get("values");
        assertTrue(values.get("auprc").get("count").intValue() >= 3, values.toString());
        assertTrue(values.get("consistency").get("count").intValue() >= 1, values.toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        --metrics | nonsense     | --metrics: 'nonsense' is unknown; known are sufficiency@1
        --jobs    | 0            | --jobs takes a whole number from 1 to 1024, not '0'
        --draws   | 0            | --draws takes a whole number from 1 to 10000, not '0'
        --agreement-top | 0      | --agreement-top takes a whole number from 1 to 10000, not '0'
        --method  | saliency:gim | --method: 'saliency:gim' is unknown; behind a colon stand rules
        --method  | lrp,lrp      | --method names a method twice
        --group   | token        | --group shapes what explain prints
        --top-k   | 2            | --top-k explains several tokens
        --replacement-id | 267   | --replacement-id takes a whole number from 0 to 266, not '267'
        --format  | svg          | --format: 'svg' is unknown; known are text, json, html, markdown
        """)
    void whatCannotBeAskedIsSaidInOneSentence(String option, String value, String sentence) {
        var cli = evaluate(option, value, PROMPT);
        assertEquals(2, cli.exit(), cli.err());
        assertTrue(cli.err().startsWith("clew: " + sentence), cli.err());
        assertEquals("", cli.out());
        assertEquals(1, cli.err().lines().count());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        {"prompt": "a b c", "marked": ["zz"]} | marked: 'zz' is nowhere in the prompt
        {"prompt": "a b c", "marked": [[2, 1]]} | line 1: marked is a list of texts
        {"prompt": "a b c", "topK": 2} | line 1: unknown key 'topK'
        {"prompt": "a"} | the prompt has no token before the explained row that may be replaced
        ["a"] | line 1: it is not a JSON object
        """)
    void aLineThatCannotBeIsSaidInOneSentence(String line, String sentence) throws Exception {
        var file = Files.writeString(dir.resolve("bad.jsonl"), line + "\n");
        var cli = evaluate("--jsonl", file);
        assertEquals(2, cli.exit(), cli.err());
        assertTrue(cli.err().contains(sentence), cli.err());
    }

    @Test
    void comparePutsMethodsBesideEachOther() throws Exception {
        var cli = Cli.run("compare", "--model", model, "--quiet", "--draws", 2, "--method", "lrp,saliency", PROMPT);
        assertEquals(0, cli.exit(), cli.err());
        assertTrue(cli.out().contains("token  lrp") && cli.out().contains("tau-loo ↑")
            && cli.out().contains("Agreement of the methods"), cli.out());
        var object = Cli.run("compare", "--model", model, "--quiet", "--draws", 2, "--method", "lrp,saliency",
            "--format", "json", PROMPT).object();
        assertEquals(List.of(), SchemaCheck.faults("clew.evaluation-1.json", object));
        var seen = Cli.seen(Map.of("COLORTERM", "truecolor", "TERM", "xterm"), "compare", "--model", model,
            "--quiet", "--draws", 1, "--method", "lrp,saliency", PROMPT);
        assertTrue(seen.out().contains("\u001b[1msaliency\u001b[0m · scale ±"), seen.out());
    }

    @ParameterizedTest
    @CsvSource({"explain, heatmap", "explain, bars", "compare, panels", "compare, combined", "compare, curves"})
    void picturesAreSvgAndPng(String verb, String view) throws Exception {
        var svg = Cli.run(verb, "--model", model, "--quiet", "--format", "svg", "--picture", view, PROMPT);
        assertEquals(0, svg.exit(), svg.err());
        assertTrue(svg.out().startsWith("<svg ") && svg.out().endsWith("</svg>\n"), svg.out());
        var file = dir.resolve(verb + view + ".png");
        var png = Cli.run(verb, "--model", model, "--quiet", "--format", "png", "--picture", view, "--out", file,
            PROMPT);
        assertEquals(0, png.exit(), png.err());
        var image = ImageIO.read(file.toFile());
        var size = svg.out().replaceAll("(?s)<svg [^>]*width=\"(\\d+).*", "$1");
        assertEquals(2.0 * Integer.parseInt(size), image.getWidth(), 2);
        var colours = new HashSet<Integer>();
        for (int x = 0; x < image.getWidth(); x++)
            for (int y = 0; y < image.getHeight(); y++) colours.add(image.getRGB(x, y));
        assertTrue(colours.size() > 20, "something is drawn");
        var made = svg.out().replaceAll("(?s).*<metadata>(.*)</metadata>.*", "$1");
        assertTrue(made.contains("rules attnlrp") && made.matches(".* · weights [0-9a-f]{64} · tokenizer [0-9a-f]{64}"
            + " · clew [^ ]+ · java [^ ]+ · device simd · dtype stored"), made);
        assertEquals(made, description(file));
    }

    private static String description(Path png) throws Exception {
        try (var in = ImageIO.createImageInputStream(png.toFile())) {
            var reader = ImageIO.getImageReadersByFormatName("png").next();
            reader.setInput(in);
            var texts = (IIOMetadataNode) reader.getImageMetadata(0).getAsTree("javax_imageio_1.0");
            var entry = (IIOMetadataNode) texts.getElementsByTagName("TextEntry").item(0);
            assertEquals("Description", entry.getAttribute("keyword"));
            return entry.getAttribute("value");
        }
    }

    /// Drawn by the seed.
    @Test
    void curvesHaveRandomOrdersBesideThem() {
        Object[] asked = {"compare", "--model", model, "--quiet", "--format", "svg", "--picture", "curves", "--method",
            "lrp", "--metrics", "gini", "--draws", 5, PROMPT, "--seed"};
        var one = curves(asked, 1);
        assertTrue(one.contains("<polygon ") && one.contains("the middle 95 % of 5 random orders"), one);
        assertEquals(one, curves(asked, 1));
        assertNotEquals(one, curves(asked, 2));
        var page = Cli.run("compare", "--model", model, "--quiet", "--format", "html", "--draws", 2, PROMPT);
        assertTrue(page.out().contains("the middle 95 % of 2 random orders"), page.err());
    }

    /// Without the line that names the seed.
    private static String curves(Object[] asked, int seed) {
        var all = new ArrayList<>(List.of(asked));
        all.add(seed);
        return Cli.run(all.toArray()).out().replaceFirst("<metadata>.*</metadata>", "");
    }

    @Test
    void aPictureThatCannotBeIsRefused() {
        for (var args : new Object[][] {{"--picture", "bars"}, {"--picture", "none", "--format", "svg"},
            {"--picture", "matrix", "--format", "svg"}, {"--format", "png"},
            {"--format", "svg", "--top-k", "2"}, {"--format", "svg", "--method", "lrp,saliency"}}) {
            var all = new ArrayList<Object>(List.of("explain", "--model", model, PROMPT));
            all.addAll(List.of(args));
            var cli = Cli.run(all.toArray());
            assertEquals(2, cli.exit(), List.of(args) + cli.err());
            assertEquals(1, cli.err().lines().count(), cli.err());
        }
    }
}
