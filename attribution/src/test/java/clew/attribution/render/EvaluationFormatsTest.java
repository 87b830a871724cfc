package clew.attribution.render;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clew.attribution.Attribution;
import clew.attribution.Provenance;
import clew.attribution.evaluation.Mean;
import clew.attribution.evaluation.Metric.Better;
import clew.attribution.evaluation.Report;
import clew.attribution.evaluation.Summary;
import clew.attribution.evaluation.Summary.Heading;
import clew.attribution.evaluation.Summary.Range;
import clew.attribution.evaluation.Summary.Row;
import clew.attribution.evaluation.Verdict;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/// Evaluations written down.
final class EvaluationFormatsTest {
    private static final Mean NONE = new Mean(Double.NaN, Double.NaN, 0);

    /// Two methods, of which one beats chance in the first metric and one falls behind; nobody was marked.
    private static Report report(int prompts) {
        var half = prompts == 1 ? Double.NaN : 0.1;
        var headings = List.of(new Heading("comprehensiveness@1", Better.HIGHER), new Heading("morf", Better.LOWER),
            new Heading("auprc", Better.HIGHER));
        var one = new Row("lrp", List.of(new Mean(0.75, half, prompts), new Mean(2, half, prompts), NONE),
            List.of(new Mean(0.5, half, prompts), new Mean(0.05, half, prompts), NONE), List.of(), 0.25);
        var two = new Row("<b>|", List.of(new Mean(0.05, half, prompts), new Mean(12.5, half, prompts), NONE),
            List.of(new Mean(-0.2, half, prompts), new Mean(-3, half, prompts), NONE), List.of(), 1);
        var chance = new Row("random", List.of(new Mean(0.25, half, prompts), new Mean(5, half, prompts), NONE),
            List.of(), List.of(new Range(0.1, 0.4), new Range(4, 6), new Range(Double.NaN, Double.NaN)), 0);
        var same = new double[][] {{1, 0.5}, {0.5, 1}};
        var summary = new Summary(headings, prompts, List.of(one, two), chance,
            new Summary.Agreements(same, same, same, 5));
        var verdict = new Verdict("a", 0.9, List.of(new Verdict.Ranking("lrp", new double[] {1}, new double[] {0.75, 2,
            Double.NaN}, 0.25)), new double[][] {{0.25, 5, Double.NaN}}, List.of());
        var from = new Provenance("ab".repeat(32), "cd".repeat(32), "0.1.0", "25", "simd", "stored");
        return new Report(new Attribution.Model(Path.of("models/tiny"), "llama", from.weights(), from),
            Map.of("draws", 20, "seed", 1L), Map.of("lrp", new Attribution.Method("lrp", Map.of("rules", "attnlrp"))),
            summary, List.of(verdict));
    }

    @Test
    void aTableMarksWhatIsBeyondChance() {
        var text = new EvaluationText(EvaluationText.Form.TERMINAL).text(report(200));
        assertTrue(text.contains("lrp     0.750 ± 0.100 ▲        2.000 ± 0.100"), text);
        assertTrue(text.contains("<b>|    0.050 ± 0.100 ▼        12.50 ± 0.100 ▲"), text);
        assertFalse(text.contains("auprc"), "what says nothing has no column");
        assertTrue(text.contains("tiny · llama · 200 prompts\ndraws 20, seed 1\n"), text);
        assertTrue(text.endsWith("\nweights abababab · tokenizer cdcdcdcd · clew 0.1.0 · java 25 · device simd"
            + " · dtype stored\n"), text);
        assertTrue(text.contains("ρ / τ / top 5"), text);
    }

    @Test
    void onePromptHasNoIntervalButTheDrawsOfChance() {
        var text = new EvaluationText(EvaluationText.Form.TERMINAL).text(report(1));
        assertTrue(text.contains("random  0.250 [0.100 … 0.400]"), text);
        assertFalse(text.contains("±  "), text);
        assertFalse(text.lines().filter(l -> l.startsWith("  lrp")).anyMatch(l -> l.contains("▲")), text);
    }

    @Test
    void markdownHasRowsOfCells() {
        var text = new EvaluationText(EvaluationText.Form.MARKDOWN).text(report(200));
        assertTrue(text.contains("| lrp | 0.750 ± 0.100 ▲ | 2.000 ± 0.100 |\n"), text);
        assertTrue(text.contains("| <b>\\| | "), "a bar in a name is no border");
        assertTrue(text.contains("| lrp | 0.250 | rules attnlrp |"), text);
        var made = "model tiny · weights " + "ab".repeat(32) + " · tokenizer " + "cd".repeat(32)
            + " · clew 0.1.0 · java 25 · device simd · dtype stored";
        assertTrue(text.endsWith("\nMade with " + made + ".\n"), text);
        assertEquals("lrp (rules attnlrp) · draws 20, seed 1 · " + made, Origin.of(report(200)));
    }

    @Test
    void jsonHasEveryNumberAndNullForNone() {
        var json = new JsonMapper().readTree(new EvaluationJson().bytes(report(200)));
        assertEquals("clew.evaluation/1", json.get("schema").stringValue());
        var lrp = json.get("methods").get(0);
        assertEquals(0.75, lrp.get("values").get("comprehensiveness@1").get("mean").doubleValue());
        assertEquals(0.5, lrp.get("gains").get("comprehensiveness@1").get("mean").doubleValue());
        assertTrue(lrp.get("values").get("auprc").get("mean").isNull());
        assertEquals(4, json.get("random").get("spread").get("morf").get(0).doubleValue());
        assertEquals(0.5, json.at("/agreement/top5/0/1").doubleValue());
        assertEquals(0.9, json.get("verdicts").get(0).get("probability").doubleValue());
        assertEquals("cd".repeat(32), json.get("provenance").get("tokenizer").stringValue());
    }

    @Test
    void thePageIsOneFileWithoutScripts() {
        var page = new EvaluationHtml().text(report(200));
        assertTrue(page.contains("default-src 'none'") && page.contains("</html>"));
        assertFalse(page.contains("<script") || page.contains("<b>|") || page.contains("http://l"), page);
        assertTrue(page.contains("&lt;b&gt;|"));
        assertTrue(page.contains("cd".repeat(32)) && page.contains("clew 0.1.0, Java 25, simd, stored"), page);
        assertEquals(2, page.split("<svg ").length - 1, "a picture for every metric that says something");
    }
}
