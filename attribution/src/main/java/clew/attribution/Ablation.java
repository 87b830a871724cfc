package clew.attribution;

import clew.model.LanguageModel;
import clew.model.Run;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// `f(x) − f(x without i)` — leave one out: what is lost when feature i is removed (Li et al. 2016, eq. 1).
///
/// Removing token t computes the tokens from t on only.
public record Ablation(Removal removal) implements JointMethod {
    @Override
    public String name() {
        return "ablation";
    }

    @Override
    public void require(LanguageModel model, Groups groups) {
        removal.require(model, groups.members().stream().mapToInt(g -> g[g.length - 1] + 1).max().orElse(0));
    }

    @Override
    public long evaluations(Groups groups, int targets) {
        return groups.size();
    }

    @Override
    public Attribution explain(Run run, List<Explained> targets, Groups groups) {
        var work = new Explanation(run, targets);
        var game = new PromptGame(run, targets, groups, removal);
        var G = groups.size();
        var values = game.values(IntStream.range(0, G).mapToObj(g -> {
            var one = new BitSet();
            one.set(g);
            return game.without(one);
        }).toList());
        work.evaluated(game.sequences());
        var scores = new double[targets.size()][];
        for (int t = 0; t < scores.length; t++) {
            var drop = new double[G];
            for (int g = 0; g < G; g++) drop[g] = targets.get(t).value() - values[g][t];
            scores[t] = groups.atFirst(drop, run.pass().tokens());
        }
        return work.removed(name(), Map.of("removal", removal.toString()), scores, new double[0][]);
    }
}
