package clew.attribution;

import clew.model.LanguageModel;
import clew.model.Run;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// `Σ_l w_l Ā_l` of the explained row, `w_l` rising linearly from 1 at the first layer to 2 at the last and divided by
/// their sum, Ā the mean over heads; the row then sums to 1.
///
/// Attention that counts later layers more; like all attention it says where the model looked, not what it used.
public record AttentionWeighted() implements AttributionMethod {
    @Override
    public String name() {
        return "attention-weighted";
    }

    @Override
    public Set<String> hooks(LanguageModel model) {
        return Set.of(Attention.PATTERNS);
    }

    @Override
    public Attribution explain(Run run, List<Explained> targets) {
        var work = new Explanation(run, targets);
        var patterns = Patterns.of(work.declaring(hooks(run.model())), Fusion.MEAN);
        int T = patterns.T(), L = patterns.layers().length;
        var map = new double[T * T];                                                            // [T, T]
        for (int l = 0; l < L; l++) {
            var weight = (1 + (L == 1 ? 0 : l / (L - 1.0))) / (L == 1 ? 1 : 1.5 * L);           // Σ_l = 1.5 L
            for (int i = 0; i < map.length; i++) map[i] += weight * patterns.layers()[l][i];
        }
        for (int q = 0; q < T; q++) {
            var sum = 0.0;
            for (int k = 0; k < T; k++) sum += map[q * T + k];
            for (int k = 0; k < T; k++) map[q * T + k] /= sum;
        }
        return work.result(name(), Map.of(), Patterns.rows(map, T, targets), null, map, List.of(), List.of());
    }
}
