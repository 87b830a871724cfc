package clew.attribution;

import clew.engine.rule.RuleSets;
import clew.model.LanguageModel;
import clew.model.Run;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// `(e − e′) ⊙ m`, m the gradient with a finite difference from baseline to input in the place of every derivative:
/// DeepLIFT's Rescale rule (Shrikumar et al. 2017, eq. 9) at every op ([RuleSets#DEEP_LIFT]).
///
/// `Σ scores = f(x) − f(baseline)` exactly, by one pass over the two; the convergence delta is rounding. On a net of
/// linear layers and activations it is Captum's DeepLift. Captum takes the plain gradient of what is no module with an
/// activation's name, so of a transformer from Hugging Face it makes input × gradient.
public record DeepLift(Baseline baseline, Aggregate aggregate) implements AdditiveMethod, MovingMethod {
    @Override
    public String name() {
        return "deeplift";
    }

    @Override
    public void require(LanguageModel model, Groups groups) {
        baseline.require(model);
    }

    @Override
    public long evaluations(Groups groups, int targets) {
        return 2;
    }

    @Override
    public Attribution explain(Run run, List<Explained> targets, int prompt) {
        var work = new Explanation(run, targets);
        var inputs = new Inputs(run, targets, prompt);
        var line = new Line(inputs.repeated(baseline), inputs.own());                           // [T, D]
        double[][] features = new double[targets.size()][], scores = new double[targets.size()][];
        var deltas = new ArrayList<Double>();
        try (var pair = inputs.against(line.to(), line.from())) {
            var e = pair.embeddings();
            work.backward(pair, f -> f.difference(pair), RuleSets.DEEP_LIFT, Set.of(e), (t, back, seed) -> {
                features[t] = line.times(Arrays.copyOf(back.of(e).of(seed), line.to().length));
                scores[t] = aggregate.of(features[t], inputs.width());
                deltas.add(Products.sum(features[t]) - (targets.get(t).value() - targets.get(t).at(pair, 1)));
            });
        }
        work.evaluated(2);
        var parameters = Map.<String, Object>of("baseline", baseline.toString(), "aggregate", aggregate.label());
        return work.result(name(), parameters, scores, features, null, deltas, List.of());
    }
}
