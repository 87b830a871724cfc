package clew.engine.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// What a backward pass does at each kind of product, at the softmax and at each linear layer: one row of the table of rules.
///
/// A rule set is an argument of [clew.engine.tape.Tape#backward]; the same forward pass may be read under any number of them.
///
/// @param name               as the command line names it
/// @param activation         `x · gate(x)`; FREEZE is the identity rule
/// @param norm               `x · scale(x)`
/// @param gated              `act(gate) · up`; FREEZE holds the gate branch
/// @param mix                `P · V`; FREEZE holds the pattern
/// @param score              `Q · Kᵀ`
/// @param softmaxTemperature at which the softmax is differentiated; 1 is its gradient
/// @param linear             the rule of linear layers that no site names
/// @param sites              rules of particular sites; the first that matches wins
public record RuleSet(String name, Product activation, Product norm, Product gated, Product mix, Product score,
                      double softmaxTemperature, LinearRule linear, List<Site> sites) {
    /// A rule for the linear layers whose site matches `pattern`: `*` stands for one name, `**` for any number of names.
    public record Site(String pattern, LinearRule rule) {
        boolean matches(String site) {
            var regex = pattern.replace(".", "\\.").replace("**", "\0").replace("*", "[^.]*").replace("\0", ".*");
            return site.matches(regex);
        }
    }

    public RuleSet {
        sites = List.copyOf(sites);
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

    /// Whether relevance is conserved up to what the ledger books: no product lets both factors move.
    public boolean keepsLedger() {
        return activation != Product.MOVE && norm != Product.MOVE && gated != Product.MOVE && mix != Product.MOVE
            && score != Product.MOVE;
    }

    RuleSet named(String newName, List<Site> newSites) {
        return new RuleSet(newName, activation, norm, gated, mix, score, softmaxTemperature, linear, newSites);
    }

    @Override
    public String toString() {
        var at = sites.stream().map(s -> s.rule() + " at " + s.pattern()).collect(Collectors.joining(", "));
        return name + ": activation " + activation + ", norm " + norm + ", gated " + gated + ", mix " + mix + ", score " + score
            + ", " + (at.isEmpty() ? "" : at + ", ") + linear + (at.isEmpty() ? "" : " elsewhere");
    }
}
