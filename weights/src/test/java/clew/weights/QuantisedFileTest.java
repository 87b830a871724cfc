package clew.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clew.engine.tensor.Storage;
import clew.engine.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The quantised file is made once, beside the model, and again when the weights are others.
class QuantisedFileTest {
    @TempDir Path root;
    private Path dir = Path.of(".");
    private Path beside = Path.of(".");
    private final List<String> told = new ArrayList<>();

    @BeforeEach
    void write() throws IOException {
        dir = Files.createDirectory(root.resolve("model"));
        beside = dir.resolve("model.nf4.clew");
        Files.writeString(dir.resolve("config.json"), "{}");
        weights(1);
    }

    @Test
    void matricesAreReadFromTheFileAndTheRestFromTheCheckpoint() {
        try (var checkpoint = Checkpoint.open(dir); var weights = open(checkpoint)) {
            assertInstanceOf(Storage.Coded.class, weights.matrix("w", 8, 16).storage());
            assertArrayEquals(checkpoint.tensor("b").toDoubles(), weights.tensor("b", 16).toDoubles());
            assertInstanceOf(Storage.Mapped.class, weights.tensor("w", 8, 16).storage());
            assertThrows(WeightsException.class, () -> weights.matrix("w", 16, 8));
        }
    }

    @Test
    void itIsMadeOnce() throws IOException {
        var first = decoded();
        assertEquals(List.of("the weights in nf4 are kept in " + beside), told);
        var bytes = Files.readAllBytes(beside);
        assertArrayEquals(first, decoded());
        assertEquals(1, told.size());
        assertArrayEquals(bytes, Files.readAllBytes(beside));
        try (var names = Files.list(dir)) {
            assertEquals(3, names.count(), "nothing half written stays behind");
        }
    }

    @Test
    void otherWeightsMakeItAgain() throws IOException {
        var first = decoded();
        var time = Files.getLastModifiedTime(dir.resolve("model.safetensors"));
        weights(2);                                                            // of the same size
        Files.setLastModifiedTime(dir.resolve("model.safetensors"), FileTime.fromMillis(time.toMillis() + 5));
        assertFalse(Arrays.equals(first, decoded()));
        assertEquals(2, told.size());
        Files.writeString(dir.resolve("config.json"), "{ }");
        decoded();
        assertEquals(3, told.size());
    }

    @Test
    void aDamagedOneIsMadeAgain() throws IOException {
        var first = decoded();
        var bytes = Files.readAllBytes(beside);
        Files.write(beside, Arrays.copyOf(bytes, bytes.length - 1));
        assertArrayEquals(first, decoded());
        Files.writeString(beside, "something else");
        assertArrayEquals(first, decoded());
        assertEquals(3, told.size());
        assertArrayEquals(bytes, Files.readAllBytes(beside));
    }

    /// A folder of that name stands for one that cannot be written.
    @Test
    void whereTheModelCannotBeWrittenTheCacheServes() throws IOException {
        Files.createDirectories(beside.resolve("occupied"));
        var first = decoded();
        var kept = root.resolve("cache/quantised");
        assertTrue(told.getFirst().startsWith("the weights in nf4 are kept in " + kept), told.getFirst());
        assertArrayEquals(first, decoded());
        assertEquals(1, told.size());
        Files.writeString(root.resolve("file"), "");
        try (var checkpoint = Checkpoint.open(dir); var weights = QuantisedWeights.open(checkpoint, Set.of("w"),
                 new QuantisedFile(Quantisation.NF4, root.resolve("file"), told::add))) {
            assertArrayEquals(first, weights.matrix("w", 8, 16).toDoubles(), "in a temporary file");
        }
    }

    @Test
    void aMatrixThatIsNotFiniteIsRefusedAndLeavesNoFile() {
        SafeTensorsWriter.write(dir.resolve("model.safetensors"),
            Map.of("w", Tensor.of(new float[] {1, Float.NaN}, 1, 2)), Map.of());
        try (var checkpoint = Checkpoint.open(dir)) {
            assertThrows(WeightsException.class, () -> open(checkpoint).close());
        }
        assertFalse(Files.exists(beside));
    }

    @Test
    void eachKindHasAFileOfItsOwn() {
        try (var checkpoint = Checkpoint.open(dir)) {
            for (var how : Quantisation.values())
                QuantisedWeights.open(checkpoint, Set.of("w"), new QuantisedFile(how, root, told::add)).close();
        }
        assertEquals(3, told.size());
        for (var how : Quantisation.values()) assertTrue(Files.exists(dir.resolve("model." + how.label() + ".clew")));
        assertNotEquals(decoded()[0], 0);
    }

    private double[] decoded() {
        try (var checkpoint = Checkpoint.open(dir); var weights = open(checkpoint)) {
            return weights.matrix("w", 8, 16).toDoubles();
        }
    }

    private QuantisedWeights open(Checkpoint checkpoint) {
        return QuantisedWeights.open(checkpoint, Set.of("w"),
            new QuantisedFile(Quantisation.NF4, root.resolve("cache"), told::add));
    }

    private void weights(int seed) {
        var random = new Random(seed);
        var w = new float[8 * 16];
        for (int i = 0; i < w.length; i++) w[i] = (float) random.nextGaussian();
        SafeTensorsWriter.write(dir.resolve("model.safetensors"),
            Map.of("w", Tensor.of(w, 8, 16), "b", Tensor.of(new float[16], 16)), Map.of());
    }
}
