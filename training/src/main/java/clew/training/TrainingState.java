package clew.training;

import clew.engine.tensor.Tensor;
import clew.weights.SafeTensors;
import clew.weights.SafeTensorsWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/// Everything a run needs to go on as if it had not been interrupted: weights, moments, steps and losses, in one file.
///
/// The order of the data is a function of the step ([Batches]), so nothing else is kept.
public final class TrainingState {
    private TrainingState() {}

    /// Writes the state; a file that is there is replaced only once the new one is whole.
    public static void save(Path file, Parameters parameters, AdamW optimiser, Trainer trainer) {
        var tensors = new LinkedHashMap<String, Tensor>();
        parameters.all().forEach((name, weight) -> {
            var moments = optimiser.moments(weight);
            var dims = weight.shape().dims();
            tensors.put(name, weight);
            tensors.put("m." + name, Tensor.of(moments.m(), dims));
            tensors.put("v." + name, Tensor.of(moments.v(), dims));
        });
        var losses = trainer.losses().stream().mapToDouble(d -> d).toArray();
        tensors.put("losses", Tensor.of(losses, losses.length));
        SafeTensorsWriter.write(file, tensors, Map.of("steps", Integer.toString(optimiser.steps())));
    }

    /// Reads a state into a fresh trainer; nothing happens if there is no file. Returns the steps taken so far.
    public static int resume(Path file, Parameters parameters, AdamW optimiser, Trainer trainer) {
        if (!Files.exists(file)) return 0;
        try (var state = SafeTensors.open(file)) {
            parameters.all().forEach((name, weight) -> {
                copy(state.tensor(name), Parameters.array(weight));
                copy(state.tensor("m." + name), optimiser.moments(weight).m());
                copy(state.tensor("v." + name), optimiser.moments(weight).v());
            });
            Arrays.stream(state.tensor("losses").toDoubles()).forEach(trainer.losses()::add);
            optimiser.resume(Integer.parseInt(state.metadata().get("steps")));
            return optimiser.steps();
        }
    }

    private static void copy(Tensor from, float[] to) {
        System.arraycopy(from.toFloats(), 0, to, 0, to.length);
    }
}
