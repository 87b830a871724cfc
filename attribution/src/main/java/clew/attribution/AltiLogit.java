package clew.attribution;

import clew.engine.rule.RuleSets;
import clew.model.LanguageModel;
import clew.model.Run;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Every layer's update of the explained row, as the target reads it, followed to the input tokens (Ferrando et al.
/// 2023, "ALTI-Logit", with the contributions of ALTI, Ferrando et al. 2022).
///
/// `score = ⟨x⁰_p, g⟩ + Σ_l (Σ_j ⟨T^l_pj, g⟩ M^{l−1}_j + ⟨mlp^l_p, g⟩ M^l_p)`: g is how f reads the stream with norms
/// held, `T^l_pj` what attention hands from token j to the explained row p, and `M^l = C^l ⋯ C^1` how much of each
/// token's stream is which input; `C^l_ij ∝ max(0, ‖y_i‖₁ − ‖y_i − T^l_ij‖₁)`, the stream's own part included, rows
/// summing to 1. An MLP's update goes where the row it was made at comes from.
///
/// The sum is f but for biases and the final norm's offset; forward but for one product with the unembedding.
public record AltiLogit() implements AttributionMethod {
    @Override
    public String name() {
        return "alti-logit";
    }

    @Override
    public Set<String> hooks(LanguageModel model) {
        return Updates.hooks(model);
    }

    @Override
    public Attribution explain(Run given, List<Explained> targets) {
        var work = new Explanation(given, targets);
        var run = work.declaring(hooks(given.model()));
        int L = run.model().spec().layers(), T = run.pass().tokens(), D = run.model().spec().width();
        var last = run.value("blocks." + (L - 1) + ".hook_resid_post");
        var reads = new double[targets.size()][];
        work.backward(RuleSets.ATTN_LRP, Set.of(last), (t, back, seed) -> {
            var row = targets.get(t).position();
            reads[t] = Arrays.copyOfRange(back.of(last).of(seed), row * D, (row + 1) * D);
        });
        var scores = new double[targets.size()][T];
        for (int t = 0; t < scores.length; t++) {
            var row = targets.get(t).position();
            scores[t][row] += read(run.value("blocks.0.hook_resid_pre").tensor().toDoubles(), row, reads[t]);
        }
        double[] mixed = identity(T);                                                           // M^{l−1}, [T, T]
        for (int l = 0; l < L; l++) {
            var updates = Updates.of(run, l);
            var next = Products.lower(contributions(updates), mixed, T);
            var mlp = run.value("blocks." + l + ".hook_mlp_out").tensor().toDoubles();
            for (int t = 0; t < scores.length; t++) {
                var row = targets.get(t).position();
                for (int j = 0; j <= row; j++) add(scores[t], Products.sum(Products.of(updates.term(row, j), reads[t])),
                    mixed, j);
                add(scores[t], read(mlp, row, reads[t]), next, row);
            }
            mixed = next;
        }
        return work.result(name(), Map.of(), scores, null, mixed, List.of(), List.of());
    }

    private static double read(double[] stream, int row, double[] g) {
        var sum = 0.0;
        for (int i = 0; i < g.length; i++) sum += stream[row * g.length + i] * g[i];
        return sum;
    }

    private static void add(double[] scores, double amount, double[] mixed, int row) {
        for (int s = 0; s < scores.length; s++) scores[s] += amount * mixed[row * scores.length + s];
    }

    /// `C`, `[T, T]`.
    static double[] contributions(Updates u) {
        var T = u.T();
        var c = new double[T * T];
        for (int i = 0; i < T; i++) {
            var sum = 0.0;
            for (int j = 0; j <= i; j++) {
                var term = u.term(i, j);
                if (i == j) for (int x = 0; x < u.D(); x++) term[x] += u.before()[i * u.D() + x];
                c[i * T + j] = u.proximity(i, term);
                sum += c[i * T + j];
            }
            if (sum == 0) c[i * T + i] = sum = 1;                     // nothing comes near: the token stays itself
            for (int j = 0; j <= i; j++) c[i * T + j] /= sum;
        }
        return c;
    }

    private static double[] identity(int n) {
        var one = new double[n * n];
        for (int i = 0; i < n; i++) one[i * n + i] = 1;
        return one;
    }
}
