package clew.app;

import clew.attribution.evaluation.Evaluation.Candidate;
import clew.engine.rule.RuleSets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// The methods to be judged: those of `--method`, where `lrp:cp-lrp` is LRP under those rules,
/// `integrated-gradients:mean` that method from that baseline, `ablation:delete` with that removal, and `all` every
/// method that needs nothing more than a prompt, LRP under every rule set and integrated gradients from two baselines.
final class Candidates {
    static final String ALL = "all";

    private static final Set<Key> SHAPES = Set.of(Key.NORMALIZE, Key.GROUP, Key.MERGE, Key.SKIP,
        Key.SKIP_SPECIAL, Key.SLOT, Key.SLOT_BASELINE, Key.REGIONS, Key.FEATURES);

    private Candidates() {}

    /// @param verb   that judges them
    /// @param others methods if none is named
    static List<Candidate> of(Given given, String verb, List<String> others) {
        for (var key : SHAPES)
            if (given.has(key))
                throw new UsageException(given.name(key) + " shapes what explain prints, and " + verb
                    + " judges the raw scores of all tokens; leave it out");
        var names = given.has(Key.METHOD) ? given.list(Key.METHOD) : others;
        if (names.equals(List.of(ALL))) return all(given);
        if (names.isEmpty()) MethodName.of(given);                                  // says that none is named
        if (names.stream().distinct().count() < names.size())
            throw new UsageException(given.name(Key.METHOD) + " names a method twice; name it once");
        var all = new ArrayList<Candidate>();
        for (var name : names) all.add(one(given, name));
        return all;
    }

    private static List<Candidate> all(Given given) {
        var labels = new ArrayList<String>();
        for (var method : MethodName.values()) {
            labels.add(method.label());
            if (method == MethodName.LRP && !given.has(Key.RULES))
                RuleSets.named().stream().filter(r -> r != RuleSets.ATTN_LRP && r != RuleSets.GRADIENT)
                    .forEach(r -> labels.add("lrp:" + r.name()));
            if (method == MethodName.INTEGRATED_GRADIENTS && !given.has(Key.BASELINE))
                labels.add(method.label() + ":mean");
        }
        var all = new ArrayList<Candidate>();
        for (var label : labels)
            try {
                all.add(one(given, label));
            } catch (UsageException _) {
                // it needs an option that a prompt does not bring, such as a hook point
            }
        return all;
    }

    /// What to say of options that none of their methods reads; a seed is read by the random rankings.
    static List<String> idle(Given given, List<Candidate> candidates) {
        var names = candidates.stream().map(c -> c.method().name()).distinct().collect(Collectors.joining(","));
        return MethodName.idle(given.with(Key.METHOD, names, Key.METHOD.option())).stream()
            .filter(option -> !option.equals(given.name(Key.SEED)))
            .map(option -> option + " is read by none of the methods asked for").toList();
    }

    private static Candidate one(Given given, String name) {
        var colon = name.indexOf(':');
        var method = given.name(Key.METHOD);
        if (colon < 0) return candidate(given.with(Key.METHOD, name, method), name);
        var plain = given.with(Key.METHOD, name.substring(0, colon), method);
        var variant = name.substring(colon + 1);
        if (MethodName.of(plain).getFirst() == MethodName.LRP)
            return candidate(plain.with(Key.RULES, variant, method), name);
        if (MethodName.of(plain).getFirst().removes())
            return candidate(plain.with(Key.REMOVAL, variant, method), name);
        var from = plain.with(Key.BASELINE, variant, method);
        if (MethodName.idle(from).contains(method))
            throw new UsageException(method + ": '" + name + "' is unknown; behind a colon stand rules, as in"
                + " lrp:cp-lrp, a baseline, as in integrated-gradients:mean, or a removal, as in ablation:delete");
        return candidate(from, name);
    }

    private static Candidate candidate(Given given, String label) {
        var settings = MethodSettings.of(given);
        return new Candidate(label, MethodName.of(given).getFirst().with(settings));
    }
}
