package clew.attribution;

import clew.model.LanguageModel;
import clew.model.Run;
import java.util.ArrayList;
import java.util.List;

/// `(e_t − e′_t) ⊙ ∫₀¹ ∂f/∂e_t dα` with only token t on the way from the baseline and every other token as it is
/// (Enguehard 2023, "Sequential Integrated Gradients", eq. 3) — T paths of `steps` points each.
///
/// Complete per token in the limit: `score_t = f(x) − f(x with e_t ← e′_t)`, the effect of ablating that token. The
/// convergence delta is what the sum over tokens misses.
public record SequentialIntegratedGradients(Baseline baseline, int steps, Quadrature quadrature, Aggregate aggregate)
        implements AdditiveMethod, MovingMethod {
    public SequentialIntegratedGradients {
        quadrature.requireSteps(steps);
    }

    @Override
    public String name() {
        return "sequential-integrated-gradients";
    }

    @Override
    public void require(LanguageModel model, Groups groups) {
        baseline.require(model);
    }

    @Override
    public long evaluations(Groups groups, int targets) {
        return (long) groups.tokens() * (steps + 1);
    }

    @Override
    public Attribution explain(Run run, List<Explained> targets, int prompt) {
        var work = new Explanation(run, targets);
        var inputs = new Inputs(run, targets, prompt);
        int D = inputs.width(), T = Math.min(prompt, reach(targets)), N = targets.size();
        var row = baseline.row(run.model());
        var rule = quadrature.rule(steps);
        double[] e = inputs.own();
        double[][] features = new double[N][e.length], scores = new double[N][];
        inputs.each(T * steps, i -> moved(e, row, i / steps, rule.alphas()[i % steps]), batch -> {
            for (int n = 0; n < N; n++) {
                var g = batch.gradient(targets.get(n), batch.run().embeddings());
                for (int b = 0; b < batch.count(); b++) {
                    int i = batch.first() + b, t = i / steps;
                    for (int d = 0; d < D; d++)
                        features[n][t * D + d] += rule.weights()[i % steps] * (e[t * D + d] - row[d])
                            * g[b * e.length + t * D + d];
                }
            }
        });
        var deltas = new double[N];
        for (int n = 0; n < N; n++) {
            scores[n] = aggregate.of(features[n], D);
            deltas[n] = Products.sum(features[n]);
        }
        for (var without : inputs.values(T, t -> moved(e, row, t, 0)))
            for (int n = 0; n < N; n++) deltas[n] -= targets.get(n).value() - without[n];
        work.evaluated((long) T * (steps + 1));
        var missing = new ArrayList<Double>();
        for (double d : deltas) missing.add(d);
        var parameters = work.path(baseline, steps, quadrature, aggregate);
        return work.result(name(), parameters, scores, features, null, missing, List.of());
    }

    /// Tokens behind the last explained row move nothing.
    private static int reach(List<Explained> targets) {
        return targets.stream().mapToInt(Explained::position).max().orElse(-1) + 1;
    }

    /// e with token t at α between the baseline's row and its own.
    private static double[] moved(double[] e, double[] row, int t, double alpha) {
        var out = e.clone();
        for (int d = 0; d < row.length; d++) {
            var i = t * row.length + d;
            out[i] = row[d] + alpha * (e[i] - row[d]);
        }
        return out;
    }
}
