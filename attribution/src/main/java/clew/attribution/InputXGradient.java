package clew.attribution;

import clew.engine.rule.RuleSets;
import clew.model.Run;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// `Σ_d e_td · ∂f/∂e_td` — the first-order share of token t's embedding (Shrikumar et al. 2016).
public record InputXGradient(Aggregate aggregate) implements AdditiveMethod {
    /// Features summed per token.
    public InputXGradient() {
        this(Aggregate.SUM);
    }

    @Override
    public String name() {
        return "input-x-gradient";
    }

    @Override
    public Attribution explain(Run run, List<Explained> targets) {
        var work = new Explanation(run, targets);
        var e = run.embeddings();
        var input = e.tensor().toDoubles();                                                     // [T, D]
        double[][] features = new double[targets.size()][], scores = new double[targets.size()][];
        work.backward(RuleSets.GRADIENT, Set.of(e), (t, back, seed) -> {
            features[t] = Products.of(input, back.of(e).of(seed));                              // [T, D]
            scores[t] = aggregate.of(features[t], e.cols());                                    // [T]
        });
        var parameters = Map.<String, Object>of("aggregate", aggregate.label());
        return work.result(name(), parameters, scores, features, null, List.of(), List.of());
    }
}
