package clew.attribution;

import clew.model.LanguageModel;
import clew.model.ModelException;
import clew.model.Run;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;

/// `φ_i = Σ_{S ∌ i} |S|! (n − 1 − |S|)! / n! · (v(S ∪ i) − v(S))` — what feature i adds, on average over every order
/// in which features may come (Shapley 1953).
///
/// Exact: all `2ⁿ` coalitions are run, so n is at most [#MOST]. `Σ φ = f(x) − v(∅)`; what rounding leaves of that is
/// the efficiency residual.
public record Shapley(Removal removal) implements JointMethod {
    /// A million coalitions.
    public static final int MOST = 20;

    @Override
    public String name() {
        return "shapley";
    }

    @Override
    public void require(LanguageModel model, Groups groups) {
        if (groups.size() > MOST)
            throw new ModelException("shapley runs every coalition of features, of " + groups.size()
                + " too many (at most " + MOST + "); take shapley-sampling, or words or sentences as features");
        new Ablation(removal).require(model, groups);
    }

    @Override
    public long evaluations(Groups groups, int targets) {
        return 1L << groups.size();
    }

    @Override
    public Attribution explain(Run run, List<Explained> targets, Groups groups) {
        require(run.model(), groups);
        var work = new Explanation(run, targets);
        var game = new PromptGame(run, targets, groups, removal);
        var phi = of(game);                                                                     // [n][targets]
        var scores = new double[targets.size()][];
        var residual = new double[targets.size()];
        var ends = game.values(List.of(game.everyone(), new BitSet()));
        for (int t = 0; t < scores.length; t++) {
            var own = new double[phi.length];
            for (int i = 0; i < own.length; i++) own[i] = phi[i][t];
            scores[t] = groups.atFirst(own, run.pass().tokens());
            residual[t] = Products.sum(own) - (ends[0][t] - ends[1][t]);
        }
        work.evaluated(game.sequences());
        work.figure("efficiencyResidual", residual);
        return work.removed(name(), Map.of("removal", removal.toString()), scores, new double[0][]);
    }

    /// The exact values of any game, `[players][scalars]`.
    public static double[][] of(Game game) {
        var n = game.players();
        var sets = new ArrayList<BitSet>();
        for (long bits = 0; bits < 1L << n; bits++) sets.add(BitSet.valueOf(new long[] {bits}));
        var v = game.values(sets);
        var weight = new double[n];                                       // |S|! (n − 1 − |S|)! / n!
        for (int s = 0; s < n; s++) weight[s] = s == 0 ? 1.0 / n : weight[s - 1] * s / (n - s);
        var phi = new double[n][v[0].length];
        for (int i = 0; i < n; i++)
            for (int bits = 0; bits < v.length; bits++)
                if ((bits >> i & 1) == 0)
                    for (int t = 0; t < phi[i].length; t++)
                        phi[i][t] += weight[Integer.bitCount(bits)] * (v[bits | 1 << i][t] - v[bits][t]);
        return phi;
    }
}
