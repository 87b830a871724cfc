package clew.attribution;

import clew.model.Run;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// `E[(e − e′) ⊙ g(e′ + α (e − e′))]` over `α ~ U(0, 1)` and baselines e′ whose every position is the embedding of a
/// token drawn from the vocabulary (Erion et al. 2021, eq. 3) — integrated gradients without a choice of baseline.
///
/// In expectation `Σ scores = f(x) − E f(e′)`; the convergence delta compares with the mean over the drawn baselines.
///
/// @param samples n, at most
/// @param seed    of the draws: `java.util.Random`, per sample T × `nextInt(V)` and one `nextDouble`
/// @param tolerance stops early once half of no 95 % interval of a token's sum is above this share of the largest;
///     0 never
public record ExpectedGradients(int samples, long seed, double tolerance, Aggregate aggregate)
        implements AdditiveMethod, MovingMethod {
    public ExpectedGradients {
        if (samples < 1) throw new IllegalArgumentException("samples must be at least 1, not " + samples);
        if (!(tolerance >= 0)) throw new IllegalArgumentException("a tolerance is at least 0, not " + tolerance);
    }

    /// All samples.
    public ExpectedGradients(int samples, long seed, Aggregate aggregate) {
        this(samples, seed, 0, aggregate);
    }

    @Override
    public String name() {
        return "expected-gradients";
    }

    @Override
    public long evaluations(Groups groups, int targets) {
        return 2L * samples;
    }

    @Override
    public Attribution explain(Run run, List<Explained> targets, int prompt) {
        var work = new Explanation(run, targets);
        var inputs = new Inputs(run, targets, prompt);
        var draws = draws(run, inputs);
        var mean = Samples.of(inputs, targets, samples, tolerance, draws::get);
        var from = new double[targets.size()];
        for (var values : inputs.values(mean.count(), i -> draws.get(i).from()))
            for (int t = 0; t < from.length; t++) from[t] += values[t] / mean.count();
        work.evaluated(2L * mean.count());
        var deltas = new ArrayList<Double>();
        for (int t = 0; t < from.length; t++)
            deltas.add(Products.sum(mean.features()[t]) - (targets.get(t).value() - from[t]));
        return work.sampled(name(), Map.of("seed", seed), mean, tolerance, aggregate, deltas);
    }

    private List<Samples.Draw> draws(Run run, Inputs inputs) {
        var random = new Random(seed);
        var tokens = run.model().embeddings();
        var draws = new ArrayList<Samples.Draw>();
        for (int i = 0; i < samples; i++) {
            var from = inputs.own().clone();
            for (int at = 0; at < inputs.movable(); at += inputs.width())
                System.arraycopy(tokens.row(random.nextInt(tokens.vocabulary())), 0, from, at, inputs.width());
            draws.add(new Samples.Draw(from, inputs.own(), random.nextDouble()));
        }
        return draws;
    }
}
