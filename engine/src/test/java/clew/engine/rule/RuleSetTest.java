package clew.engine.rule;

import static clew.engine.rule.Product.FREEZE;
import static clew.engine.rule.Product.MOVE;
import static clew.engine.rule.Product.SHARE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RuleSetTest {
    private static final LinearRule ZERO = new LinearRule.Zero();
    private static final LinearRule EPS  = new LinearRule.Epsilon(1e-6);
    private static final LinearRule GAMMA = new LinearRule.Gamma(0.25, 1e-6);

    @ParameterizedTest
    @CsvSource({
        "blocks.3.mlp.out, blocks.3.mlp.out, true",
        "blocks.3.mlp.out, blocks.3.mlp.outer, false",
        "blocks.3.mlp.out, blocks.3.mlp, false",
        "blocks.*.mlp.out, blocks.3.mlp.out, true",
        "blocks.*.mlp.out, blocks.3.attn.mlp.out, false",
        "blocks.*, blocks.3.mlp, false",
        "*, unembed, true",
        "*, blocks.0, false",
        "blocks.**, blocks.3.mlp.out, true",
        "blocks.**, blocks, true",
        "blocks.**, blocksworld.3, false",
        "**, unembed, true",
        "**, blocks.3.mlp.out, true",
        "**.out, blocks.3.mlp.out, true",
        "**.out, out, true",
        "**.out, blocks.3.out.b, false",
        "blocks.**.out, blocks.out, true",
        "blocks.**.mlp.**.out, blocks.3.mlp.mlp.x.out, true",
        "blocks.**.mlp.*.out, blocks.mlp.mlp.out, true",
        "blocks.**.mlp.*.out, blocks.mlp.out, false",
        "blocks.[0-9].mlp, blocks.3.mlp, false",
        "blocks.(a+)+, blocks.aaaa, false",
        "b.ocks, bxocks, false"})
    void aSiteMatchesByNames(String pattern, String site, boolean matches) {
        assertEquals(matches ? EPS : ZERO, RuleSets.ATTN_LRP.with(pattern, EPS).linearAt(site));
    }

    @Test
    void matchingCostsAtMostNamesTimesNames() {
        var pattern = "**.a.".repeat(2_000) + "b";
        var site = "a.".repeat(4_000) + "c";
        var rules = RuleSets.ATTN_LRP.with(pattern, EPS);
        assertEquals(ZERO, assertTimeoutPreemptively(Duration.ofSeconds(5), () -> rules.linearAt(site)));
    }

    @Test
    void theFirstSiteThatMatchesWins() {
        var rules = RuleSets.ATTN_LRP.with("blocks.**", EPS).with("blocks.0.**", GAMMA);
        assertEquals(GAMMA, rules.linearAt("blocks.0.mlp.out"));
        assertEquals(EPS, rules.linearAt("blocks.1.mlp.out"));
        assertEquals(ZERO, rules.linearAt("unembed"));
        assertEquals(EPS, RuleSets.ATTN_LRP.with("blocks.0.**", GAMMA).with("**", EPS).linearAt("blocks.0.mlp.out"),
                     "what is added later is tried first");
    }

    @Test
    void withLeavesTheRuleSetItWasAskedOfAlone() {
        var before = RuleSets.ATTN_LRP.toString();
        RuleSets.ATTN_LRP.with("**", EPS);
        assertEquals(before, RuleSets.ATTN_LRP.toString());
        assertEquals(RuleSets.ATTN_LRP, RuleSets.ATTN_LRP);
    }

    @Test
    void aRuleSetPrintsItsRecipe() {
        assertEquals("attnlrp: activation FREEZE, norm FREEZE, gated SHARE, mix SHARE, score SHARE, LRP-0",
                     RuleSets.ATTN_LRP.toString());
        assertEquals("gamma: activation FREEZE, norm FREEZE, gated SHARE, mix SHARE, score SHARE, "
                     + "LRP-ε(1.0E-6) at blocks.*.attn.**, LRP-γ(0.25) at blocks.**, LRP-0 elsewhere",
                     RuleSets.gamma(0.25, 1e-6).with("blocks.*.attn.**", EPS).toString());
        assertEquals("gim: activation MOVE, norm FREEZE, gated SHARE, mix SHARE, score SHARE, "
                     + "softmax at temperature 2.0, LRP-0",
                     RuleSets.GIM.toString());
    }

    @Test
    void onlyReadingsThatMoveNoProductKeepALedger() {
        for (var rules : RuleSets.named())
            assertEquals(!rules.equals(RuleSets.GIM), rules.keepsLedger(), rules::toString);
        assertFalse(RuleSets.GRADIENT.keepsLedger());
        assertFalse(RuleSets.GIM.keepsLedger());
    }

    @Test
    void theRecipesAreThoseOfTheRulesPage() {
        assertEquals(List.of("attnlrp", "cp-lrp", "epsilon", "gamma", "alphabeta", "zplus", "pa-lrp", "gim"),
                     RuleSets.named().stream().map(RuleSet::name).toList());
        for (var rules : RuleSets.named()) assertEquals(ZERO, rules.linearAt("unembed"), rules::toString);
        var named = RuleSets.named().stream().map(r -> r.linearAt("blocks.0.attn.q")).toList();
        LinearRule alphaBeta = new LinearRule.AlphaBeta(2, 1, 1e-6), zPlus = new LinearRule.AlphaBeta(1, 0, 1e-6);
        assertEquals(List.of(ZERO, ZERO, EPS, GAMMA, alphaBeta, zPlus, ZERO, ZERO), named);
        assertEquals("z⁺", new LinearRule.AlphaBeta(1, 0, 1e-6).toString());
        assertInstanceOf(LinearRule.Zero.class, RuleSets.GRADIENT.linearAt("anything"));
    }

    @Test
    void aChoiceThatMeansNothingIsRefusedWithARemedy() {
        refused("rule set: activation cannot SHARE: choose MOVE or FREEZE", SHARE, FREEZE, SHARE, 1);
        refused("rule set: norm cannot SHARE: choose MOVE or FREEZE", FREEZE, SHARE, SHARE, 1);
        refused("rule set: score cannot FREEZE: choose MOVE or SHARE, and hold patterns by mix",
                FREEZE, FREEZE, FREEZE, 1);
        refused("rule set: the softmax temperature must be positive, not 0.0", FREEZE, FREEZE, SHARE, 0);
        refused("rule set: the softmax temperature must be positive, not NaN", FREEZE, FREEZE, SHARE, Double.NaN);
    }

    private static void refused(String message, Product activation, Product norm, Product score, double temperature) {
        var e = assertThrows(IllegalArgumentException.class,
            () -> new RuleSet("x", activation, norm, SHARE, SHARE, score, MOVE, temperature, ZERO, List.of()));
        assertEquals(message, e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1e-9, Double.NaN, Double.POSITIVE_INFINITY})
    void constantsOfLinearRulesAreFiniteAndNotNegative(double bad) {
        assertThrows(IllegalArgumentException.class, () -> new LinearRule.Epsilon(bad));
        assertThrows(IllegalArgumentException.class, () -> new LinearRule.Gamma(bad, 1e-6));
        assertThrows(IllegalArgumentException.class, () -> new LinearRule.Gamma(0.25, bad));
        assertThrows(IllegalArgumentException.class, () -> new LinearRule.AlphaBeta(1 + bad, bad, 1e-6));
        assertThrows(IllegalArgumentException.class, () -> new LinearRule.AlphaBeta(2, 1, bad));
        assertThrows(IllegalArgumentException.class, () -> new LinearRule.AlphaBeta(2, 0.5, 0), "α − β must be 1");
    }
}
