package clew.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clew.engine.tensor.DType;
import clew.engine.tensor.Shape;
import clew.engine.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A directory's weights are found by their names, whatever files they lie in.
class CheckpointTest {
    @TempDir
    Path dir;

    @Test
    void aMissingTensorIsNamedWithThoseThatComeClose() {
        write("model.safetensors", "transformer.wte.weight", "transformer.h.0.attn.bias", "lm_head.weight");
        try (var weights = Checkpoint.open(dir)) {
            assertRefused("model.safetensors has no tensor 'wte.weight'; close names: 'transformer.wte.weight'",
                    () -> weights.tensor("wte.weight"));
            assertRefused("close names: 'lm_head.weight'", () -> weights.tensor("lm_haed.weight"));
            assertRefused("has no tensor 'nothing like it'; check that", () -> weights.tensor("nothing like it"));
            assertTrue(weights.find("wte.weight").isEmpty());
            assertTrue(weights.find("lm_head.weight", 2, 3).isPresent());
            assertFalse(weights.has("wte.weight"));
        }
    }

    @Test
    void aTensorOfTheWrongShapePrintsBothShapes() {
        write("model.safetensors", "w");
        try (var weights = Checkpoint.open(dir)) {
            assertEquals(Shape.of(2, 3), weights.tensor("w", 2, 3).shape());
            assertRefused("'w' has the shape [2, 3] where the model needs [3, 2]", () -> weights.tensor("w", 3, 2));
            assertRefused("[2, 3] where the model needs [6]", () -> weights.find("w", 6));
        }
    }

    @Test
    void shardsAreOneCheckpoint() throws IOException {
        write("b.safetensors", "x", "y");
        write("a.safetensors", "z");
        index("{\"x\":\"b.safetensors\",\"z\":\"a.safetensors\",\"y\":\"b.safetensors\"}");
        try (var weights = Checkpoint.open(dir)) {
            assertEquals(List.of("x", "z", "y"), List.copyOf(weights.names()));
            assertEquals(1, weights.tensor("x").get(1));
            assertEquals(18, weights.parameters());
            assertEquals(Files.size(dir.resolve("a.safetensors")) + Files.size(dir.resolve("b.safetensors")),
                    weights.bytes());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{'x':'a.safetensors','w':'a.safetensors'}    | tensor 'w' is in 'a.safetensors', which does not have it",
        "{'x':'b.safetensors'}                        | names the shard 'b.safetensors', which does not exist",
        "{'x':'../a.safetensors'}                     | '../a.safetensors', which is not the plain name",
        "{'x':'/etc/a.safetensors'}                   | '/etc/a.safetensors', which is not the plain name",
        "{'x':'sub/a.safetensors'}                    | 'sub/a.safetensors', which is not the plain name",
        "{'x':'..\\\\a.safetensors'}                  | which is not the plain name",
        "{'x':'..'}                                   | '..', which is not the plain name",
        "{'x':''}                                     | '', which is not the plain name",
        "{'x':'config.json'}                          | 'config.json', which is not the plain name",
        "{'x':'\\u0000.safetensors'}                  | which is not the plain name",
        "{'x':['a.safetensors']}                      | which is not the plain name",
        "{'x':null}                                   | which is not the plain name",
        "{}                                           | has no weight_map",
        "[]                                           | has no weight_map",
        "{'x':'a.safetensors','x':'a.safetensors'}    | Duplicate",
    })
    void aBadIndexIsRefused(String map, String says) throws IOException {
        write("a.safetensors", "x");
        index(map.replace('\'', '"'));
        assertRefused(says, () -> Checkpoint.open(dir).close());
    }

    @Test
    void aTruncatedShardIsNamed() throws IOException {
        write("a.safetensors", "x");
        write("b.safetensors", "y");
        index("{\"x\":\"a.safetensors\",\"y\":\"b.safetensors\"}");
        var b = dir.resolve("b.safetensors");
        Files.write(b, Arrays.copyOf(Files.readAllBytes(b), (int) Files.size(b) - 1));
        assertRefused(b + " is truncated", () -> Checkpoint.open(dir).close());
    }

    @Test
    void theOnlySafetensorsFileIsTakenWhateverItsName() {
        write("weights.safetensors", "x");
        try (var weights = Checkpoint.open(dir)) {
            assertTrue(weights.has("x"));
        }
        write("more.safetensors", "y");
        assertRefused("2 safetensors files (more.safetensors, weights.safetensors) and no",
                () -> Checkpoint.open(dir).close());
    }

    @ParameterizedTest
    @ValueSource(strings = {"pytorch_model.bin", "consolidated.00.pth", "model.pt", "model.gguf"})
    void otherFormatsAreToldHowToConvert(String name) throws IOException {
        Files.writeString(dir.resolve(name), "");
        assertRefused("only; convert them to safetensors", () -> Checkpoint.open(dir).close());
    }

    @Test
    void aDirectoryWithoutWeightsIsRefused() {
        assertRefused(dir + " has no *.safetensors file", () -> Checkpoint.open(dir).close());
        assertRefused("cannot be read (it does not exist)", () -> Checkpoint.open(dir.resolve("none")).close());
    }

    @Test
    void elementTypesAreCountedCommonestFirst() {
        var two = Tensor.of(new float[] {1, 2}, 2);
        SafeTensorsWriter.write(dir.resolve("model.safetensors"), Map.of("a", Tensors.as(two, DType.BF16), "b", two,
                "c", Tensors.as(two, DType.BF16), "ids", Tensors.ofLongs(1, 2, 3)), Map.of());
        try (var weights = Checkpoint.open(dir)) {
            assertEquals("{BF16=4, I64=3, F32=2}", weights.dtypes().toString());
            assertEquals(9, weights.parameters());
        }
    }

    @Test
    void aNanIsNamedWithItsTensorAndPlace() {
        var good = Tensor.of(new float[] {1, 2}, 2);
        var bad = Tensors.as(Tensor.of(new float[] {1, 2, Float.NaN, 4}, 2, 2), DType.F16);
        SafeTensorsWriter.write(dir.resolve("model.safetensors"), Map.of("good", good, "bad", bad), Map.of());
        try (var weights = Checkpoint.open(dir)) {
            assertEquals(Optional.of("tensor 'bad' has NaN at [1, 0]"), weights.firstNonFinite());
        }
    }

    @Test
    void theHashIsThatOfTheFilesOneAfterAnother() throws Exception {
        write("b.safetensors", "y");
        write("a.safetensors", "x");
        index("{\"y\":\"b.safetensors\",\"x\":\"a.safetensors\"}");
        try (var weights = Checkpoint.open(dir)) {
            assertEquals(sha256(Files.readAllBytes(dir.resolve("a.safetensors")),
                    Files.readAllBytes(dir.resolve("b.safetensors"))), weights.hash());
        }
    }

    @Test
    void theFingerprintCoversConfigHeadersAndSizes() throws Exception {
        var config = Files.writeString(dir.resolve("config.json"), "{}");
        write("model.safetensors", "x");
        var first = fingerprint(config);
        var file = Files.readAllBytes(dir.resolve("model.safetensors"));
        var header = Arrays.copyOf(file, file.length - 24);
        assertEquals(sha256("{}".getBytes(), header, new byte[] {(byte) file.length, 0, 0, 0, 0, 0, 0, 0}), first);

        Files.writeString(config, "{ }");
        assertNotEquals(first, fingerprint(config));
        Files.writeString(config, "{}");
        write("model.safetensors", "y");
        assertNotEquals(first, fingerprint(config));
        write("model.safetensors", "x");
        assertEquals(first, fingerprint(config));
    }

    @Test
    void theShardedModelHoldsWhatTheWholeOneHolds() {
        var models = Shared.path("goldens/models");
        try (var whole = Checkpoint.open(models.resolve("qwen2-tiny"));
             var sharded = Checkpoint.open(models.resolve("qwen2-tiny-sharded"))) {
            assertEquals(whole.names().stream().sorted().toList(), sharded.names().stream().sorted().toList());
            assertEquals(whole.parameters(), sharded.parameters());
            for (var name : whole.names()) assertEquals(whole.tensor(name).shape(), sharded.tensor(name).shape());
        }
    }

    @Test
    void everySharedModelOpensAndIsFinite() throws IOException {
        for (var folder : List.of("models", "goldens/models")) {
            try (var models = Files.list(Shared.path(folder))) {
                for (var model : models.toList()) {
                    try (var weights = Checkpoint.open(model)) {
                        assertEquals(Optional.empty(), weights.firstNonFinite());
                        assertEquals(64, weights.fingerprint(model.resolve("config.json")).length());
                    }
                }
            }
        }
    }

    private String fingerprint(Path config) {
        try (var weights = Checkpoint.open(dir)) {
            return weights.fingerprint(config);
        }
    }

    private static String sha256(byte[]... parts) throws NoSuchAlgorithmException, IOException {
        var all = new ByteArrayOutputStream();
        for (var part : parts) all.write(part);
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(all.toByteArray()));
    }

    /// A file of tensors `[2, 3]` of 0 … 5.
    private void write(String file, String... names) {
        var tensors = new LinkedHashMap<String, Tensor>();
        for (var name : names) tensors.put(name, Tensor.of(new float[] {0, 1, 2, 3, 4, 5}, 2, 3));
        SafeTensorsWriter.write(dir.resolve(file), tensors, Map.of());
    }

    private void index(String map) throws IOException {
        Files.writeString(dir.resolve("model.safetensors.index.json"), "{\"metadata\":{},\"weight_map\":" + map + "}");
    }

    private static void assertRefused(String says, Executable act) {
        var refusal = assertThrows(WeightsException.class, act).getMessage();
        assertTrue(refusal.contains(says), () -> "expected \"" + says + "\" in: " + refusal);
    }
}
