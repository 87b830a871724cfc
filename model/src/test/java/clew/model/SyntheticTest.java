package clew.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clew.engine.kernel.ScalarKernels;
import clew.engine.tensor.DType;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A synthetic checkpoint is one like any other: it opens, has the shape asked for, and runs.
final class SyntheticTest {
    @ParameterizedTest
    @CsvSource({"gpt2,F32", "gpt2,BF16", "llama,F32", "llama,BF16", "llama,F16"})
    void opensAndRuns(String family, DType dtype, @TempDir Path dir) {
        new Synthetic(family, 2, 16, 4, family.equals("llama") ? 2 : 4, 24, 40, 8, dtype).write(dir);
        try (var model = Models.open(dir, new ScalarKernels()); var run = model.run(Pass.of(1, 2, 3))) {
            assertEquals(2, model.spec().layers());
            assertEquals(24, model.spec().hidden());
            assertEquals(dtype, model.embeddings().table().dtype());
            assertTrue(Arrays.stream(run.logits(0, 2)).allMatch(Double::isFinite));
        }
    }

    @ParameterizedTest
    @CsvSource({"gpt2,124439808", "llama,1235814400"})
    void theNamedShapesHaveTheirParameters(String family, long parameters) {
        var shape = family.equals("gpt2") ? Synthetic.gpt2Small(DType.F32) : Synthetic.llama1b(DType.BF16);
        assertEquals(parameters, shape.parameters());
    }
}
