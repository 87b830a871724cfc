package clew.attribution;

import clew.model.LanguageModel;
import clew.model.Run;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Mean over layers and heads of the attention that the explained row pays to each token.
///
/// Says where the model looked, not what it used; the target token plays no part.
public record Attention() implements AttributionMethod {
    /// What a run may declare beforehand, so that it serves this method too.
    public static final String PATTERNS = "blocks.*.attn.hook_pattern";

    @Override
    public String name() {
        return "attention";
    }

    @Override
    public Set<String> hooks(LanguageModel model) {
        return Set.of(PATTERNS);
    }

    @Override
    public Attribution explain(Run run, List<Explained> targets) {
        var work = new Explanation(run, targets);
        var patterns = Patterns.of(work.declaring(hooks(run.model())), Fusion.MEAN);
        int T = patterns.T(), L = patterns.layers().length;
        var map = new double[T * T];                                                            // [T, T]
        for (var layer : patterns.layers()) for (int i = 0; i < map.length; i++) map[i] += layer[i] / L;
        return work.result(name(), Map.of(), Patterns.rows(map, T, targets), null, map, List.of(), List.of());
    }
}
