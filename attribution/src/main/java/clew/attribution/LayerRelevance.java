package clew.attribution;

import clew.engine.rule.RuleSet;
import clew.engine.rule.RuleSets;
import clew.engine.tape.Cotangents;
import clew.model.LanguageModel;
import clew.model.Run;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// `x ⊙ g` at any hook point, g the gradient under a rule set: how much of the explained amount passes there.
///
/// Under `gradient` this is Captum's LayerGradientXActivation, under a rule set of relevance its LayerLRP, with a
/// ledger: what arrives at the layer and what was booked on the way there from the logits is the explained amount.
/// Where the layer does not carry all of f (a head, the MLP's output), what goes past it is the rest.
///
/// @param hook the full name of a hook point
public record LayerRelevance(String hook, RuleSet rules, Aggregate aggregate) implements AdditiveMethod {
    /// Layer gradient × activation.
    public LayerRelevance(String hook) {
        this(hook, RuleSets.GRADIENT, Aggregate.SUM);
    }

    @Override
    public String name() {
        return rules.equals(RuleSets.GRADIENT) ? "layer-gradient-x-activation" : "layer-lrp";
    }

    @Override
    public Set<String> hooks(LanguageModel model) {
        return Set.of(hook);
    }

    @Override
    public void require(LanguageModel model, Groups groups) {
        Place.of(model, hook);
    }

    @Override
    public Attribution explain(Run run, List<Explained> targets) {
        var work = new Explanation(run, targets);
        var place = Place.of(run.model(), hook);
        var held = work.declaring(hooks(run.model()));
        var x = held.value(hook);
        double[][] features = new double[targets.size()][], scores = new double[targets.size()][];
        var ledgers = new ArrayList<Ledger>();
        var carriesAll = carriesAll(held);
        if (rules.keepsLedger() && !carriesAll)
            work.warn("not all of f passes " + hook + ": what goes past it stands in the ledger as the rest, so that"
                + " its closure says nothing");
        if (!rules.keepsLedger() && !rules.equals(RuleSets.GRADIENT)) work.warnOfNoLedger(rules);
        work.backward(rules, Set.of(x), (t, back, seed) -> {
            features[t] = place.byToken(relevance(held, back, seed), held);                     // [T, C]
            scores[t] = aggregate.of(features[t], features[t].length / held.pass().tokens());   // [T]
            if (!rules.keepsLedger()) return;
            var byToken = Aggregate.SUM.of(features[t], features[t].length / held.pass().tokens());
            var ledger = Ledger.of(targets.get(t).amount(held), byToken, new double[0], back, seed);
            ledgers.add(carriesAll ? work.closing(ledger, targets.get(t)) : ledger.leavingPast());
        });
        var parameters = Map.<String, Object>of("hook", hook, "rules", rules.name(), "aggregate", aggregate.label());
        return work.result(name(), parameters, scores, features, null, List.of(), ledgers);
    }

    private boolean carriesAll(Run held) {
        return held.carries(hook, held.embeddings())
            && held.positions().map(p -> held.carries(hook, p)).orElse(true);
    }

    private double[] relevance(Run held, Cotangents back, int seed) {
        var x = held.value(hook);
        return back.reached(x) ? Lrp.relevance(x, back, seed) : new double[Math.toIntExact(x.tensor().size())];
    }
}
