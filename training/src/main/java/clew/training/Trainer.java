package clew.training;

import clew.engine.tensor.Tensor;
import clew.model.Trainable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Steps a model over batches: cross-entropy, gradients, clipping by global norm, AdamW at the schedule's rate.
///
/// The result depends on the seeds alone, not on the number of threads: kernels and loops own their outputs.
public final class Trainer {
    private final Trainable model;
    private final AdamW optimiser;
    private final Schedule schedule;
    private final double clip;
    private final List<Double> losses = new ArrayList<>();

    /// @param clip the largest global gradient norm that is left as it is
    public Trainer(Trainable model, AdamW optimiser, Schedule schedule, double clip) {
        this.model = model;
        this.optimiser = optimiser;
        this.schedule = schedule;
        this.clip = clip;
    }

    /// Losses of the steps taken.
    public List<Double> losses() {
        return losses;
    }

    /// One step; its loss in nats per predicted token, before the step.
    public double step(Batch batch) {
        var t = optimiser.steps();
        var forward = model.forward(batch.ids(), batch.sequences());
        var loss = CrossEntropy.of(model.kernels(), forward.logits(), batch.labels());
        if (!Double.isFinite(loss.loss()))
            throw new ArithmeticException("the loss of step " + t + " is " + loss.loss() + "; lower the learning rate");
        var gradients = forward.gradients(loss.seed());
        var norm = norm(gradients);
        optimiser.step(gradients, schedule.rate(t), norm > clip ? clip / norm : 1);
        losses.add(loss.loss());
        return loss.loss();
    }

    private static double norm(Map<Tensor, Tensor> gradients) {
        var perWeight = new ArrayList<Double>();
        gradients.values().forEach(g -> {
            var sum = 0.0;
            for (float v : Parameters.array(g)) sum += (double) v * v;
            perWeight.add(sum);
        });
        perWeight.sort(null);                                   // an identity map has no order of its own
        return Math.sqrt(perWeight.stream().mapToDouble(d -> d).sum());
    }
}
