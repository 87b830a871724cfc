package clew.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import clew.engine.rule.RuleSets;
import clew.engine.tensor.Tensor;
import clew.weights.SafeTensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Families, dialects, kinds of RoPE and class heads for which no trained checkpoint is small enough: tiny ones, with
/// what Hugging Face transformers compute on them in float64. `docs/golden/families.py` makes the numbers.
final class FamiliesTest {
    @TempDir
    Path dir;

    @TestFactory
    Stream<DynamicTest> logitsAndGradientsAreThePeers() throws IOException {
        var docs = Path.of(Files.isRegularFile(Path.of("../pom.xml")) ? "../docs" : "docs");
        var cases = JsonMapper.shared().readTree(Files.readAllBytes(docs.resolve("golden/families.json")));
        return cases.properties().stream().flatMap(c -> Arrays.stream(Device.values())
            .map(d -> DynamicTest.dynamicTest(c.getKey() + " on " + d, () -> isThePeers(c.getValue(), d))));
    }

    private void isThePeers(JsonNode c, Device device) throws IOException {
        var here = Files.createTempDirectory(dir, "model");
        Files.writeString(here.resolve("config.json"), c.get("config").toString());
        SafeTensorsWriter.write(here.resolve("model.safetensors"), weights(c.get("tensors")), Map.of());
        var ids = ints(c.get("ids"));
        try (var model = Models.open(here, device.kernels()); var run = model.run(Pass.of(ids))) {
            var logits = run.logits(0, ids.length - 1);
            near(numbers(c.get("logits")), logits, device == Device.SCALAR ? 1e-9 : 2e-5, "logit");
            near(numbers(c.get("input_x_gradient")), inputXGradient(run, logits),
                device == Device.SCALAR ? 1e-9 : 5e-5, "gradient of token");
        }
    }

    /// `Σ_d e·∂f/∂e` of the largest logit.
    private static double[] inputXGradient(Run run, double[] logits) {
        var seed = new double[logits.length];
        for (int i = 0, best = 0; i < logits.length; i++) {
            if (logits[i] > logits[best]) best = i;
            if (i == logits.length - 1) seed[best] = 1;
        }
        var e = run.embeddings();
        var back = run.backward(List.of(Run.Seed.of(run.pass().tokens() - 1, seed)), RuleSets.GRADIENT, Set.of(e));
        double[] x = e.tensor().toDoubles(), g = back.of(e).of(0);
        var out = new double[run.pass().tokens()];
        for (int i = 0; i < x.length; i++) out[i / e.cols()] += x[i] * g[i];
        return out;
    }

    private static void near(double[] expected, double[] actual, double allowed, String what) {
        assertEquals(expected.length, actual.length, what);
        var scale = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
        for (int i = 0; i < expected.length; i++)
            assertEquals(expected[i], actual[i], allowed * scale, what + " " + i);
    }

    private static double[] numbers(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false).mapToDouble(JsonNode::doubleValue).toArray();
    }

    private static int[] ints(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false).mapToInt(JsonNode::intValue).toArray();
    }

    private static Map<String, Tensor> weights(JsonNode shapes) {
        var weights = new LinkedHashMap<String, Tensor>();
        for (var entry : shapes.properties()) {
            var dims = ints(entry.getValue());
            var size = Arrays.stream(dims).reduce(1, (a, b) -> a * b);
            weights.put(entry.getKey(), Tensor.of(Formula.values(entry.getKey(), size), dims));
        }
        return weights;
    }
}
