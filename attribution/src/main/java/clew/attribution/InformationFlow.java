package clew.attribution;

import clew.model.LanguageModel;
import clew.model.Run;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Routes from the explained row down to the tokens, along the edges that matter (Ferrando & Voita 2024, "Information
/// flow routes").
///
/// Behind attention the stream of row i is `y_i = x_i + Σ_h Σ_j T^h_ij`; an edge's importance is
/// `max(0, ‖y_i‖₁ − ‖y_i − z‖₁)` of its term z as a share of all terms'. Edges below the threshold are dropped.
/// A token's score is the importance that arrives: the sum over routes of the products of their edges. Without a
/// threshold scores sum to 1; what dropped edges carried is missing. An MLP stays within its token, so it moves
/// nothing between tokens. The target plays no part.
///
/// @param threshold below which an edge is dropped, 0 for none
public record InformationFlow(double threshold) implements AttributionMethod {
    public InformationFlow {
        if (!(threshold >= 0 && threshold < 1))
            throw new IllegalArgumentException("threshold must be from 0 to below 1, not " + threshold);
    }

    @Override
    public String name() {
        return "information-flow";
    }

    @Override
    public Set<String> hooks(LanguageModel model) {
        return Updates.hooks(model);
    }

    @Override
    public Attribution explain(Run given, List<Explained> targets) {
        var work = new Explanation(given, targets);
        var run = work.declaring(hooks(given.model()));
        var T = run.pass().tokens();
        var scores = new double[targets.size()][T];
        for (int t = 0; t < scores.length; t++) scores[t][targets.get(t).position()] = 1;
        for (int l = run.model().spec().layers() - 1; l >= 0; l--) {
            var edges = edges(Updates.of(run, l));
            for (int t = 0; t < scores.length; t++) {
                var below = new double[T];
                for (int i = 0; i < T; i++)
                    for (int j = 0; j <= i; j++) below[j] += scores[t][i] * edges[i * T + j];
                scores[t] = below;
            }
        }
        return work.result(name(), Map.of("threshold", threshold), scores, null, null, List.of(), List.of());
    }

    /// `[T, T]`: importance of all edges from token j to row i that are kept.
    private double[] edges(Updates u) {
        int T = u.T(), H = u.handed().length;
        var kept = new double[T * T];
        for (int i = 0; i < T; i++) {
            var each = new double[H * (i + 1) + 1];
            for (int h = 0; h < H; h++)
                for (int j = 0; j <= i; j++) each[h * (i + 1) + j] = u.proximity(i, u.term(h, i, j));
            each[each.length - 1] = u.proximity(i, u.stream(i));
            var sum = Products.sum(each);
            if (sum == 0) each[each.length - 1] = sum = 1;            // nothing comes near: the token stays itself
            for (int e = 0; e < each.length; e++) {
                var j = e == each.length - 1 ? i : e % (i + 1);
                if (each[e] / sum >= threshold) kept[i * T + j] += each[e] / sum;
            }
        }
        return kept;
    }
}
