package clew.attribution;

import clew.model.LanguageModel;
import clew.model.Run;
import java.util.List;

/// `∫₀¹ ∂f/∂y(α) dα` — how f reacts to each neuron y of a hook point, averaged on the way from the baseline to the
/// input (Leino et al. 2018, "Influence-directed explanations", with the straight path as distribution of interest).
///
/// An influence, not a share: it does not add up to f.
///
/// @param hook the full name of a hook point
public record InternalInfluence(String hook, Baseline baseline, int steps, Quadrature quadrature, Aggregate aggregate)
        implements AdditiveMethod, MovingMethod {
    public InternalInfluence {
        quadrature.requireSteps(steps);
    }

    @Override
    public String name() {
        return "internal-influence";
    }

    @Override
    public void require(LanguageModel model, Groups groups) {
        Place.of(model, hook);
        baseline.require(model);
    }

    @Override
    public long evaluations(Groups groups, int targets) {
        return steps;
    }

    @Override
    public Attribution explain(Run run, List<Explained> targets, int prompt) {
        var work = new Explanation(run, targets);
        var place = Place.of(run.model(), hook);
        var inputs = new Inputs(run, targets, prompt, hook);
        var line = new Line(inputs.repeated(baseline), inputs.own());
        var rule = quadrature.rule(steps);
        double[][] features = new double[targets.size()][], scores = new double[targets.size()][];
        var sums = new double[targets.size()][];
        inputs.each(steps, i -> line.at(rule.alphas()[i]), batch -> {
            var y = batch.run().value(hook);
            for (int t = 0; t < sums.length; t++) {
                if (sums[t] == null) sums[t] = new double[Place.size(y, batch.run())];
                Line.add(sums[t], batch.gradient(targets.get(t), y), rule.weights(), batch.first());
                features[t] = place.byToken(sums[t], batch.run());
                scores[t] = aggregate.of(features[t], features[t].length / run.pass().tokens());
            }
        });
        work.evaluated(steps);
        var parameters = work.path(baseline, steps, quadrature, aggregate);
        parameters.put("hook", hook);
        return work.result(name(), parameters, scores, features, null, List.of(), List.of());
    }
}
