package clew.attribution.render;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clew.attribution.Attribution;
import clew.model.token.Token;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class JsonFormatTest {
    private static final JsonMapper MAPPER = new JsonMapper();

    private static JsonNode parse(Attribution a, JsonFormat format) {
        return MAPPER.readTree(Samples.render(format, a));
    }

    private static String keys(JsonNode object) {
        return String.join(" ", object.propertyNames());
    }

    @Test
    void scoresReadBackBitForBit() {
        var random = new Random(7);
        var scores = random.longs(500).mapToDouble(Double::longBitsToDouble).filter(Double::isFinite).toArray();
        var a = Samples.of(Collections.nCopies(scores.length, "x"), scores);
        for (var format : List.of(JsonFormat.compact(), JsonFormat.pretty())) {
            var row = parse(a, format).get("scores").get(0);
            var back = new double[scores.length];
            for (int i = 0; i < back.length; i++) back[i] = row.get(i).doubleValue();
            assertArrayEquals(scores, back);
        }
    }

    @Test
    void theKeysComeInTheOrderOfTheSchema() {
        var a = Samples.of(List.of("a", "b"), 1, 2);
        var tree = parse(a, JsonFormat.compact().with(new JsonFormat.Particulars("7", 12345L)));
        assertEquals("schema name model method tokens targets scores sequence diagnostics warnings", keys(tree));
        assertEquals("path family fingerprint", keys(tree.get("model")));
        assertEquals("name parameters", keys(tree.get("method")));
        assertEquals("index id text piece start end special", keys(tree.at("/tokens/0")));
        assertEquals("position id text score value contrast rank", keys(tree.at("/targets/0")));
        assertEquals("ledger evaluations seconds peakBytes", keys(tree.get("diagnostics")));
        assertEquals("explained tokens positions biases softmax epsilon closure",
            keys(tree.at("/diagnostics/ledger/0")));
        assertEquals(12345, tree.at("/diagnostics/peakBytes").longValue());
        assertEquals("7", tree.get("name").stringValue());
        assertTrue(tree.at("/targets/0/contrast").isNull() && tree.get("sequence").isNull());
    }

    @Test
    void aNumberThatIsNotFiniteIsNull() {
        var a = Samples.of(List.of("a", "b", "c"), Double.NaN, Double.NEGATIVE_INFINITY, 1);
        var d = new Attribution.Diagnostics(List.of(Double.NaN), List.of(), 51, 0.5);
        var tree = parse(Samples.with(a, d, List.of("some results are not finite numbers")), JsonFormat.pretty());
        assertTrue(tree.at("/scores/0/0").isNull() && tree.at("/scores/0/1").isNull());
        assertEquals(1, tree.at("/scores/0/2").doubleValue());
        assertTrue(tree.at("/diagnostics/convergenceDelta/0").isNull());
        assertFalse(tree.get("diagnostics").has("ledger"));
        assertEquals("some results are not finite numbers", tree.at("/warnings/0").stringValue());
    }

    @Test
    void hostileTextReadsBackAsItself() {
        var a = Samples.of(Samples.HOSTILE, Samples.HOSTILE, new double[Samples.HOSTILE.size()]);
        for (var format : List.of(JsonFormat.compact(), JsonFormat.pretty())) {
            var tree = parse(a, format);
            for (int i = 0; i < Samples.HOSTILE.size(); i++) {
                var text = Samples.HOSTILE.get(i).replaceAll("^\\p{Cs}$", "\uFFFD");
                assertEquals(text, tree.at("/tokens/" + i + "/text").stringValue());
                assertEquals(text, tree.at("/targets/" + i + "/text").stringValue());
            }
        }
    }

    @Test
    void withoutATokenizerThereAreNoOffsets() {
        var a = Samples.of(List.of("12"), 1);
        var bare = new Attribution(a.model(), a.method(), List.of(new Token(0, 12, "12", "12", -1, -1, false)),
            a.targets(), a.texts(), a.scores(), null, null, a.diagnostics(), List.of());
        var token = parse(bare, JsonFormat.compact()).at("/tokens/0");
        assertTrue(token.get("start").isNull() && token.get("end").isNull());
        assertEquals("12", token.get("text").stringValue());
    }

    @Test
    void bothLayoutsSayTheSame() {
        var a = Samples.of(List.of("a", "b"), 0.1, -2e-300);
        var line = Samples.render(JsonFormat.compact(), a);
        assertEquals(line.length() - 1, line.indexOf('\n'));
        assertEquals(MAPPER.readTree(line), parse(a, JsonFormat.pretty()));
        assertTrue(Samples.render(JsonFormat.pretty(), a).contains("\n  \"scores\": [\n    [0.1, -2.0E-300]\n  ],\n"));
        assertTrue(Samples.render(JsonFormat.pretty(), a).endsWith("  \"warnings\": []\n}\n"));
    }
}
