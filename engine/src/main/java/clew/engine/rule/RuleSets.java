package clew.engine.rule;

import static clew.engine.rule.Product.FREEZE;
import static clew.engine.rule.Product.MOVE;
import static clew.engine.rule.Product.RESCALE;
import static clew.engine.rule.Product.SHARE;

import java.util.List;

/// The named recipes.
public final class RuleSets {
    private static final LinearRule LRP0 = new LinearRule.Zero();

    /// Calculus: every factor moves.
    public static final RuleSet GRADIENT =
        new RuleSet("gradient", MOVE, MOVE, MOVE, MOVE, MOVE, MOVE, 1, LRP0, List.of());

    /// Achtibat et al. 2024, "AttnLRP", with LRP-0 on linear layers: the form that LXT calls efficient.
    public static final RuleSet ATTN_LRP =
        new RuleSet("attnlrp", FREEZE, FREEZE, SHARE, SHARE, SHARE, MOVE, 1, LRP0, List.of());

    /// Ali et al. 2022, "XAI for Transformers": the pattern is held, so nothing reaches the softmax.
    public static final RuleSet CP_LRP =
        new RuleSet("cp-lrp", FREEZE, FREEZE, FREEZE, FREEZE, SHARE, MOVE, 1, LRP0, List.of());

    /// Bakish et al. 2025, "Positional-aware LRP": AttnLRP in which rotary positions take half of what is rotated.
    public static final RuleSet PA_LRP =
        new RuleSet("pa-lrp", FREEZE, FREEZE, SHARE, SHARE, SHARE, SHARE, 1, LRP0, List.of());

    /// Edin et al. 2025, "Gradient interaction modifications": products share, the norm's scale is held, the softmax is
    /// read at temperature 2; activations move as in calculus, so there is no ledger.
    public static final RuleSet GIM =
        new RuleSet("gim", MOVE, FREEZE, SHARE, SHARE, SHARE, MOVE, 2, LRP0, List.of());

    /// Shrikumar et al. 2017, "Learning important features", the Rescale rule at every op that is not linear: finite
    /// differences from the second half of a batch to the first, which add up whatever the two halves are.
    public static final RuleSet DEEP_LIFT =
        new RuleSet("deeplift", RESCALE, RESCALE, RESCALE, RESCALE, RESCALE, MOVE, 1, LRP0, List.of());

    private RuleSets() {}

    /// AttnLRP with LRP-ε on every linear layer of the blocks.
    public static RuleSet epsilon(double eps) {
        return inBlocks("epsilon", new LinearRule.Epsilon(eps));
    }

    /// AttnLRP with generalised LRP-γ on every linear layer of the blocks.
    public static RuleSet gamma(double gamma, double eps) {
        return inBlocks("gamma", new LinearRule.Gamma(gamma, eps));
    }

    /// AttnLRP with LRP-αβ on every linear layer of the blocks.
    public static RuleSet alphaBeta(double alpha, double beta, double eps) {
        return inBlocks("alphabeta", new LinearRule.AlphaBeta(alpha, beta, eps));
    }

    /// AttnLRP with the z⁺ rule (α = 1, β = 0) on every linear layer of the blocks.
    public static RuleSet zPlus(double eps) {
        return inBlocks("zplus", new LinearRule.AlphaBeta(1, 0, eps));
    }

    /// The recipes by the names of the command line, with their default constants.
    public static List<RuleSet> named() {
        return List.of(ATTN_LRP, CP_LRP, epsilon(1e-6), gamma(0.25, 1e-6), alphaBeta(2, 1, 1e-6), zPlus(1e-6), PA_LRP,
            GIM);
    }

    /// Those of them that keep a ledger.
    public static List<RuleSet> conserving() {
        return named().stream().filter(RuleSet::keepsLedger).toList();
    }

    /// The vocabulary projection keeps LRP-0: a contrast's seed spreads over all its rows.
    private static RuleSet inBlocks(String name, LinearRule rule) {
        return ATTN_LRP.named(name, List.of(new RuleSet.Site("blocks.**", rule)));
    }
}
