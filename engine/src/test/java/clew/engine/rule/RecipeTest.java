package clew.engine.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecipeTest {
    @Test
    void aRecipeIsReadInTheOrderOfItsLines() {
        var rules = Recipe.parse("mine", """
            base cp-lrp      # patterns held
            norm move

            blocks.0.mlp.**  gamma 0.5
            blocks.*.mlp.**  alphabeta 2 1 1e-3
            blocks.**        epsilon
            """);
        assertEquals(new LinearRule.Gamma(0.5, 1e-6), rules.linearAt("blocks.0.mlp.in"));
        assertEquals(new LinearRule.AlphaBeta(2, 1, 1e-3), rules.linearAt("blocks.1.mlp.in"));
        assertEquals(new LinearRule.Epsilon(1e-6), rules.linearAt("blocks.1.attn.q"));
        assertEquals(new LinearRule.Zero(), rules.linearAt("unembed"));
        assertEquals("mine: activation FREEZE, norm MOVE, gated FREEZE, mix FREEZE, score SHARE, LRP-γ(0.5) at"
            + " blocks.0.mlp.**, LRP-αβ(2.0, 1.0) at blocks.*.mlp.**, LRP-ε(1.0E-6) at blocks.**, LRP-0 elsewhere",
            rules.toString());
    }

    @Test
    void anEmptyRecipeIsAttnLrp() {
        assertEquals(RuleSets.ATTN_LRP, Recipe.parse("attnlrp", "# nothing\n\n"));
    }

    @Test
    void theNamedSetsCanBeWrittenDown() {
        assertEquals(RuleSets.GIM, Recipe.parse("gim", "activation move\nsoftmax 2"));
        assertEquals(RuleSets.PA_LRP, Recipe.parse("pa-lrp", "rotation share"));
        for (var base : RuleSets.named()) assertEquals(base, Recipe.parse(base.name(), "base " + base.name()));
        assertEquals(RuleSets.zPlus(1e-6).sites(), Recipe.parse("x", "blocks.** zplus").sites());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "base x | r line 1: unknown base 'x'; known are attnlrp, cp-lrp, epsilon, gamma, alphabeta, zplus, pa-lrp, gim",
        "blocks.** | r line 1: 'blocks.**' has no rule behind it; write: PATTERN RULE NUMBERS",
        "** omega 1 | r line 1: unknown rule 'omega'; known are zero, epsilon, gamma, alphabeta and zplus",
        "** gamma x | r line 1: 'x' is not a number",
        "** alphabeta 2 2 | r line 1: LRP-αβ: α − β must be 1 and β ≥ 0, not α = 2.0, β = 2.0",
        "norm share | r line 1: rule set: norm cannot SHARE: choose MOVE or FREEZE",
        "norm melt | r line 1: norm cannot be 'melt'; known are move, share and freeze",
        "softmax 0 | r line 1: rule set: the softmax temperature must be positive, not 0.0"})
    void aLineThatSaysNothingIsNamed(String line, String message) {
        var e = assertThrows(IllegalArgumentException.class, () -> Recipe.parse("r", line));
        assertEquals(message, e.getMessage());
    }
}
