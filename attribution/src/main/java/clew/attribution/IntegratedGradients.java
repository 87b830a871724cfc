package clew.attribution;

import clew.engine.rule.RuleSets;
import clew.engine.tensor.Shape;
import clew.model.Pass;
import clew.model.Run;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// `(e − e′) ⊙ ∫₀¹ g(e′ + α(e − e′)) dα` — the gradient along the straight path from a baseline
/// (Sundararajan et al. 2017).
///
/// Complete in the limit: `Σ scores = f(x) − f(baseline)`; what is missing is reported as the convergence delta.
/// The steps are sequences of one batch.
public record IntegratedGradients(Baseline baseline, int steps, Quadrature quadrature, Aggregate aggregate)
        implements AttributionMethod {
    /// Rows that one batch of steps may have, and logits.
    private static final int BATCH = 2048, LOGITS = 1 << 24;

    public IntegratedGradients {
        if (steps < 1 || steps > 100_000)
            throw new IllegalArgumentException("steps must be from 1 to 100000, not " + steps);
        quadrature.require(steps);
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
    public Attribution explain(Run run, List<Explained> targets) {
        var work = new Explanation(run, targets);
        var e = run.embeddings().tensor().toDoubles();                                          // [T, D]
        var D = run.embeddings().cols();
        var from = Path.repeat(baseline.row(run.model()), run.pass().tokens());                 // [T, D]
        var path = new Path(run, targets, e, from);
        var mean = path.integrate(quadrature.rule(steps));                                      // [targets][T·D]
        var start = path.values(0);
        work.evaluated(steps + 1L);
        double[][] features = new double[targets.size()][], scores = new double[targets.size()][];
        var deltas = new ArrayList<Double>();
        for (int t = 0; t < features.length; t++) {
            features[t] = new double[e.length];
            for (int i = 0; i < e.length; i++) features[t][i] = (e[i] - from[i]) * mean[t][i];
            scores[t] = aggregate.of(features[t], D);
            deltas.add(Products.sum(features[t]) - (targets.get(t).value() - start[t]));
        }
        if (baseline instanceof Baseline.Zero && run.model().spec().rope() != null)  // learned positions would stay
            work.warn("zero embeddings are a singular baseline for models without learned positions; the convergence"
                + " delta shows how much is missing: try --baseline mean, pad or token:ID");
        var parameters = Map.<String, Object>of("baseline", baseline.toString(), "steps", steps,
            "quadrature", quadrature.label(), "aggregate", aggregate.label());
        return work.result(name(), parameters, scores, features, null, deltas, List.of());
    }

    /// The straight path from a baseline to the input's embeddings, batched.
    private record Path(Run run, List<Explained> targets, double[] e, double[] from) {
        /// `Σ_i w_i · ∂f/∂e` at α_i, per target.
        double[][] integrate(Quadrature.Rule rule) {
            var sum = new double[targets.size()][e.length];
            var logits = (long) run.model().spec().outputs() * pass().asked().length;
            var batch = (int) Math.max(1, Math.min(BATCH / run.pass().tokens(), LOGITS / logits));
            for (int at = 0; at < rule.alphas().length; at += batch) {
                var alphas = Arrays.copyOfRange(rule.alphas(), at, Math.min(rule.alphas().length, at + batch));
                try (var steps = at(alphas)) {
                    for (int t = 0; t < sum.length; t++)
                        add(sum[t], gradient(steps, targets.get(t)), rule.weights(), at);
                }
            }
            return sum;
        }

        /// The targets at α.
        double[] values(double alpha) {
            try (var once = at(alpha)) {
                return targets.stream().mapToDouble(f -> f.at(once.logits(0, f.position()))).toArray();
            }
        }

        private Run at(double... alphas) {
            var rows = new double[alphas.length * e.length];
            for (int i = 0; i < rows.length; i++) {
                var j = i % e.length;
                rows[i] = from[j] + alphas[i / e.length] * (e[j] - from[j]);
            }
            var D = run.embeddings().cols();
            var tensor = run.model().kernels().tensor(Shape.of(rows.length / D, D), rows);
            return run.model().run(pass().embeddings(tensor, alphas.length));
        }

        /// The run's pass with what the path needs: logits of the targets' rows (an edit of logits is made for the rows
        /// that the run had), and no edit of the embeddings, which are given as edited.
        private Pass pass() {
            var pass = run.pass();
            var edits = pass.edits().stream().filter(e -> !e.where().hook().equals("hook_embed")).toList();
            var rows = targets.stream().mapToInt(Explained::position).toArray();
            return (pass.edits().isEmpty() ? pass.at(rows) : pass.edits(edits)).hooks(new String[0]);
        }

        private static double[] gradient(Run steps, Explained f) {
            var seeds = new ArrayList<double[]>();
            for (int b = 0; b < steps.pass().sequences(); b++) seeds.add(f.derivative(steps.logits(b, f.position())));
            var e = steps.embeddings();
            return steps.backward(List.of(new Run.Seed(f.position(), seeds)), RuleSets.GRADIENT, Set.of(e)).of(e).of(0);
        }

        private void add(double[] sum, double[] gradients, double[] weights, int first) {
            for (int i = 0; i < gradients.length; i++)
                sum[i % sum.length] += weights[first + i / sum.length] * gradients[i];
        }

        static double[] repeat(double[] row, int times) {
            var out = new double[row.length * times];
            for (int t = 0; t < times; t++) System.arraycopy(row, 0, out, t * row.length, row.length);
            return out;
        }
    }
}
