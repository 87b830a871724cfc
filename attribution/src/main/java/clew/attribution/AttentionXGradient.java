package clew.attribution;

import clew.engine.rule.RuleSets;
import clew.model.LanguageModel;
import clew.model.Run;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Mean over layers and heads of `A ⊙ ∇A` — attention weighted by what it does for the target; the explained row.
///
/// Signed, where Chefer et al. 2021 (eq. 5) clip at 0. The map `[T, T]` holds the other queries' rows too: in all
/// layers but the last they carry what the explained row reads later.
public record AttentionXGradient() implements AttributionMethod {
    @Override
    public String name() {
        return "attention-x-gradient";
    }

    @Override
    public Set<String> hooks(LanguageModel model) {
        return Set.copyOf(HeadRelevance.HOOKS);
    }

    @Override
    public Attribution explain(Run run, List<Explained> targets) {
        var work = new Explanation(run, targets);
        var held = work.declaring(hooks(run.model()));
        int T = held.pass().tokens(), L = held.model().spec().layers(), H = held.model().spec().heads();
        var scores = new double[targets.size()][];
        double @Nullable [] map = null;
        for (int t = 0; t < scores.length; t++) {
            map = new double[T * T];
            for (var layer : HeadRelevance.of(held, targets.get(t), RuleSets.GRADIENT).edges())
                for (int i = 0; i < layer.length; i++) map[i % (T * T)] += layer[i] / (L * H);
            scores[t] = Patterns.row(map, T, targets.get(t).position(), T);
        }
        return work.result(name(), Map.of(), scores, null, targets.size() == 1 ? map : null, List.of(), List.of());
    }
}
