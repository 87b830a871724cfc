package clew.training;

import clew.engine.tensor.Tensor;
import clew.model.Trainable;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;

/// Steps a model over batches: cross-entropy, gradients, clipping by global norm, AdamW at the schedule's rate.
///
/// The result depends on the seeds alone, not on the number of threads: kernels and loops own their outputs.
public final class Trainer {
    private final Trainable model;
    private final Parameters parameters;
    private final AdamW optimiser;
    private final IntToDoubleFunction rate;
    private final double clip;
    private final List<Double> losses = new ArrayList<>();

    /// @param parameters the model's weights
    /// @param rate       the learning rate of a step: a [Schedule]'s, or several's
    /// @param clip       the largest global gradient norm that is left as it is
    public Trainer(Trainable model, Parameters parameters, AdamW optimiser, IntToDoubleFunction rate, double clip) {
        this.model = model;
        this.parameters = parameters;
        this.optimiser = optimiser;
        this.rate = rate;
        this.clip = clip;
    }

    /// The same trainer at the same step, on the model as other kernels compute it.
    public Trainer on(Trainable model) {
        var other = new Trainer(model, parameters, optimiser, rate, clip);
        other.losses.addAll(losses);
        return other;
    }

    /// Losses of the steps taken.
    public List<Double> losses() {
        return losses;
    }

    /// One step; its loss in nats per predicted token, before the step.
    public double step(Batch batch) {
        var t = optimiser.steps();
        CrossEntropy loss;
        Map<Tensor, Tensor> gradients;
        try (var forward = model.forward(batch.ids(), batch.sequences(), batch.rows())) {
            loss = CrossEntropy.of(model.kernels(), forward.logits(), batch.labels());
            if (!Double.isFinite(loss.loss())) throw new ArithmeticException(
                "the loss of step " + t + " is " + loss.loss() + "; lower the learning rate");
            gradients = ofParameters(forward.gradients(loss.seed()));
        }
        var norm = norm(gradients);
        optimiser.step(gradients, rate.applyAsDouble(t), norm > clip ? clip / norm : 1);
        losses.add(loss.loss());
        return loss.loss();
    }

    /// The same gradients by the weights as [Parameters] has them: GPT-2 sees the biases of q, k and v as a matrix.
    private Map<Tensor, Tensor> ofParameters(Map<Tensor, Tensor> gradients) {
        var byArray = new IdentityHashMap<float[], Tensor>();
        gradients.forEach((weight, gradient) -> byArray.put(Parameters.array(weight), gradient));
        var out = new LinkedHashMap<Tensor, Tensor>();
        for (var weight : parameters.all().values()) {
            var gradient = byArray.get(Parameters.array(weight));
            if (gradient != null) out.put(weight, gradient);
        }
        return out;
    }

    private static double norm(Map<Tensor, Tensor> gradients) {
        var perWeight = new ArrayList<Double>();
        gradients.values().forEach(g -> {
            var sum = 0.0;
            for (float v : Parameters.array(g)) sum += (double) v * v;
            perWeight.add(sum);
        });
        perWeight.sort(null);                                   // the same sum in whatever order weights were read
        return Math.sqrt(perWeight.stream().mapToDouble(d -> d).sum());
    }
}
