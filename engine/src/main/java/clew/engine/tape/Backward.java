package clew.engine.tape;

import clew.engine.kernel.Kernels;
import clew.engine.rule.RuleSet;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// One backward pass under way. Cotangents of values nobody asked for are let go as soon as they are consumed.
final class Backward {
    final RuleSet rules;
    final Kernels kernels;
    private final Set<Value> wanted;
    private final boolean[] leads;
    private final Map<Value, Cotangent> pending = new HashMap<>();
    private final Map<Value, Cotangent> result = new HashMap<>();
    private final EnumMap<Entry, double[]> entries = new EnumMap<>(Entry.class);

    Backward(RuleSet rules, Kernels kernels, Set<Value> wanted, List<Tape.Node> nodes, int values) {
        this.rules = rules;
        this.kernels = kernels;
        this.wanted = wanted;
        this.leads = new boolean[values];
        for (var v : wanted) leads[v.id()] = true;
        for (var node : nodes)                                        // a value leads somewhere if an input of its op does
            for (var input : node.op().inputs()) leads[node.y().id()] |= leads[input.id()];
    }

    boolean wants(Value x) {
        return leads[x.id()];
    }

    void add(Value x, Cotangent share) {
        pending.merge(x, share, (a, b) -> a.plus(b, kernels));
    }

    void book(Entry entry, double[] perSeed) {
        entries.merge(entry, perSeed.clone(), (a, b) -> {
            for (int i = 0; i < a.length; i++) a[i] += b[i];
            return a;
        });
    }

    Cotangents run(List<Tape.Node> nodes, Value from, Cotangent seed) {
        add(from, seed);
        for (var node : nodes.reversed()) {
            var cotangent = pending.remove(node.y());
            if (cotangent == null) continue;
            if (wanted.contains(node.y())) result.put(node.y(), cotangent);
            if (wants(node.y())) node.op().backward(new Pull(this, node.y().tensor(), cotangent));
        }
        pending.forEach((x, cotangent) -> { if (wanted.contains(x)) result.put(x, cotangent); });     // leaves
        return new Cotangents(result, entries);
    }
}
