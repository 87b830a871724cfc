package clew.engine.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// What a backward pass does at each kind of product, at the softmax and at each linear layer: one row of the table of
/// rules.
///
/// A rule set is an argument of [clew.engine.tape.Tape#backward]; one forward pass may be read under many of them.
///
/// @param name               as the command line names it
/// @param activation         `x · gate(x)`, MOVE, FREEZE (the identity rule) or RESCALE (DeepLIFT's rule): the gate is
///                           no input to share with
/// @param norm               `x · scale(x)`, MOVE, FREEZE or RESCALE likewise
/// @param gated              `act(gate) · up`; FREEZE holds the gate branch
/// @param mix                `P · V`; FREEZE holds the pattern
/// @param score              `Q · Kᵀ`, not FREEZE: neither factor is the other's gate; where it is RESCALE, so is the
///                           softmax behind it
/// @param rotation           `q ⊙ cos + rot(q) ⊙ sin`, MOVE or SHARE: half to the position, as PA-LRP
/// @param softmaxTemperature at which the softmax is differentiated; 1 is its gradient
/// @param linear             the rule of linear layers that no site names
/// @param sites              rules of particular sites; the first that matches wins
public record RuleSet(String name, Product activation, Product norm, Product gated, Product mix, Product score,
                      Product rotation, double softmaxTemperature, LinearRule linear, List<Site> sites) {
    private static final List<String> PRODUCTS = List.of("activation", "norm", "gated", "mix", "score");

    /// A rule for the linear layers whose site matches `pattern`: `*` stands for one name, `**` for any number of
    /// names, none included.
    public record Site(String pattern, LinearRule rule) {
        boolean matches(String site) {
            return matches(pattern.split("\\.", -1), site.split("\\.", -1));
        }

        /// After a mismatch only the last `**` needs to take one name more, so the cost is at most names × names.
        private static boolean matches(String[] pattern, String[] names) {
            int p = 0, n = 0, last = -1, taken = 0;
            while (n < names.length) {
                if (p < pattern.length && pattern[p].equals("**")) { last = p++; taken = n; }
                else if (p < pattern.length && (pattern[p].equals("*") || pattern[p].equals(names[n]))) { p++; n++; }
                else if (last >= 0) { p = last + 1; n = ++taken; }
                else return false;
            }
            while (p < pattern.length && pattern[p].equals("**")) p++;
            return p == pattern.length;
        }
    }

    public RuleSet {
        sites = List.copyOf(sites);
        if (activation == Product.SHARE) throw unfit("activation", activation, "MOVE or FREEZE");
        if (norm == Product.SHARE)       throw unfit("norm", norm, "MOVE or FREEZE");
        if (score == Product.FREEZE)     throw unfit("score", score, "MOVE or SHARE, and hold patterns by mix");
        if (rotation != Product.MOVE && rotation != Product.SHARE) throw unfit("rotation", rotation, "MOVE or SHARE");
        if (!(softmaxTemperature > 0 && softmaxTemperature < Double.POSITIVE_INFINITY))
            throw new IllegalArgumentException(
                "rule set: the softmax temperature must be positive, not " + softmaxTemperature);
    }

    private static IllegalArgumentException unfit(String product, Product choice, String remedy) {
        return new IllegalArgumentException("rule set: " + product + " cannot " + choice + ": choose " + remedy);
    }

    /// The rule of the linear layer at `site`, such as `blocks.3.mlp.out`.
    public LinearRule linearAt(String site) {
        for (var s : sites) if (s.matches(site)) return s.rule();
        return linear;
    }

    /// This rule set with a rule for some sites, tried before those it has.
    public RuleSet with(String pattern, LinearRule rule) {
        var more = new ArrayList<Site>(sites.size() + 1);
        more.add(new Site(pattern, rule));
        more.addAll(sites);
        return named(name, more);
    }

    /// Whether relevance is conserved up to what the ledger books: every product shares or holds.
    public boolean keepsLedger() {
        return moving().isEmpty();
    }

    /// The products, by name, that neither share nor hold.
    public List<String> moving() {
        var names = new ArrayList<String>();
        var products = List.of(activation, norm, gated, mix, score);
        for (int i = 0; i < products.size(); i++)
            if (products.get(i) != Product.SHARE && products.get(i) != Product.FREEZE) names.add(PRODUCTS.get(i));
        return names;
    }

    RuleSet named(String newName, List<Site> newSites) {
        return new RuleSet(newName, activation, norm, gated, mix, score, rotation, softmaxTemperature, linear,
            newSites);
    }

    @Override
    public String toString() {
        var at = sites.stream().map(s -> s.rule() + " at " + s.pattern()).collect(Collectors.joining(", "));
        return name + ": activation " + activation + ", norm " + norm + ", gated " + gated
            + ", mix " + mix + ", score " + score
            + (rotation == Product.MOVE ? "" : ", rotation " + rotation)
            + (softmaxTemperature == 1 ? "" : ", softmax at temperature " + softmaxTemperature)
            + ", " + (at.isEmpty() ? "" : at + ", ") + linear + (at.isEmpty() ? "" : " elsewhere");
    }
}
