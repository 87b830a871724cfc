package clew.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// JCuda's calls and ours, against a driver's library compiled for the processor.
class JCudaDriverTest {
    @Test
    void theTrialPassesAndEverythingIsGivenBack() throws Exception {
        var lines = new OnStub("driver").lines(OnDriver.class.getName());
        assertTrue(lines.get(2).matches("the cuda device is out of memory: 1.21 GB are needed, 1.06 GB of 1.07 GB are"
            + " free, and this program holds 10\\.\\d\\d MB; .*"), lines.get(2));
        assertEquals(List.of("Stub, 1.1 GB, compute capability 9.0", "copies true", lines.get(2),
            "auto 100 MB simd", "auto 300 MB cuda", "auto 600 MB simd", "left 0"), lines);
    }

    @Test
    void anOlderDriverHasNoGraphs() throws Exception {
        var lines = new OnStub("older", "-DWITHOUT_GRAPHS").lines(OnDriver.class.getName());
        assertEquals("Stub, 1.1 GB, compute capability 9.0, kernels launched one by one (graphs need a driver of CUDA"
            + " 12 or newer)", lines.getFirst());
        assertEquals("left 0", lines.getLast());
    }

    /// In one sentence, whatever JCuda would say.
    @Test
    void aDriverWithoutACardIsSaid() throws Exception {
        var explain = new String[] {"explain", "--device", "cuda", "The"};
        assertEquals(List.of("clew: the cuda device cannot be used: NVIDIA's driver does not start"
            + " (CUDA_ERROR_NO_DEVICE); use --device simd"),
            new OnStub("driver").with("STUB_INIT", 100).lines(2, "clew.app.Main", explain));
        assertEquals(List.of("clew: NVIDIA's driver finds no card; use --device simd"),
            new OnStub("driver").with("STUB_CARDS", 0).lines(2, "clew.app.Main", explain));
    }

    /// Methods that go back, that follow a path, that remove tokens, and that look into attention.
    @Test
    void theCommandLineExplainsAsOnTheProcessor() throws Exception {
        var expected = scores("simd");
        agree(expected, scores("cuda"), 1e-5);
        agree(expected, scores("cuda-tf32"), 1e-2);
    }

    private static List<double[]> scores(String device) throws Exception {
        return new OnStub("driver").lines("clew.app.Main", "explain", "--device", device, "--format", "json", "--steps",
            "4", "--method", "lrp,integrated-gradients,occlusion,value-zeroing,attention-x-gradient",
            "The capital of France is Paris. The capital of Italy is")
            .stream().filter(line -> line.startsWith("{")).map(JsonMapper.shared()::readTree)
            .peek(made -> assertEquals(device, made.at("/provenance/device").stringValue()))
            .map(made -> made.at("/scores/0").valueStream().mapToDouble(JsonNode::doubleValue).toArray()).toList();
    }

    /// Within so much of the largest score.
    private static void agree(List<double[]> expected, List<double[]> actual, double within) {
        assertEquals(5, actual.size());
        for (int m = 0; m < expected.size(); m++) {
            double[] e = expected.get(m), a = actual.get(m);
            var most = Arrays.stream(e).map(Math::abs).max().orElseThrow();
            for (int i = 0; i < e.length; i++)
                assertEquals(e[i], a[i], within * most, "method " + m + ", token " + i);
        }
    }
}
