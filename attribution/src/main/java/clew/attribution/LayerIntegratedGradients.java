package clew.attribution;

import clew.engine.tensor.Shape;
import clew.model.Edit;
import clew.model.LanguageModel;
import clew.model.Run;
import java.util.ArrayList;
import java.util.List;

/// `(y − y′) ⊙ ∫₀¹ ∂f/∂y(y′ + α(y − y′)) dα` — integrated gradients of what passes a hook point, y′ being what passes
/// there at the baseline (Captum's LayerIntegratedGradients). What lies before the hook point is never run in between.
///
/// Complete in the limit: `Σ scores = f(x) − f(x with y′ in the place of y)`.
///
/// @param hook the full name of a hook point
public record LayerIntegratedGradients(String hook, Baseline baseline, int steps, Quadrature quadrature,
                                       Aggregate aggregate) implements AdditiveMethod, MovingMethod {
    public LayerIntegratedGradients {
        quadrature.requireSteps(steps);
    }

    @Override
    public String name() {
        return "layer-integrated-gradients";
    }

    @Override
    public void require(LanguageModel model, Groups groups) {
        Place.of(model, hook);
        baseline.require(model);
    }

    @Override
    public long evaluations(Groups groups, int targets) {
        return steps + 3L;
    }

    @Override
    public Attribution explain(Run run, List<Explained> targets, int prompt) {
        var work = new Explanation(run, targets);
        var place = Place.of(run.model(), hook);
        var inputs = new Inputs(run, targets, prompt, hook);
        double[] from = inputs.passing(inputs.repeated(baseline)), to = inputs.passing(inputs.own());
        var line = new Line(from, to);
        var rule = quadrature.rule(steps);
        var mean = new double[targets.size()][to.length];
        for (int i = 0; i < steps; i++)
            try (var step = inputs.edited(patch(run, line.at(rule.alphas()[i])))) {
                for (int t = 0; t < mean.length; t++)
                    Line.add(mean[t], new Inputs.Batch(step, 0).gradient(targets.get(t), step.value(hook)),
                        rule.weights(), i);
            }
        double[][] features = new double[targets.size()][], scores = new double[targets.size()][];
        var deltas = new ArrayList<Double>();
        try (var start = inputs.edited(patch(run, from))) {
            for (int t = 0; t < scores.length; t++) {
                var f = targets.get(t);
                features[t] = place.byToken(line.times(mean[t]), start);
                scores[t] = aggregate.of(features[t], features[t].length / run.pass().tokens());
                deltas.add(Products.sum(features[t]) - (f.value() - f.at(start, 0)));
            }
        }
        work.evaluated(steps + 3L);
        var parameters = work.path(baseline, steps, quadrature, aggregate);
        parameters.put("hook", hook);
        return work.result(name(), parameters, scores, features, null, deltas, List.of());
    }

    private Edit patch(Run run, double[] value) {
        return new Edit.Patch(Edit.Where.all(hook), run.model().kernels().tensor(
            Shape.of(value.length), value));
    }
}
