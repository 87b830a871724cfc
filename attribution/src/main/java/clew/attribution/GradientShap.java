package clew.attribution;

import clew.model.LanguageModel;
import clew.model.Run;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// `1/n Σ_i (e − e′) ⊙ g(e′ + α_i (e − e′))`, `α_i ~ U(0, 1)` — integrated gradients by random points of the path
/// (Lundberg & Lee 2017; Erion et al. 2021, eq. 3, with one baseline; Captum's GradientShap without noise).
///
/// An unbiased estimate of the integral, with a standard error in place of a quadrature's convergence.
///
/// @param samples n, at most
/// @param seed    of the draws: `java.util.Random`, one `nextDouble` per sample
/// @param tolerance stops early once half of no 95 % interval of a token's sum is above this share of the largest;
///     0 never
public record GradientShap(Baseline baseline, int samples, long seed, double tolerance, Aggregate aggregate)
        implements AdditiveMethod, MovingMethod {
    public GradientShap {
        if (samples < 1) throw new IllegalArgumentException("samples must be at least 1, not " + samples);
        if (!(tolerance >= 0)) throw new IllegalArgumentException("a tolerance is at least 0, not " + tolerance);
    }

    /// All samples.
    public GradientShap(Baseline baseline, int samples, long seed, Aggregate aggregate) {
        this(baseline, samples, seed, 0, aggregate);
    }

    @Override
    public String name() {
        return "gradient-shap";
    }

    @Override
    public void require(LanguageModel model, Groups groups) {
        baseline.require(model);
    }

    @Override
    public long evaluations(Groups groups, int targets) {
        return samples + 1L;
    }

    @Override
    public Attribution explain(Run run, List<Explained> targets, int prompt) {
        return explain(run, targets, prompt, new Random(seed).doubles(samples).toArray());
    }

    /// With α that are given.
    Attribution explain(Run run, List<Explained> targets, int prompt, double[] alphas) {
        var work = new Explanation(run, targets);
        var inputs = new Inputs(run, targets, prompt);
        double[] from = inputs.repeated(baseline), to = inputs.own();
        var mean = Samples.of(inputs, targets, alphas.length, tolerance,
            i -> new Samples.Draw(from, to, alphas[i]));
        var start = inputs.values(from);
        work.evaluated(mean.count() + 1L);
        work.warnOfZero(baseline);
        var deltas = new ArrayList<Double>();
        for (int t = 0; t < start.length; t++)
            deltas.add(Products.sum(mean.features()[t]) - (targets.get(t).value() - start[t]));
        var settings = Map.<String, Object>of("baseline", baseline.toString(), "seed", seed);
        return work.sampled(name(), settings, mean, tolerance, aggregate, deltas);
    }
}
