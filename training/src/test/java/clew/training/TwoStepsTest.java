package clew.training;

import static org.junit.jupiter.api.Assertions.assertEquals;

import clew.engine.kernel.SimdKernels;
import clew.engine.kernel.Workers;
import clew.model.Models;
import clew.model.Trainable;
import clew.weights.Config;
import clew.weights.SafeTensors;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Two steps from the same weights on the same batches end where PyTorch's end (docs/golden/two_steps.py).
final class TwoStepsTest {
    /// Gradients round by about 1e-7, which the optimiser multiplies by rate/ε = 3 at most, twice.
    private static final double TOLERANCE = 2e-6;

    @TempDir Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"llama", "gpt2"})
    void stepsEndWherePyTorchEnds(String name) throws IOException, URISyntaxException {
        var config = Config.read(Files.writeString(folder.resolve("config.json"),
            name.equals("llama") ? TrainerTest.LLAMA : TrainerTest.GPT2));
        var file = TwoStepsTest.class.getResource("two-steps-" + name + ".safetensors");
        try (var golden = SafeTensors.open(Path.of(file.toURI()))) {
            var parameters = new Parameters(1, 2, 0.02);
            var model = new Trainable(Models.family(config, parameters), new SimdKernels(Workers.of(1)));
            parameters.all().forEach((weight, tensor) -> {
                var before = golden.tensor("before." + weight).toFloats();
                System.arraycopy(before, 0, Parameters.array(tensor), 0, before.length);
            });
            var optimiser = new AdamW(new AdamW.Options(0.9, 0.95, 1e-3, 0.1));
            var trainer = new Trainer(model, parameters, optimiser, new Schedule(3e-3, 2e-3, 0, 0, 2)::rate, 0.5);
            for (int step = 0; step < 2; step++) trainer.step(batch(golden, step));
            var losses = golden.tensor("losses").toDoubles();
            for (int step = 0; step < 2; step++) assertEquals(losses[step], trainer.losses().get(step), TOLERANCE);
            parameters.all().forEach((weight, tensor) -> {
                var after = golden.tensor("after." + weight).toFloats();
                var ours = Parameters.array(tensor);
                for (int i = 0; i < after.length; i++) assertEquals(after[i], ours[i], TOLERANCE, weight + " " + i);
            });
        }
    }

    private static Batch batch(SafeTensors golden, int step) {
        var ids = golden.tensor("ids." + step);
        List<Document> documents = new ArrayList<>();
        for (int b = 0; b < ids.rows(); b++) {
            var text = new int[ids.cols()];
            for (int t = 0; t < text.length; t++) text[t] = (int) ids.get((long) b * text.length + t);
            documents.add(Document.of(text));
        }
        return Batch.of(documents);
    }
}
