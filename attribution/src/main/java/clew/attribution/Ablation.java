package clew.attribution;

import clew.model.LanguageModel;
import clew.model.ModelException;
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
        if (groups.size() == 0)
            throw new ModelException("there is no token up to the explained row that may be removed; take another row,"
                + " or leave none out");
        removal.require(model, groups.members().stream().mapToInt(g -> g[g.length - 1] + 1).max().orElse(0));
    }

    @Override
    public long evaluations(Groups groups, int targets) {
        return groups.size();
    }

    @Override
    public Attribution explain(Run run, List<Explained> targets, Groups groups) {
        var work = new Explanation(run, targets);
        var games = Games.of(run, targets, groups, removal);
        return work.removed(name(), Map.of(), games, groups, Drawn.of(games, g -> drops(g, targets)));
    }

    private static double[][] drops(PromptGame game, List<Explained> targets) {
        var G = game.players();
        var values = game.values(IntStream.range(0, G).mapToObj(g -> {
            var one = new BitSet();
            one.set(g);
            return game.without(one);
        }).toList());
        var drops = new double[targets.size()][G];
        for (int t = 0; t < drops.length; t++)
            for (int g = 0; g < G; g++) drops[t][g] = targets.get(t).value() - values[g][t];
        return drops;
    }
}
