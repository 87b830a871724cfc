package clew.attribution;

import clew.model.LanguageModel;
import clew.model.Run;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// `Σ_d e · ∂n/∂e` — the first-order share of each token in one neuron n, whatever the target (Captum's NeuronGradient
/// times the input).
public record NeuronInputXGradient(Neuron neuron, Aggregate aggregate) implements AttributionMethod {
    @Override
    public String name() {
        return "neuron-input-x-gradient";
    }

    @Override
    public Set<String> hooks(LanguageModel model) {
        return Set.of(neuron.hook());
    }

    @Override
    public void require(LanguageModel model, Groups groups) {
        neuron.require(model);
    }

    @Override
    public Attribution explain(Run run, List<Explained> targets) {
        require(run.model(), Groups.each(run.pass().tokens()));
        var work = new Explanation(run, targets);
        var held = work.declaring(hooks(run.model()));
        var e = held.embeddings();
        var one = Products.of(e.tensor().toDoubles(), neuron.gradient(held));                   // [T, D]
        double[][] features = new double[targets.size()][], scores = new double[targets.size()][];
        for (int t = 0; t < scores.length; t++) {
            features[t] = one.clone();
            scores[t] = aggregate.of(one, e.cols());
        }
        var parameters = Map.<String, Object>of("neuron", neuron.toString(), "value", neuron.value(held, 0),
            "aggregate", aggregate.label());
        return work.result(name(), parameters, scores, features, null, List.of(), List.of());
    }
}
