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
            throw new ModelException("shapley runs every coalition of features, 2^" + groups.size() + " of these "
                + groups.size() + " (at most 2^" + MOST + "); take shapley-sampling, kernel-shap, or larger features by"
                + " --group word or sentence");
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
        var games = Games.of(run, targets, groups, removal);
        var drawn = Drawn.of(games, g -> transposed(of(g), targets.size()));
        work.residual(drawn.scores(), Drawn.of(games, g -> whole(g, targets.size())).scores());
        return work.removed(name(), Map.of(), games, groups, drawn);
    }

    /// `v(N) − v(∅)`, `[targets][1]`.
    private static double[][] whole(Game game, int targets) {
        var ends = game.values(List.of(game.everyone(), new BitSet()));
        var out = new double[targets][1];
        for (int t = 0; t < targets; t++) out[t][0] = ends[0][t] - ends[1][t];
        return out;
    }

    private static double[][] transposed(double[][] phi, int targets) {
        var out = new double[targets][phi.length];
        for (int t = 0; t < targets; t++) for (int i = 0; i < phi.length; i++) out[t][i] = phi[i][t];
        return out;
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
