package clew.attribution;

import clew.model.LanguageModel;
import clew.model.Run;
import java.util.List;

/// `(e − e′) ⊙ ∫₀¹ ∂f/∂n · ∂n/∂e dα` — what flows from each token to the target through one neuron n (Dhamdhere et al.
/// 2018, eq. 3; Captum's NeuronConductance). Its sum is the neuron's share in [LayerConductance].
public record NeuronConductance(Neuron neuron, Baseline baseline, int steps, Quadrature quadrature,
                                Aggregate aggregate) implements AdditiveMethod, MovingMethod {
    public NeuronConductance {
        quadrature.requireSteps(steps);
    }

    @Override
    public String name() {
        return "neuron-conductance";
    }

    @Override
    public void require(LanguageModel model, Groups groups) {
        neuron.require(model);
        baseline.require(model);
    }

    @Override
    public long evaluations(Groups groups, int targets) {
        return steps;
    }

    @Override
    public Attribution explain(Run run, List<Explained> targets, int prompt) {
        require(run.model(), Groups.each(run.pass().tokens()));
        var work = new Explanation(run, targets);
        var inputs = new Inputs(run, targets, prompt, neuron.hook());
        var line = new Line(inputs.repeated(baseline), inputs.own());
        var rule = quadrature.rule(steps);
        var mean = new double[targets.size()][line.to().length];
        inputs.each(steps, i -> line.at(rule.alphas()[i]), batch -> {
            var inner = neuron.gradient(batch.run());                                           // ∂n/∂e
            var E = line.to().length;
            for (int t = 0; t < mean.length; t++) {
                var outer = batch.gradient(targets.get(t), batch.run().value(neuron.hook()));
                for (int i = 0; i < inner.length; i++)
                    mean[t][i % E] += rule.weights()[batch.first() + i / E] * inner[i]
                        * outer[neuron.at(batch.run(), i / E)];
            }
        });
        work.evaluated(steps);
        double[][] features = new double[targets.size()][], scores = new double[targets.size()][];
        for (int t = 0; t < scores.length; t++) {
            features[t] = line.times(mean[t]);
            scores[t] = aggregate.of(features[t], inputs.width());
        }
        var parameters = work.path(baseline, steps, quadrature, aggregate);
        parameters.put("neuron", neuron.toString());
        return work.result(name(), parameters, scores, features, null, List.of(), List.of());
    }
}
