package clew.attribution;

import clew.model.LanguageModel;
import clew.model.Run;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// `Σ_i ∂f/∂y(α_i) ⊙ (y(α_{i+1}) − y(α_i))` — what flows through each neuron y of a hook point while the embeddings go
/// from the baseline to the input (Dhamdhere et al. 2018, eq. 4 in Captum's form: `steps + 1` nodes of the quadrature,
/// the gradient at the left end of each step).
///
/// Complete in the limit at every hook point that all of f passes: `Σ scores = f(x) − f(baseline)`. At others (a head,
/// the MLP's output) the convergence delta is what goes past, and a warning says so.
///
/// @param hook the full name of a hook point
public record LayerConductance(String hook, Baseline baseline, int steps, Quadrature quadrature, Aggregate aggregate)
        implements AdditiveMethod, MovingMethod {
    public LayerConductance {
        quadrature.requireSteps(steps);
    }

    @Override
    public String name() {
        return "layer-conductance";
    }

    @Override
    public void require(LanguageModel model, Groups groups) {
        Place.of(model, hook);
        baseline.require(model);
    }

    @Override
    public long evaluations(Groups groups, int targets) {
        return steps + 2L;
    }

    @Override
    public Attribution explain(Run run, List<Explained> targets, int prompt) {
        var work = new Explanation(run, targets);
        var place = Place.of(run.model(), hook);
        var inputs = new Inputs(run, targets, prompt, hook);
        var line = new Line(inputs.repeated(baseline), inputs.own());
        var alphas = quadrature.rule(steps + 1).alphas();
        var sums = new ArrayList<Steps>();
        for (int t = 0; t < targets.size(); t++) sums.add(new Steps());
        double[][] features = new double[targets.size()][], scores = new double[targets.size()][];
        var carriesAll = new boolean[1];
        inputs.each(steps + 1, i -> line.at(alphas[i]), batch -> {
            carriesAll[0] = batch.run().carries(hook, batch.run().embeddings());
            var y = batch.run().value(hook);
            var n = Place.size(y, batch.run());
            var values = y.tensor().toDoubles();
            for (int t = 0; t < targets.size(); t++) {
                var gradients = batch.gradient(targets.get(t), y);
                for (int b = 0; b < batch.count(); b++)
                    sums.get(t).next(Arrays.copyOfRange(values, b * n, (b + 1) * n),
                        Arrays.copyOfRange(gradients, b * n, (b + 1) * n));
                features[t] = place.byToken(sums.get(t).sum, batch.run());
                scores[t] = aggregate.of(features[t], features[t].length / run.pass().tokens());
            }
        });
        work.evaluated(steps + 2L);
        var start = inputs.values(line.from());
        var deltas = new ArrayList<Double>();
        for (int t = 0; t < targets.size(); t++)
            deltas.add(Products.sum(features[t]) - (targets.get(t).value() - start[t]));
        if (!carriesAll[0])
            work.warn("not all of f passes " + hook + ": the convergence delta has what goes past it, which no number"
                + " of steps brings to 0; layer-integrated-gradients is complete at every hook point");
        var parameters = work.path(baseline, steps, quadrature, aggregate);
        parameters.put("hook", hook);
        return work.result(name(), parameters, scores, features, null, deltas, List.of());
    }

    /// The sum over the points of a path, given one after another.
    static final class Steps {
        private double[] value = {}, gradient = {};
        double[] sum = {};

        void next(double[] y, double[] g) {
            if (sum.length == 0) sum = new double[y.length];
            else for (int i = 0; i < y.length; i++) sum[i] += gradient[i] * (y[i] - value[i]);
            value = y;
            gradient = g;
        }
    }
}
