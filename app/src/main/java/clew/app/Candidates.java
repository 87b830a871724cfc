package clew.app;

import clew.attribution.evaluation.Evaluation.Candidate;
import clew.engine.rule.RuleSets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// The methods to be judged: those of `--method`, where `lrp:cp-lrp` is LRP under those rules and `all` is every method
/// that needs nothing more than a prompt, LRP under every rule set.
final class Candidates {
    static final String ALL = "all";

    private static final Set<Key> SHAPES = Set.of(Key.NORMALIZE, Key.GROUP, Key.SKIP_SPECIAL, Key.FEATURES);

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

    /// Their methods by name, for who wants to know what options they read.
    static String names(List<Candidate> candidates) {
        return candidates.stream().map(c -> c.method().name()).distinct().collect(Collectors.joining(","));
    }

    private static Candidate one(Given given, String name) {
        var colon = name.indexOf(':');
        var method = given.name(Key.METHOD);
        if (colon < 0) return candidate(given.with(Key.METHOD, name, method), name);
        if (!name.startsWith("lrp:"))
            throw new UsageException(method + ": '" + name + "' is unknown; rules stand behind lrp only, as in"
                + " lrp:cp-lrp");
        var rules = name.substring(colon + 1);
        return candidate(given.with(Key.METHOD, "lrp", method).with(Key.RULES, rules, method), name);
    }

    private static Candidate candidate(Given given, String label) {
        var settings = MethodSettings.of(given);
        return new Candidate(label, MethodName.of(given).getFirst().with(settings));
    }
}
