package clew.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clew.engine.kernel.Kernels;
import clew.engine.kernel.ScalarKernels;
import clew.engine.kernel.SimdKernels;
import clew.engine.kernel.Workers;
import clew.engine.tensor.Tensor;
import clew.model.Models;
import clew.model.Trainable;
import clew.weights.Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Gradients are those of the loss, steps reduce it, and neither depends on the number of threads.
final class TrainerTest {
    static final String LLAMA = """
        {"model_type": "llama", "hidden_size": 16, "num_attention_heads": 4, "num_key_value_heads": 2,
                "num_hidden_layers": 2,
         "intermediate_size": 24, "vocab_size": 29, "max_position_embeddings": 32, "tie_word_embeddings": true}""";
    static final String GPT2 = """
        {"model_type": "gpt2", "n_embd": 16, "n_head": 4, "n_layer": 2, "vocab_size": 29, "n_positions": 32}""";

    private static final double H = 0x1p-15;

    @TempDir Path folder;

    @ParameterizedTest
    @ValueSource(strings = {LLAMA, GPT2})
    void gradientOfEveryWeightEqualsCentralDifference(String config) throws IOException {
        var kernels = new ScalarKernels();
        var parameters = new Parameters(7, 2, 0.02);
        var model = new Trainable(Models.family(config(config), parameters), kernels);
        var batch = batches(3).at(0);
        spread(parameters);
        var step = model.forward(batch.ids(), batch.sequences(), batch.rows());
        var gradients = step.gradients(CrossEntropy.of(kernels, step.logits(), batch.labels()).seed());
        var random = new Random(11);
        for (var entry : parameters.all().entrySet()) {
            var weight = Parameters.array(entry.getValue());
            var gradient = ofArray(gradients.entrySet(), weight);
            var direction = random.doubles(weight.length, -1, 1).toArray();
            var before = weight.clone();
            var moved = 0.0;  // what the gradient says of the step taken in floats
            double up = lossAt(model, batch, weight, before, direction, H);
            for (int i = 0; i < weight.length; i++) moved += gradient.get(i) * weight[i];
            double down = lossAt(model, batch, weight, before, direction, -H);
            for (int i = 0; i < weight.length; i++) moved -= gradient.get(i) * weight[i];
            System.arraycopy(before, 0, weight, 0, weight.length);
            assertEquals(moved / (2 * H), (up - down) / (2 * H), 1e-5 * Math.max(1e-2, Math.abs(moved / (2 * H))),
                    entry.getKey());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {LLAMA, GPT2})
    void stepsLearnARepeatingSequence(String config) throws IOException {
        var losses = train(config, new SimdKernels(Workers.of(1)), 120);
        assertTrue(losses.getFirst() > 3 && losses.getLast() < 0.5,
                "from " + losses.getFirst() + " to " + losses.getLast());
    }

    @Test
    void lossesAreBitIdenticalForAnyNumberOfThreads() throws IOException {
        var one = train(LLAMA, new SimdKernels(Workers.of(1)), 8);
        assertEquals(one, train(LLAMA, new SimdKernels(Workers.of(2)), 8));
        assertEquals(one, train(LLAMA, new SimdKernels(Workers.of(5)), 8));
    }

    @ParameterizedTest
    @ValueSource(strings = {LLAMA, GPT2})
    void anInterruptedRunGoesOnAsIfItHadNotBeen(String config) throws IOException {
        var whole = train(config, new SimdKernels(Workers.of(1)), 8);
        var file = folder.resolve("state.safetensors");
        var schedule = new Schedule(1e-2, 1e-3, 5, 0, 8);
        for (int part = 0; part < 2; part++) {
            var parameters = new Parameters(7, 2, 0.02);
            var optimiser = new AdamW(new AdamW.Options());
            var family = Models.family(config(config), parameters);
            var model = new Trainable(family, new SimdKernels(Workers.of(1)));
            var trainer = new Trainer(model, parameters, optimiser, schedule::rate, 1);
            var batches = batches(3);
            for (int t = TrainingState.resume(file, parameters, optimiser, trainer); t < 4 + 4 * part; t++)
                trainer.step(batches.at(t));
            TrainingState.save(file, parameters, optimiser, trainer);
            if (part == 1) assertEquals(whole, trainer.losses());
        }
    }

    @Test
    void crossEntropySeedSumsToZeroInEveryRow() {
        var kernels = new ScalarKernels();
        var loss = CrossEntropy.of(kernels, Tensor.of(new double[] {0, 0, 0, 0, 3, 3, 3, 3}, 2, 4), new int[] {2, 0});
        assertEquals(Math.log(4), loss.loss(), 1e-15);
        assertArrayEquals(new double[] {.125, .125, -.375, .125, -.375, .125, .125, .125}, loss.seed().toDoubles(),
            1e-15);
    }

    @Test
    void scheduleWarmsUpAndEndsAtItsFloor() {
        var schedule = new Schedule(1, 0.1, 10, 20, 100);
        assertEquals(0.1, schedule.rate(0), 1e-15);
        assertEquals(1, schedule.rate(9), 1e-15);
        assertEquals(1, schedule.rate(30), 1e-15);
        assertEquals(0.1, schedule.rate(99), 1e-15);
    }

    private List<Double> train(String config, Kernels kernels, int steps) throws IOException {
        var parameters = new Parameters(7, 2, 0.02);
        var family = Models.family(config(config), parameters);
        var schedule = new Schedule(1e-2, 1e-3, 5, 0, steps);
        var trainer = new Trainer(new Trainable(family, kernels), parameters, new AdamW(new AdamW.Options()),
            schedule::rate, 1);
        var batches = batches(3);
        for (int t = 0; t < steps; t++) trainer.step(batches.at(t));
        return trainer.losses();
    }

    /// Documents that count upwards from a random start.
    private static Batches batches(long seed) {
        var random = new Random(seed);
        var documents = new ArrayList<Document>();
        for (int d = 0; d < 64; d++) {
            var start = random.nextInt(29);
            documents.add(Document.of(IntStream.range(0, 6 + random.nextInt(8)).map(i -> (start + i) % 29).toArray()));
        }
        return new Batches(documents, 96, seed);
    }

    /// Larger weights than a fresh model's, so that no gradient is lost in the noise of the difference.
    private static void spread(Parameters parameters) {
        var random = new Random(5);
        for (var tensor : parameters.all().values()) {
            var w = Parameters.array(tensor);
            for (int i = 0; i < w.length; i++) w[i] += (float) (0.2 * random.nextGaussian());
        }
    }

    private static double lossAt(Trainable model, Batch batch, float[] w, float[] from, double[] along, double by) {
        for (int i = 0; i < w.length; i++) w[i] = (float) (from[i] + by * along[i]);
        return CrossEntropy.of(model.kernels(), model.forward(batch.ids(), batch.sequences(), batch.rows()).logits(),
                batch.labels()).loss();
    }

    private static Tensor ofArray(Iterable<Map.Entry<Tensor, Tensor>> gradients, float[] weight) {
        for (var entry : gradients) if (Parameters.array(entry.getKey()) == weight) return entry.getValue();
        throw new AssertionError("a weight without a gradient");
    }

    private Config config(String json) throws IOException {
        return Config.read(Files.writeString(folder.resolve("config.json"), json));
    }
}
