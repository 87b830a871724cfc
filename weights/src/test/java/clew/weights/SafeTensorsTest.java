package clew.weights;

import static clew.weights.RawFile.entry;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clew.engine.tensor.DType;
import clew.engine.tensor.Shape;
import clew.engine.tensor.Storage;
import clew.engine.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is written is read back bit for bit, at any alignment, without a copy.
class SafeTensorsTest {
    @TempDir
    Path dir;

    @ParameterizedTest
    @EnumSource
    void everyTypeIsReadBackBitForBit(DType dtype) throws IOException {
        var bytes = new byte[6 * dtype.bytes()];
        new Random(dtype.ordinal()).nextBytes(bytes);
        var written = Tensor.mapped(MemorySegment.ofArray(bytes), dtype, 2, 3);
        var file = dir.resolve("one.safetensors");
        SafeTensorsWriter.write(file, Map.of("x", written), Map.of());
        try (var opened = SafeTensors.open(file)) {
            var read = opened.tensor("x");
            assertEquals(Shape.of(2, 3), read.shape());
            assertEquals(dtype, read.dtype());
            assertArrayEquals(written.toDoubles(), read.toDoubles());
            assertEquals(-1, segment(read).mismatch(MemorySegment.ofArray(bytes)));
        }
    }

    @Test
    void heapTensorsAreReadBackExactlyAcrossChunks() {
        var floats = new float[700_001];
        var doubles = new double[300_001];
        var random = new Random(1);
        for (int i = 0; i < floats.length; i++) floats[i] = random.nextFloat();
        for (int i = 0; i < doubles.length; i++) doubles[i] = random.nextGaussian();
        var file = dir.resolve("heap.safetensors");
        var tensors = Map.of("f", Tensor.of(floats, floats.length), "d", Tensor.of(doubles, doubles.length));
        SafeTensorsWriter.write(file, tensors, Map.of());
        try (var opened = SafeTensors.open(file)) {
            assertArrayEquals(floats, opened.tensor("f").toFloats());
            assertArrayEquals(doubles, opened.tensor("d").toDoubles());
        }
    }

    @Test
    void wideElementsComeFirstSoThatAllAreAligned() {
        var tensors = new LinkedHashMap<String, Tensor>();
        tensors.put("half", Tensors.as(Tensor.of(new float[] {1, 2, 3}, 3), DType.BF16));
        tensors.put("float", Tensor.of(new float[] {4}, 1));
        tensors.put("long", Tensors.ofLongs(5, 6));
        var file = dir.resolve("mixed.safetensors");
        SafeTensorsWriter.write(file, tensors, Map.of("made by", "clew"));
        try (var opened = SafeTensors.open(file)) {
            assertEquals(List.of("long", "float", "half"), List.copyOf(opened.names()));
            assertEquals(0, opened.header().remaining() % 8);
            assertEquals(Map.of("made by", "clew"), opened.metadata());
            for (var entry : opened.entries())
                assertEquals(0, entry.begin() % DType.valueOf(entry.dtype()).bytes(), entry.name());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
    void offsetsNeedNotFitTheAlignment(int spaces) throws IOException {
        var header = "{" + entry("pad", "U8", "[3]", "[0,3]") + "," + entry("x", "F64", "[1]", "[3,11]") + "}";
        var raw = RawFile.of(header + " ".repeat(spaces), 11);
        try (var opened = SafeTensors.open(raw.write(dir.resolve("odd.safetensors")))) {
            assertEquals(Double.longBitsToDouble(0x0A09080706050403L), opened.tensor("x").get(0));
        }
    }

    @Test
    void scalarsAndEmptyTensorsAreValid() throws IOException {
        var header = "{" + entry("none", "F32", "[0]", "[0,0]") + "," + entry("alone", "F32", "[]", "[0,4]") + ","
                + entry("wide", "F64", "[3,0,2147483647]", "[4,4]") + "}";
        try (var opened = SafeTensors.open(RawFile.of(header, 4).write(dir.resolve("zero.safetensors")))) {
            assertEquals(1, opened.tensor("alone").size());
            assertEquals(0, opened.tensor("none").size());
            assertEquals(0, opened.tensor("wide").size());
            assertEquals(List.of("none", "alone", "wide"), List.copyOf(opened.names()));
        }
    }

    @Test
    void aFileWithoutTensorsIsValid() throws IOException {
        try (var opened = SafeTensors.open(RawFile.of("{}   ", 0).write(dir.resolve("empty.safetensors")))) {
            assertTrue(opened.names().isEmpty());
        }
        SafeTensorsWriter.write(dir.resolve("none.safetensors"), Map.of(), Map.of());
        try (var opened = SafeTensors.open(dir.resolve("none.safetensors"))) {
            assertEquals(16, opened.bytes());
        }
    }

    @Test
    void anyNameSurvivesTheRoundTrip() {
        var names = List.of("", "a.b", "quote\" back\\slash", "line\nfeed", "naïve 漢字 🙂", "__metadata");
        var tensors = new LinkedHashMap<String, Tensor>();
        for (var name : names) tensors.put(name, Tensors.ofLongs(tensors.size()));
        var file = dir.resolve("names.safetensors");
        SafeTensorsWriter.write(file, tensors, Map.of("schlüssel", "wert\t"));
        try (var opened = SafeTensors.open(file)) {
            assertEquals(names, List.copyOf(opened.names()));
            for (int i = 0; i < names.size(); i++) assertEquals(i, opened.tensor(names.get(i)).get(0));
        }
    }

    @Test
    void typesTheEngineLacksAreListedButNotRead() throws IOException {
        var header = "{" + entry("a", "F8_E4M3", "[4]", "[0,4]") + "," + entry("b", "F4", "[4]", "[4,6]") + ","
                + entry("c", "C64", "[1]", "[6,14]") + "}";
        try (var opened = SafeTensors.open(RawFile.of(header, 14).write(dir.resolve("f8.safetensors")))) {
            assertEquals(3, opened.entries().size());
            var refusal = assertThrows(WeightsException.class, () -> opened.tensor("a")).getMessage();
            assertTrue(refusal.endsWith("tensor 'a' is stored as F8_E4M3, which is not supported; "
                    + "convert it to BF16, F16 or F32"), refusal);
        }
    }

    @Test
    void aClosedFileIsNoLongerRead() {
        var file = dir.resolve("closed.safetensors");
        SafeTensorsWriter.write(file, Map.of("x", Tensors.ofLongs(1)), Map.of());
        var opened = SafeTensors.open(file);
        var x = opened.tensor("x");
        opened.close();
        assertThrows(IllegalStateException.class, () -> x.get(0));
    }

    @Test
    void aWriteReplacesTheFileAndLeavesNothingBeside() throws IOException {
        var file = dir.resolve("again.safetensors");
        SafeTensorsWriter.write(file, Map.of("x", Tensors.ofLongs(1)), Map.of());
        try (var old = SafeTensors.open(file)) {
            SafeTensorsWriter.write(file, Map.of("x", Tensors.ofLongs(2)), Map.of());
            assertEquals(1, old.tensor("x").get(0), "a mapping outlives the name");
        }
        try (var opened = SafeTensors.open(file); var beside = Files.list(dir)) {
            assertEquals(2, opened.tensor("x").get(0));
            assertEquals(List.of(file), beside.toList());
        }
    }

    @Test
    void aFailedWriteLeavesNothing() throws IOException {
        var occupied = Files.createDirectory(dir.resolve("taken.safetensors"));
        Files.writeString(occupied.resolve("inside"), "");
        var one = Map.of("x", Tensors.ofLongs(1));
        for (var file : List.of(occupied, dir.resolve("nowhere").resolve("x.safetensors"))) {
            var refusal = assertThrows(WeightsException.class, () -> SafeTensorsWriter.write(file, one, Map.of()));
            assertTrue(refusal.getMessage().startsWith(file + " cannot be written"), refusal.getMessage());
        }
        var lone = Map.of("\ud800", Tensors.ofLongs(1));
        var file = dir.resolve("lone.safetensors");
        assertThrows(WeightsException.class, () -> SafeTensorsWriter.write(file, lone, Map.of()));
        try (var beside = Files.list(dir)) {
            assertEquals(List.of(occupied), beside.toList());
        }
    }

    @Test
    void theWholeSharedFolderOpens() throws IOException {
        try (var files = Files.walk(Shared.path("").toRealPath())) {
            var all = files.filter(p -> p.toString().endsWith(".safetensors")).toList();
            assertTrue(all.size() >= 30, () -> "only " + all.size() + " files");
            for (var file : all) {
                try (var opened = SafeTensors.open(file)) {
                    for (var entry : opened.entries()) assertEquals(entry.shape(), opened.tensor(entry.name()).shape());
                }
            }
        }
    }

    private static MemorySegment segment(Tensor tensor) {
        return assertInstanceOf(Storage.Mapped.class, tensor.storage()).data();
    }
}
