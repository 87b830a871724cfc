package clew.attribution;

import clew.engine.rule.RuleSet;
import clew.engine.rule.RuleSets;
import clew.engine.tape.Cotangents;
import clew.engine.tape.Value;
import clew.model.Run;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/// `R = e ⊙ g` — layer-wise relevance propagation: g is the gradient modified by a rule set at every op.
///
/// The ledger says where the rest of the explained amount went. Sources: Bach et al. 2015; Ali et al. 2022 (cp-lrp);
/// Achtibat et al. 2024 (attnlrp).
public record Lrp(RuleSet rules, Aggregate aggregate) implements AttributionMethod {
    /// Features summed per token.
    public Lrp(RuleSet rules) {
        this(rules, Aggregate.SUM);
    }

    /// AttnLRP.
    public Lrp() {
        this(RuleSets.ATTN_LRP);
    }

    @Override
    public String name() {
        return "lrp";
    }

    @Override
    public Attribution explain(Run run, List<Explained> targets) {
        var work = new Explanation(run, targets);
        var e = run.embeddings();
        var wanted = new HashSet<Value>();
        wanted.add(e);
        run.positions().ifPresent(wanted::add);
        double[][] features = new double[targets.size()][], scores = new double[targets.size()][];
        var ledgers = new Ledger[targets.size()];
        work.backward(rules, wanted, (t, back, seed) -> {
            features[t] = relevance(e, back, seed);                                             // [T, D]
            scores[t] = aggregate.of(features[t], e.cols());                                    // [T]
            var f = targets.get(t);
            var z = run.logits(0, f.position());
            var tokens = Aggregate.SUM.of(features[t], e.cols());
            var positions = run.positions().map(p -> Aggregate.SUM.of(relevance(p, back, seed), p.cols()));
            ledgers[t] = Ledger.of(Products.sum(Products.of(f.derivative(z), z)), tokens,
                positions.orElse(new double[0]), back, seed);
            if (!ledgers[t].closes(run.logits().dtype()))
                work.warn("the ledger of target " + f.id() + " does not close: " + ledgers[t].closure() + " of "
                    + ledgers[t].explained() + " is unaccounted for");
        });
        var parameters = Map.<String, Object>of("rules", rules.name(), "aggregate", aggregate.label());
        return work.result(name(), parameters, scores, features, null, List.of(), List.of(ledgers));
    }

    /// `x ⊙ g` at any value that the backward pass was asked for, `[rows · cols]`.
    public static double[] relevance(Value x, Cotangents back, int seed) {
        return Products.of(x.tensor().toDoubles(), back.of(x).of(seed));
    }
}
