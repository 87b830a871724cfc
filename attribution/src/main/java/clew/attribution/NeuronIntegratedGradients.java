package clew.attribution;

import clew.model.LanguageModel;
import clew.model.Run;
import java.util.ArrayList;
import java.util.List;

/// `(e − e′) ⊙ ∫₀¹ ∂n/∂e dα` — integrated gradients of one neuron n, whatever the target (Captum's
/// NeuronIntegratedGradients). Complete in the limit: `Σ scores = n(x) − n(baseline)`.
public record NeuronIntegratedGradients(Neuron neuron, Baseline baseline, int steps, Quadrature quadrature,
                                        Aggregate aggregate) implements MovingMethod {
    public NeuronIntegratedGradients {
        quadrature.requireSteps(steps);
    }

    @Override
    public String name() {
        return "neuron-integrated-gradients";
    }

    @Override
    public void require(LanguageModel model, Groups groups) {
        neuron.require(model);
        baseline.require(model);
    }

    @Override
    public long evaluations(Groups groups, int targets) {
        return steps + 2L;
    }

    @Override
    public Attribution explain(Run run, List<Explained> targets, int prompt) {
        require(run.model(), Groups.each(run.pass().tokens()));
        var work = new Explanation(run, targets);
        var inputs = new Inputs(run, targets, prompt, neuron.hook());
        var line = new Line(inputs.repeated(baseline), inputs.own());
        var rule = quadrature.rule(steps);
        var mean = new double[line.to().length];
        inputs.each(steps, i -> line.at(rule.alphas()[i]),
            batch -> Line.add(mean, neuron.gradient(batch.run()), rule.weights(), batch.first()));
        var ends = new double[2];
        inputs.each(2, i -> i == 0 ? line.from() : line.to(), batch -> {
            for (int b = 0; b < batch.count(); b++) ends[batch.first() + b] = neuron.value(batch.run(), b);
        });
        work.evaluated(steps + 2L);
        double[][] features = new double[targets.size()][], scores = new double[targets.size()][];
        var deltas = new ArrayList<Double>();
        for (int t = 0; t < scores.length; t++) {
            features[t] = line.times(mean);
            scores[t] = aggregate.of(features[t], inputs.width());
            deltas.add(Products.sum(features[t]) - (ends[1] - ends[0]));
        }
        var parameters = work.path(baseline, steps, quadrature, aggregate);
        parameters.put("neuron", neuron.toString());
        parameters.put("value", ends[1]);
        return work.result(name(), parameters, scores, features, null, deltas, List.of());
    }
}
