package clew.attribution;

import clew.model.LanguageModel;
import clew.model.Run;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// `A_L ⋯ A_1`, `A_l = ½ F_l + ½ I` — attention followed through the layers, the residual stream counted as half of
/// each (Abnar & Zuidema 2020). F_l: heads fused, entries below the `discard` quantile of the whole matrix dropped,
/// rows brought back to the sum 1; a row that loses everything keeps its ½ on the diagonal.
///
/// The quantile is taken over the tokens up to the explained row, which are all that it sees.
///
/// @param fusion  how the heads of a layer become one matrix
/// @param discard share of a layer's entries that is dropped, 0 for none
public record AttentionRollout(Fusion fusion, double discard) implements AttributionMethod {
    public AttentionRollout {
        if (!(discard >= 0 && discard < 1))
            throw new IllegalArgumentException("discard must be from 0 to below 1, not " + discard);
    }

    /// The mean of the heads, nothing dropped.
    public AttentionRollout() {
        this(Fusion.MEAN, 0);
    }

    @Override
    public String name() {
        return "attention-rollout";
    }

    @Override
    public Set<String> hooks(LanguageModel model) {
        return Set.of(Attention.PATTERNS);
    }

    @Override
    public Attribution explain(Run run, List<Explained> targets) {
        var work = new Explanation(run, targets);
        var patterns = Patterns.of(work.declaring(hooks(run.model())), fusion);
        var T = patterns.T();
        var scores = new double[targets.size()][];
        double @Nullable [] map = null;
        for (int t = 0; t < scores.length; t++) {
            var row = targets.get(t).position();
            var rollout = rollout(patterns.of(row + 1));
            scores[t] = Patterns.row(rollout, row + 1, row, T);
            if (row == T - 1) map = rollout;
        }
        var parameters = Map.<String, Object>of("fusion", fusion.label(), "discard", discard);
        return work.result(name(), parameters, scores, null, map, List.of(), List.of());
    }

    private double[] rollout(Patterns p) {
        var n = p.T();
        var product = new double[n * n];
        for (int i = 0; i < n; i++) product[i * n + i] = 1;
        for (var fused : p.layers()) product = Products.lower(step(fused, n), product, n);
        return product;
    }

    /// `½ F + ½ I`.
    private double[] step(double[] fused, int n) {
        var least = discard == 0 ? 0 : quantile(fused, discard);
        var out = new double[n * n];
        for (int q = 0; q < n; q++) {
            var sum = 0.0;
            for (int k = 0; k < n; k++) sum += fused[q * n + k] >= least ? fused[q * n + k] : 0;
            for (int k = 0; k < n; k++) {
                var kept = fused[q * n + k] >= least && sum > 0 ? fused[q * n + k] / sum : 0;
                out[q * n + k] = (kept + (q == k ? 1 : 0)) / 2;
            }
        }
        return out;
    }

    /// The q-quantile, between neighbours by linear interpolation.
    private static double quantile(double[] values, double q) {
        var sorted = values.clone();
        Arrays.sort(sorted);
        var at = q * (sorted.length - 1);
        var below = (int) at;
        var above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }
}
