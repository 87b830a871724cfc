package clew.attribution;

import clew.model.LanguageModel;
import clew.model.Run;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// `(e − e′) ⊙ ∫₀¹ g(e′ + α(e − e′)) dα` — the gradient along the straight path from a baseline
/// (Sundararajan et al. 2017).
///
/// Complete in the limit: `Σ scores = f(x) − f(baseline)`; what is missing is reported as the convergence delta.
/// The steps are sequences of one batch.
///
/// @param steps     points of the quadrature; with a tolerance, of each interval
/// @param tolerance 0 for one quadrature over the whole path; else the path is halved where it misses most until the
///                  scores are complete up to this share of `max(|f(x)|, |f(baseline)|)`; the result says if they
///                  are not after 128 intervals, and so does a warning
public record IntegratedGradients(Baseline baseline, int steps, Quadrature quadrature, double tolerance,
                                  Aggregate aggregate) implements AdditiveMethod, MovingMethod {
    public IntegratedGradients {
        quadrature.requireSteps(steps);
        if (!(tolerance >= 0 && tolerance < 1))
            throw new IllegalArgumentException("tolerance must be from 0 to below 1, not " + tolerance);
    }

    /// One quadrature over the whole path.
    public IntegratedGradients(Baseline baseline, int steps, Quadrature quadrature, Aggregate aggregate) {
        this(baseline, steps, quadrature, 0, aggregate);
    }

    /// 50 Gauss–Legendre steps from zero, as Captum.
    public IntegratedGradients() {
        this(new Baseline.Zero(), 50, Quadrature.GAUSS_LEGENDRE, Aggregate.SUM);
    }

    @Override
    public String name() {
        return "integrated-gradients";
    }

    @Override
    public void require(LanguageModel model, Groups groups) {
        baseline.require(model);
    }

    @Override
    public long evaluations(Groups groups, int targets) {
        return steps + 1L;
    }

    /// The same with only the first `prompt` tokens on the way from the baseline: behind them lies a continuation that
    /// stays as it is and gets 0, as in Captum's LLMGradientAttribution.
    @Override
    public Attribution explain(Run run, List<Explained> targets, int prompt) {
        var work = new Explanation(run, targets);
        var inputs = new Inputs(run, targets, prompt);
        var line = new Line(inputs.repeated(baseline), inputs.own());                   // [T, D]
        var start = inputs.values(line.from());
        var end = targets.stream().mapToDouble(Explained::value).toArray();
        var parameters = Explanation.steps(baseline, steps, quadrature, aggregate);
        var mean = tolerance == 0 ? whole(inputs, line, targets) : nested(inputs, line, targets, start, end, work,
            parameters);
        work.evaluated(1 + (tolerance == 0 ? steps : 0));
        double[][] features = new double[targets.size()][], scores = new double[targets.size()][];
        var deltas = new ArrayList<Double>();
        for (int t = 0; t < features.length; t++) {
            features[t] = line.times(mean[t]);
            scores[t] = aggregate.of(features[t], inputs.width());
            deltas.add(Products.sum(features[t]) - (targets.get(t).value() - start[t]));
        }
        if (tolerance == 0) work.warnOfZero(baseline);
        return work.result(name(), parameters, scores, features, null, deltas, List.of());
    }

    /// One quadrature.
    private double[][] whole(Inputs inputs, Line line, List<Explained> targets) {
        var rule = quadrature.rule(steps);
        var mean = new double[targets.size()][line.to().length];
        inputs.each(steps, i -> line.at(rule.alphas()[i]), batch -> {
            for (int t = 0; t < mean.length; t++)
                Line.add(mean[t], batch.gradient(targets.get(t), batch.run().embeddings()), rule.weights(),
                    batch.first());
        });
        return mean;
    }

    private double[][] nested(Inputs inputs, Line line, List<Explained> targets, double[] start, double[] end,
                              Explanation work, Map<String, Object> parameters) {
        var result = new NestedQuadrature(inputs, targets, line, quadrature.rule(steps), tolerance)
            .integrate(start, end);
        work.evaluated(result.evaluations());
        parameters.put("tolerance", tolerance);
        parameters.put("intervals", result.intervals());
        if (!(result.missing() <= tolerance))
            work.unmet("the scores are not complete: after " + result.intervals() + " intervals of " + steps
                + " steps they may miss " + String.format(Locale.ROOT, "%.1e", result.missing())
                + " of f, more than the tolerance " + tolerance
                + "; try another --baseline, more --steps or --device scalar");
        return result.integral();
    }
}
