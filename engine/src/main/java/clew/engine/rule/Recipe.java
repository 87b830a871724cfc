package clew.engine.rule;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// A rule set written down: rules per site, one a line, the first that matches wins.
///
/// ```
/// base attnlrp                       # a named rule set to start from; attnlrp if there is none
/// activation move                    # activation, norm, gated, mix, score, rotation: move, share or freeze
/// softmax 2                          # the temperature at which the softmax is read
/// blocks.0.mlp.**   gamma 0.25       # zero | epsilon ε | gamma γ [ε] | alphabeta α β [ε] | zplus [ε]
/// blocks.**         epsilon 1e-6     # ε is 1e-6 where it is left out
/// ```
///
/// Patterns are those of [RuleSet.Site]; what no line matches keeps the rule of the base.
public final class Recipe {
    private static final double EPS = 1e-6;
    private static final List<String> PRODUCTS =
        List.of("activation", "norm", "gated", "mix", "score", "rotation");

    private RuleSet rules = RuleSets.ATTN_LRP;
    private final List<RuleSet.Site> sites = new ArrayList<>();
    private final String name;

    private Recipe(String name) {
        this.name = name;
    }

    /// @param name what the rule set is to be called
    /// @throws IllegalArgumentException if a line says nothing known; the message names the line
    public static RuleSet parse(String name, String text) {
        var recipe = new Recipe(name);
        var lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            var words = lines.get(i).replaceFirst("#.*", "").strip().split("\\s+");
            if (words[0].isEmpty()) continue;
            try {
                recipe.line(words);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(name + " line " + (i + 1) + ": " + e.getMessage(), e);
            }
        }
        return recipe.made();
    }

    private RuleSet made() {
        var all = new ArrayList<>(sites);
        all.addAll(rules.sites());
        return rules.named(name, all);
    }

    private void line(String[] words) {
        if (words.length < 2)
            throw new IllegalArgumentException("'" + words[0] + "' has no rule behind it; write: PATTERN RULE NUMBERS");
        if (words[0].equals("base")) rules = base(words[1]);
        else if (words[0].equals("softmax")) rules = with(rules.activation(), rules.norm(), rules.gated(), rules.mix(),
            rules.score(), rules.rotation(), number(words, 1, 1));
        else if (PRODUCTS.contains(words[0])) product(words[0], words[1]);
        else sites.add(new RuleSet.Site(words[0], rule(Arrays.copyOfRange(words, 1, words.length))));
    }

    private static RuleSet base(String name) {
        return RuleSets.named().stream().filter(r -> r.name().equals(name)).findFirst().orElseThrow(() ->
            new IllegalArgumentException("unknown base '" + name + "'; known are "
                + RuleSets.named().stream().map(RuleSet::name).collect(Collectors.joining(", "))));
    }

    private void product(String which, String choice) {
        var p = Arrays.stream(Product.values())
            .filter(v -> v.name().equals(choice.toUpperCase(Locale.ROOT))).findFirst().orElseThrow(() ->
                new IllegalArgumentException(which + " cannot be '" + choice + "'; known are move, share and freeze"));
        var r = rules;
        rules = with(which.equals("activation") ? p : r.activation(), which.equals("norm") ? p : r.norm(),
            which.equals("gated") ? p : r.gated(), which.equals("mix") ? p : r.mix(),
            which.equals("score") ? p : r.score(), which.equals("rotation") ? p : r.rotation(),
            r.softmaxTemperature());
    }

    private RuleSet with(Product activation, Product norm, Product gated, Product mix, Product score, Product rotation,
                         double temperature) {
        return new RuleSet(name, activation, norm, gated, mix, score, rotation, temperature, rules.linear(),
            rules.sites());
    }

    private static LinearRule rule(String[] words) {
        return switch (words[0]) {
            case "zero"      -> new LinearRule.Zero();
            case "epsilon"   -> new LinearRule.Epsilon(number(words, 1, EPS));
            case "gamma"     -> new LinearRule.Gamma(number(words, 1, 0.25), number(words, 2, EPS));
            case "alphabeta" -> new LinearRule.AlphaBeta(number(words, 1, 2), number(words, 2, 1),
                number(words, 3, EPS));
            case "zplus"     -> new LinearRule.AlphaBeta(1, 0, number(words, 1, EPS));
            default          -> throw new IllegalArgumentException("unknown rule '" + words[0]
                + "'; known are zero, epsilon, gamma, alphabeta and zplus");
        };
    }

    private static double number(String[] words, int at, double otherwise) {
        if (at >= words.length) return otherwise;
        try {
            return Double.parseDouble(words[at]);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + words[at] + "' is not a number", e);
        }
    }
}
