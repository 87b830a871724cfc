package clew.attribution.render;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clew.attribution.Attribution;
import clew.attribution.Deviations;
import clew.attribution.Regions;
import clew.engine.tensor.DType;
import clew.engine.tensor.Shape;
import clew.weights.SafeTensors;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class TableFormatsTest {
    private static final double[] NONE = {};

    /// RFC 4180, read by its grammar.
    private static List<List<String>> parse(String csv) {
        var rows = new ArrayList<List<String>>();
        var row = new ArrayList<String>();
        var field = new StringBuilder();
        var inside = false;
        for (int i = 0; i < csv.length(); i++) {
            var c = csv.charAt(i);
            if (inside && c == '"' && i + 1 < csv.length() && csv.charAt(i + 1) == '"') field.append(csv.charAt(i++));
            else if (c == '"') inside = !inside;
            else if (inside || c != ',' && c != '\n') field.append(c);
            else {
                row.add(field.toString());
                field.setLength(0);
                if (c == '\n') {
                    rows.add(List.copyOf(row));
                    row.clear();
                }
            }
        }
        return rows;
    }

    @Test
    void csvReadsBackAsWritten() {
        var random = new Random(11);
        var texts = Samples.HOSTILE.stream().filter(t -> !t.matches("\\p{Cs}")).toList();
        var scores = random.longs(texts.size()).mapToDouble(v -> Double.longBitsToDouble(v & ~(1L << 62))).toArray();
        var rows = parse(Samples.render(new CsvFormat(), Samples.of(texts, texts.subList(0, 7), scores)));
        assertEquals(CsvFormat.COLUMNS + ",made_with", String.join(",", rows.getFirst()));
        assertEquals(1 + 7 * texts.size(), rows.size());
        for (int k = 0; k < 7; k++)
            for (int t = 0; t < texts.size(); t++) {
                var row = rows.get(1 + k * texts.size() + t);
                assertEquals(11, row.size());
                var target = List.of(k + "", 1000 + k + "", texts.get(k), texts.size() - 1 + "");
                assertEquals(target, row.subList(0, 4));
                assertEquals(List.of(t + "", 100 + t + "", texts.get(t)), row.subList(4, 7));
                assertEquals(scores[t], Double.parseDouble(row.get(9)));
                assertEquals("lrp (aggregate sum, rules attnlrp) · model tiny \"<b> · weights " + "ab".repeat(32),
                    row.get(10));
            }
    }

    @Test
    void csvLeavesAScoreThatIsNotFiniteEmpty() {
        var csv = Samples.render(new CsvFormat(), Samples.of(List.of("a", "b"), Double.NaN, Double.POSITIVE_INFINITY));
        assertEquals(List.of("", ""), parse(csv).stream().skip(1).map(row -> row.get(9)).toList());
        assertFalse(csv.contains("\r"));
    }

    @Test
    void windowsHaveALineEach() {
        var a = Samples.of(List.of("a", " b,", "c"), List.of("x", "y"), 1, 2, 3).beside(new Regions(
            List.of(new int[] {0, 2}, new int[] {1, 3}), new double[][] {{0.5, -0.25}, {1, Double.NaN}}));
        var rows = parse(Samples.render(new RegionsCsv(), a));
        assertEquals(RegionsCsv.HEADER.strip(), String.join(",", rows.getFirst()));
        assertEquals(List.of("0", "1000", "x", "2", "0", "1", "a b,", "0.5", Origin.of(a)), rows.get(1));
        assertEquals(List.of("1", "1001", "y", "2", "1", "2", " b,c", "", Origin.of(a)), rows.get(4));
        assertEquals(5, rows.size());
        var text = new TextFormat(Colours.NONE, 80).text(a);
        assertTrue(text.contains("""

            f(x) − f(x without these tokens)
              0–1  a b,   0.5000
              1–2  ␣b,c  -0.2500
            """), text);
        var json = Samples.render(JsonFormat.compact(), a);
        assertTrue(json.contains("\"regions\":{\"spans\":[[0,2],[1,3]],\"scores\":[[0.5,-0.25],[1.0,null]]}"), json);
    }

    /// Four draws: half of an interval is 3.1824 standard errors.
    private static Attribution drawn() {
        var a = Samples.of(List.of("a", "b"), 2, 4);
        var deviations = new Deviations(new double[][] {{0.5, 1}}, List.of(), 3);
        return Samples.with(a, new Attribution.Diagnostics(List.of(), List.of(), 1, 0).with(deviations), List.of());
    }

    @Test
    void whatWasDrawnHasItsIntervalInEveryForm() {
        var csv = parse(Samples.render(new CsvFormat(), drawn()));
        assertEquals(List.of("score", "standard_error", "interval_low", "interval_high", "made_with"),
            csv.getFirst().subList(9, 14));
        var half = 3.182446305;
        assertEquals("1.0", csv.get(2).get(10));
        assertEquals(4 - half, Double.parseDouble(csv.get(2).get(11)), 1e-8);
        assertEquals(4 + half, Double.parseDouble(csv.get(2).get(12)), 1e-8);
        var text = new TextFormat(Colours.NONE, 80).text(drawn());
        assertTrue(text.contains("4.000 ± 3.2") && text.contains("± 95 % interval: 3.18 standard errors (Student's,"
            + " 3 degrees of freedom)\n"), text);
        assertTrue(new HtmlFormat().text(drawn()).contains("<td>4.000</td><td>3.2</td>"));
        var json = new JsonMapper().readTree(Samples.render(JsonFormat.compact(), drawn()));
        assertEquals(2 - half / 2, json.at("/diagnostics/interval/0/0/0").doubleValue(), 1e-8);
        assertEquals(2 + half / 2, json.at("/diagnostics/interval/0/0/1").doubleValue(), 1e-8);
    }

    private static Attribution full() {
        var a = Samples.of(List.of("a", "b", "c"), List.of("x", "y"), 0.1, -0.2, 1e-300);
        var features = new double[][] {IntStream.range(0, 12).asDoubleStream().toArray(), new double[12]};
        var map = IntStream.range(0, 9).mapToDouble(i -> i / 9.0).toArray();
        return new Attribution(a.model(), a.method(), a.tokens(), a.targets(), a.texts(), a.scores(), features, map,
            a.diagnostics(), List.of());
    }

    @Test
    void safetensorsReadBackAsWritten(@TempDir Path dir) throws IOException {
        var a = full();
        var file = dir.resolve("a.safetensors");
        new SafeTensorsFormat(DType.F64, SafeTensorsFormat.Features.KEPT).write(a, file);
        try (var read = SafeTensors.open(file)) {
            assertEquals(Shape.of(2, 3), read.tensor("scores").shape());
            assertEquals(Shape.of(2, 3, 4), read.tensor("features").shape());
            assertEquals(Shape.of(3, 3), read.tensor("map").shape());
            assertArrayEquals(new double[] {0.1, -0.2, 1e-300, 0.1, -0.2, 1e-300}, read.tensor("scores").toDoubles());
            assertArrayEquals(a.features()[0], Arrays.copyOf(read.tensor("features").toDoubles(), 12));
            assertArrayEquals(a.map(), read.tensor("map").toDoubles());
            assertArrayEquals(new double[] {100, 101, 102}, read.tensor("ids").toDoubles());
            assertEquals(DType.I64, read.tensor("ids").dtype());
            assertEquals("lrp", read.metadata().get("method"));
            assertEquals("attnlrp", read.metadata().get("parameters.rules"));
        }
        var stream = new ByteArrayOutputStream();
        new SafeTensorsFormat(DType.F64, SafeTensorsFormat.Features.KEPT).write(a, stream);
        assertArrayEquals(Files.readAllBytes(file), stream.toByteArray());
    }

    @Test
    void featuresAreLeftOutUnlessAskedForAndMapsWhereThereAreNone(@TempDir Path dir) {
        var file = dir.resolve("a.safetensors");
        new SafeTensorsFormat(DType.F32, SafeTensorsFormat.Features.LEFT_OUT).write(full(), file);
        try (var read = SafeTensors.open(file)) {
            assertEquals(Set.of("scores", "map", "ids"), Set.copyOf(read.names()));
            assertEquals(DType.F32, read.tensor("scores").dtype());
        }
        new SafeTensorsFormat(DType.F32, SafeTensorsFormat.Features.KEPT).write(Samples.of(List.of("a"), 1), file);
        try (var read = SafeTensors.open(file)) {
            assertEquals(Set.of("scores", "ids"), Set.copyOf(read.names()));
        }
        assertThrows(IllegalArgumentException.class,
            () -> new SafeTensorsFormat(DType.I64, SafeTensorsFormat.Features.KEPT));
    }

    @Test
    void normalizationKeepsWhatItPromises() {
        var v = new double[] {3, -6, 0, Double.NaN, 3};
        assertArrayEquals(v, Normalize.NONE.of(v));
        assertArrayEquals(new double[] {0.5, -1, 0, Double.NaN, 0.5}, Normalize.ABSMAX.of(v));
        assertArrayEquals(new double[] {1, 0, 6.0 / 9, Double.NaN, 1}, Normalize.MINMAX.of(v));
        assertArrayEquals(new double[] {0.25, -0.5, 0, Double.NaN, 0.25}, Normalize.SUM.of(v));
        for (var n : Normalize.values()) {
            assertArrayEquals(new double[3], n.of(new double[3]));
            assertArrayEquals(NONE, n.of(NONE));
            assertEquals(n, Normalize.named(n.label()));
        }
        assertArrayEquals(new double[] {0.5, 1}, Normalize.ABSMAX.of(Samples.of(List.of("a", "b"), 2, 4)).scores()[0]);
        assertArrayEquals(new double[] {0.125, 0.25},
            Normalize.ABSMAX.of(drawn()).diagnostics().standardErrors()[0], "errors are scaled with the scores");
        assertThrows(IllegalArgumentException.class, () -> Normalize.named("l2"));
    }
}
