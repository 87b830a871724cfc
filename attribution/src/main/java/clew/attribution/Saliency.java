package clew.attribution;

import clew.engine.rule.RuleSets;
import clew.model.Run;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// `‖∂f/∂e_t‖` — how strongly the explained scalar would react to a change of token t's embedding (Simonyan et al.
/// 2013).
///
/// @param aggregate L2 by default; L1 and the plain sum are the variants in use
public record Saliency(Aggregate aggregate) implements AttributionMethod {
    /// The Euclidean length of each token's gradient.
    public Saliency() {
        this(Aggregate.L2);
    }

    @Override
    public String name() {
        return "saliency";
    }

    @Override
    public Attribution explain(Run run, List<Explained> targets) {
        var work = new Explanation(run, targets);
        var e = run.embeddings();
        double[][] features = new double[targets.size()][], scores = new double[targets.size()][];
        work.backward(RuleSets.GRADIENT, Set.of(e), (t, back, seed) -> {
            features[t] = back.of(e).of(seed);                                                  // [T, D]
            scores[t] = aggregate.of(features[t], e.cols());                                    // [T]
        });
        var parameters = Map.<String, Object>of("aggregate", aggregate.label());
        return work.result(name(), parameters, scores, features, null, List.of(), List.of());
    }
}
