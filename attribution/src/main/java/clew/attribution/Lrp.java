package clew.attribution;

import clew.engine.rule.Product;
import clew.engine.rule.RuleSet;
import clew.engine.rule.RuleSets;
import clew.engine.tape.Cotangents;
import clew.engine.tape.Value;
import clew.model.LanguageModel;
import clew.model.Run;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// `R = (e − e′) ⊙ g` — layer-wise relevance propagation: g is the gradient modified by a rule set at every op.
///
/// The ledger says where the rest of the explained amount went; of rule sets that keep none (gim) a warning says why.
/// Under a rule set that shares rotations (pa-lrp) the part of the positions is told token by token, apart from the
/// scores. Sources: Bach et al. 2015; Ali et al. 2022 (cp-lrp); Achtibat et al. 2024 (attnlrp); Bakish et al. 2025
/// (pa-lrp); Edin et al. 2025 (gim).
///
/// @param from e′: zero for every rule set but gim, whose paper compares with the space token
public record Lrp(RuleSet rules, Baseline from, Aggregate aggregate) implements AdditiveMethod {
    /// From zero.
    public Lrp(RuleSet rules, Aggregate aggregate) {
        this(rules, new Baseline.Zero(), aggregate);
    }

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

    private boolean tellsPositions() {
        return rules.rotation() == Product.SHARE;
    }

    @Override
    public Set<String> hooks(LanguageModel model) {
        var rotates = tellsPositions() && model.spec().rope() != null;
        return rotates ? Set.of("blocks.*.attn.hook_q", "blocks.*.attn.hook_k", "blocks.*.attn.hook_rot_q",
            "blocks.*.attn.hook_rot_k") : Set.of();
    }

    @Override
    public void require(LanguageModel model, Groups groups) {
        from.require(model);
    }

    @Override
    public Attribution explain(Run given, List<Explained> targets) {
        var work = new Explanation(given, targets);
        var run = work.declaring(hooks(given.model()));
        var e = run.embeddings();
        var wanted = new HashSet<Value>();
        wanted.add(e);
        run.positions().ifPresent(wanted::add);
        var turned = tellsPositions() ? Turned.of(run) : List.<Turned>of();
        for (var t : turned) wanted.addAll(List.of(t.before, t.after));
        var start = from instanceof Baseline.Zero ? new double[e.cols()] : from.row(run.model());
        double[][] features = new double[targets.size()][], scores = new double[targets.size()][];
        var positions = new double[tellsPositions() ? targets.size() : 0][];
        var ledgers = new ArrayList<Ledger>();
        if (!rules.keepsLedger()) work.warnOfNoLedger(rules);
        work.backward(rules, wanted, (t, back, seed) -> {
            var g = back.of(e).of(seed);                                                        // [T, D]
            features[t] = relevance(e, back, seed);
            if (rules.keepsLedger()) ledgers.add(ledger(run, targets.get(t), features[t], back, seed, work));
            for (int i = 0; i < g.length; i++) features[t][i] -= start[i % start.length] * g[i];
            scores[t] = aggregate.of(features[t], e.cols());                                    // [T]
            if (tellsPositions()) positions[t] = positions(run, turned, back, seed);
        });
        return work.relevance(name(), parameters(), scores, features, positions, ledgers);
    }

    /// A recipe that no name stands for is told in full.
    private Map<String, Object> parameters() {
        var parameters = new HashMap<String, Object>(Map.of("rules", rules.name(), "aggregate", aggregate.label()));
        if (!RuleSets.named().contains(rules)) parameters.put("recipe", rules.toString());
        if (!(from instanceof Baseline.Zero)) parameters.put("baseline", from.toString());
        return parameters;
    }

    private static Ledger ledger(Run run, Explained f, double[] relevance, Cotangents back, int seed,
                                 Explanation work) {
        var tokens = Aggregate.SUM.of(relevance, run.embeddings().cols());
        return work.closing(Ledger.of(f.amount(run), tokens, learned(run, back, seed), back, seed), f);
    }

    /// `pos ⊙ g` of learned positions, summed per token; nothing where there are none.
    private static double[] learned(Run run, Cotangents back, int seed) {
        return run.positions().map(p -> Aggregate.SUM.of(relevance(p, back, seed), p.cols())).orElse(new double[0]);
    }

    /// What positions have of every token: learned ones their own, rotary ones what each rotation keeps.
    private static double[] positions(Run run, List<Turned> turned, Cotangents back, int seed) {
        var out = new double[run.pass().tokens()];
        var learned = learned(run, back, seed);
        for (int t = 0; t < learned.length; t++) out[t] += learned[t];
        for (var x : turned)
            if (back.reached(x.after)) {
                double[] taken = Aggregate.SUM.of(relevance(x.after, back, seed), x.after.cols());
                double[] sent = Aggregate.SUM.of(relevance(x.before, back, seed), x.before.cols());
                for (int t = 0; t < out.length; t++) out[t] += taken[t] - sent[t];
            }
        return out;
    }

    /// Queries or keys of a layer before and behind their rotation. A norm of heads between the two passes all on.
    private record Turned(Value before, Value after) {
        static List<Turned> of(Run run) {
            var all = new ArrayList<Turned>();
            if (run.model().spec().rope() == null) return all;
            for (int l = 0; l < run.model().spec().layers(); l++)
                for (var what : List.of("q", "k"))
                    all.add(new Turned(run.value("blocks." + l + ".attn.hook_" + what),
                        run.value("blocks." + l + ".attn.hook_rot_" + what)));
            return all;
        }
    }

    /// `x ⊙ g` at any value that the backward pass was asked for, `[rows · cols]`.
    public static double[] relevance(Value x, Cotangents back, int seed) {
        return Products.of(x.tensor().toDoubles(), back.of(x).of(seed));
    }
}
