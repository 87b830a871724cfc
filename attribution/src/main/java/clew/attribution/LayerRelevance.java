package clew.attribution;

import clew.engine.rule.RuleSet;
import clew.engine.rule.RuleSets;
import clew.engine.tape.Cotangents;
import clew.model.LanguageModel;
import clew.model.Run;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// `x ⊙ g` at any hook point, g the gradient under a rule set: how much of the explained amount passes there.
///
/// Under `gradient` this is Captum's LayerGradientXActivation, under a rule set of relevance its LayerLRP.
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
        work.backward(rules, Set.of(x), (t, back, seed) -> {
            features[t] = place.byToken(relevance(held, back, seed), held);                     // [T, C]
            scores[t] = aggregate.of(features[t], features[t].length / held.pass().tokens());   // [T]
        });
        var parameters = Map.<String, Object>of("hook", hook, "rules", rules.name(), "aggregate", aggregate.label());
        return work.result(name(), parameters, scores, features, null, List.of(), List.of());
    }

    private double[] relevance(Run held, Cotangents back, int seed) {
        var x = held.value(hook);
        return back.reached(x) ? Lrp.relevance(x, back, seed) : new double[Math.toIntExact(x.tensor().size())];
    }
}
