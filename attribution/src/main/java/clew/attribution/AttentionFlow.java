package clew.attribution;

import clew.model.LanguageModel;
import clew.model.Run;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The largest flow from the explained row down to each token, through edges as wide as `½ Ā + ½ I` of every layer
/// (Abnar & Zuidema 2020) — Ā the mean over heads. A token's score is the flow that could reach it alone, so scores do
/// not add up to 1.
///
/// T largest flows over L·T² / 2 edges: for short inputs.
public record AttentionFlow() implements AttributionMethod {
    @Override
    public String name() {
        return "attention-flow";
    }

    @Override
    public Set<String> hooks(LanguageModel model) {
        return Set.of(Attention.PATTERNS);
    }

    @Override
    public Attribution explain(Run run, List<Explained> targets) {
        var work = new Explanation(run, targets);
        var patterns = Patterns.of(work.declaring(hooks(run.model())), Fusion.MEAN);
        var scores = new double[targets.size()][patterns.T()];
        for (int t = 0; t < scores.length; t++) {
            var row = targets.get(t).position();
            for (int token = 0; token <= row; token++) scores[t][token] = flow(patterns.of(row + 1), row, token);
        }
        return work.result(name(), Map.of(), scores, null, null, List.of(), List.of());
    }

    /// From the row above the last layer to the token below the first.
    static double flow(Patterns p, int row, int token) {
        int n = p.T(), L = p.layers().length;
        var net = new MaxFlow((L + 1) * n);
        for (int l = 0; l < L; l++)
            for (int q = 0; q < n; q++)
                for (int k = 0; k <= q; k++) {
                    var width = (p.layers()[l][q * n + k] + (q == k ? 1 : 0)) / 2;
                    if (width > 0) net.edge((l + 1) * n + q, l * n + k, width);
                }
        return net.flow(L * n + row, token);
    }
}
