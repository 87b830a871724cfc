package clew.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import clew.engine.kernel.SimdKernels;
import clew.engine.kernel.Workers;
import clew.engine.tensor.DType;
import clew.engine.tensor.Shape;
import clew.engine.tensor.Tensor;
import clew.weights.Config;
import clew.weights.SafeTensorsWriter;
import clew.weights.TensorSource;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The config.json of real models open, and the weights they ask for are as many as their authors publish.
final class RealConfigsTest {
    @TempDir
    Path dir;

    /// Every tensor there could be, its elements all zero: views of one file that takes no room on the disk.
    private static final class Zeros implements TensorSource, AutoCloseable {
        private static final long LARGEST = 1L << 30;

        final Map<String, Tensor> asked = new LinkedHashMap<>();
        private final Arena arena = Arena.ofShared();
        private final MemorySegment zeros;

        Zeros(Path sparse) throws IOException {
            try (var file = FileChannel.open(sparse, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ,
                StandardOpenOption.WRITE, StandardOpenOption.SPARSE)) {
                file.write(ByteBuffer.allocate(1), LARGEST - 1);
                zeros = file.map(MapMode.READ_ONLY, 0, LARGEST, arena);
            }
        }

        @Override
        public String origin() {
            return "nowhere";
        }

        /// As in the published files, no head lies beside embeddings that it is tied to.
        @Override
        public boolean has(String name) {
            return !name.equals("lm_head.weight");
        }

        @Override
        public Tensor tensor(String name, int... dims) {
            return asked.computeIfAbsent(name,
                _ -> Tensor.mapped(zeros.asSlice(0, 2 * Shape.of(dims).size()), DType.BF16, dims));
        }

        @Override
        public void close() {
            arena.close();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "gpt2,                  124439808,  gpt2,  1024",   "llama-3.2-1b,             1235814400, llama, 131072",
        "smollm2-135m,          134515008,  llama, 8192",   "tinyllama-1.1b-chat-v1.0, 1100048384, llama, 2048",
        "qwen2.5-0.5b-instruct, 494032768,  qwen2, 32768",  "qwen2.5-1.5b-instruct,    1543714304, qwen2, 32768"})
    void parametersAreAsManyAsPublished(String name, long published, String family, int positions) throws IOException {
        var file = Shared.path("configs/" + name + ".config.json");
        try (var zeros = new Zeros(dir.resolve("zeros"))) {
            var spec = Models.family(Config.read(file), zeros).spec();
            assertEquals(published, zeros.asked.values().stream().mapToLong(Tensor::size).sum());
            assertEquals(family, spec.family());
            assertEquals(positions, spec.positions());
            if (published < 200_000_000) opensAndRuns(file, zeros.asked, spec.vocabulary());
        }
    }

    private void opensAndRuns(Path config, Map<String, Tensor> weights, int vocabulary) throws IOException {
        var here = Files.createDirectory(dir.resolve("model"));
        Files.copy(config, here.resolve("config.json"));
        SafeTensorsWriter.write(here.resolve("model.safetensors"), weights, Map.of());
        try (var model = Models.open(here, new SimdKernels(Workers.of(2))); var run = model.run(Pass.of(1, 2, 3))) {
            assertEquals(vocabulary, run.logits(0, 2).length);
        }
    }
}
