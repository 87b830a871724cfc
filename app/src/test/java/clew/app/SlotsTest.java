package clew.app;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Slots of a prompt are features, whole, and may have texts in their place.
class SlotsTest {
    private static final List<Object> FILLED = List.of("{x} c {y}, {x}", "--slot", "x=a ab", "--slot", "y=b");
    private static final List<Object> INSTEAD = List.of("--slot-baseline", "x=b");

    private static final Path model = Tiny.model();

    private static Cli cli(List<?> first, Object... more) {
        var args = new ArrayList<Object>(List.of("explain", "--model", model, "--format", "json", "--device", "scalar",
            "--target-id", 5));
        args.addAll(first);
        args.addAll(List.of(more));
        return Cli.run(args.toArray());
    }

    private static double value(String prompt) {
        return cli(List.of(prompt)).object().at("/targets/0/value").doubleValue();
    }

    private static double[] scores(JsonNode object) {
        return object.at("/scores/0").valueStream().mapToDouble(JsonNode::doubleValue).toArray();
    }

    private static List<Object> joined(List<?> a, List<?> b) {
        var all = new ArrayList<Object>(a);
        all.addAll(b);
        return all;
    }

    /// A text may be longer or shorter than what it stands for, and a slot may stand at two places.
    @Test
    void aSlotIsReplacedByItsText() throws IOException {
        var object = cli(joined(FILLED, INSTEAD), "--method", "ablation").object();
        var whole = value("a ab c b, a ab");
        assertArrayEquals(new double[] {whole - value("b c b, b"), whole - value("a ab c , a ab")}, scores(object),
            1e-12);
        assertEquals(List.of(), SchemaCheck.faults("clew.attribution-1.json", object));
        assertEquals("texts", object.at("/method/parameters/removal").stringValue());
        assertEquals("a ab → b", object.at("/method/parameters").get("slot x").stringValue());
        assertEquals(List.of("x", "y"),
            object.get("tokens").valueStream().map(t -> t.get("piece").stringValue()).toList());
    }

    @Test
    void shapleyValuesOfSlotsAreEfficient() {
        var object = cli(joined(FILLED, INSTEAD), "--method", "shapley").object();
        assertEquals(value("a ab c b, a ab") - value("b c , b"), Arrays.stream(scores(object)).sum(), 1e-12);
        assertEquals(0, object.at("/diagnostics/efficiencyResidual/0").doubleValue(), 1e-12);
        assertEquals(1 + 4, object.at("/diagnostics/evaluations").intValue());
    }

    @ParameterizedTest
    @ValueSource(strings = {"occlusion", "shapley-sampling", "kernel-shap", "lime"})
    void everyMethodThatRemovesTakesThem(String method) {
        var object = cli(joined(FILLED, INSTEAD), "--method", method, "--samples", "8", "--window", "1").object();
        assertEquals(2, scores(object).length);
        assertTrue(Arrays.stream(scores(object)).anyMatch(s -> s != 0));
    }

    /// Without texts the usual removal takes their tokens, and other methods add up.
    @Test
    void slotsAreSumsOfTheirTokens() {
        var each = cli(List.of("a ab c b, a ab"), "--method", "input-x-gradient").object();
        var tokens = each.get("tokens").valueStream().toList();
        var y = tokens.stream().filter(t -> t.get("start").intValue() <= 7 && t.get("end").intValue() > 7)
            .mapToInt(t -> t.get("index").intValue()).toArray();
        var slots = cli(FILLED, "--method", "input-x-gradient").object();
        assertEquals(Arrays.stream(y).mapToDouble(t -> scores(each)[t]).sum(), scores(slots)[1], 1e-12);
        assertEquals(y[0], slots.at("/tokens/1/index").intValue());
        var merge = y[0] + "-" + y[y.length - 1];
        var merged = cli(List.of("a ab c b, a ab"), "--method", "ablation", "--merge", merge).object();
        assertEquals(scores(merged)[y[0]], scores(cli(FILLED, "--method", "ablation").object())[1], 1e-12);
    }

    /// The continuation stays behind whatever the prompt becomes.
    @Test
    void anAnswerIsExplainedByThem() {
        List<Object> answer = List.of("--continuation-ids", "7,9", "--method", "ablation");
        var args = new ArrayList<Object>(
            List.of("explain", "--model", model, "--format", "json", "--device", "scalar"));
        args.addAll(joined(joined(FILLED, INSTEAD), answer));
        var object = Cli.run(args.toArray()).object();
        var other = new ArrayList<Object>(List.of("explain", "--model", model, "--format", "json", "--device", "scalar",
            "b c b, b"));
        other.addAll(answer);
        var without = Cli.run(other.toArray()).object();
        for (int n = 0; n < 2; n++)
            assertEquals(object.at("/targets/" + n + "/value").doubleValue()
                - without.at("/targets/" + n + "/value").doubleValue(),
                object.at("/scores/" + n + "/0").doubleValue(), 1e-12);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "--slot x=a --slot y=b --slot z=c | there is no {z} in the prompt; write it where the slot is",
        "--slot x= --slot y=b | slot 'x' is empty; give it a text",
        "--slot x | --slot takes NAME=TEXT, not 'x'",
        "--slot x=a --slot x=b | --slot names 'x' twice; name it once",
        "--slot-baseline x=a | name the slot with --slot NAME=TEXT",
        "--slot x=a --slot-baseline y=b | --slot-baseline: there is no slot 'y'; known are x",
        "--slot x=a --group word | --group and --slot exclude each other; give one of them",
        "--slot x=a --slot-baseline x=b --removal zero | --removal and --slot-baseline exclude each other",
        "--slot x=a --slot-baseline x=b --position 1 --method ablation | the rows of a prompt; explain its last",
    })
    void whatMakesNoSenseIsRefused(String options, String message) {
        var run = cli(List.of("{x} c {y}"), (Object[]) options.split(" "));
        assertTrue(run.err().contains(message), run.err());
        assertEquals("", run.out());
    }
}
