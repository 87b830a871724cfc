package clew.engine.tape;

import clew.engine.kernel.Kernels;
import clew.engine.kernel.Loans;
import clew.engine.rule.RuleSet;
import clew.engine.tensor.Storage;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/// One backward pass under way. Cotangents of values nobody asked for are handed back as soon as they are consumed.
final class Backward {
    final RuleSet rules;
    final Kernels kernels;
    private final Loans loans;
    private final List<Tape.Node> nodes;
    private final Set<Value> wanted;
    private final boolean[] leads;
    private final Map<Value, Cotangent> pending = new HashMap<>();
    private final Map<Value, Cotangent> result = new HashMap<>();
    private final Set<Value> summed = new HashSet<>();
    private final EnumMap<Entry, double[]> entries = new EnumMap<>(Entry.class);

    Backward(RuleSet rules, Kernels kernels, List<Tape.Node> nodes, Set<Value> wanted, int values) {
        this.rules = rules;
        this.loans = kernels.loans();
        this.kernels = loans.kernels();
        this.nodes = nodes;
        this.wanted = wanted;
        this.leads = new boolean[values];
        for (var v : wanted) leads[v.id()] = true;
        for (var node : nodes) leads[node.y().id()] |= leadsThrough(node.op());
    }

    boolean wants(Value x) {
        return leads[x.id()];
    }

    /// Whether an input of the op leads to something wanted. A wanted output alone does not: what an op keeps of it
    /// belongs to what lies behind.
    private boolean leadsThrough(Op op) {
        for (var input : op.inputs()) if (wants(input)) return true;
        return false;
    }

    void add(Value x, Cotangent share) {
        if (share.rows().activations() != x.rows() || share.g().cols() != x.cols())
            throw new IllegalArgumentException(
                x + " cannot take a cotangent " + share.g().shape() + " over " + share.rows().activations() + " rows");
        pending.merge(x, share, (a, b) -> a.plus(b, kernels));
    }

    void addSum(Value w, Cotangent gradient) {
        summed.add(w);
        add(w, gradient);
    }

    void book(Entry entry, double[] perSeed) {
        var sums = entries.get(entry);
        for (int i = 0; i < perSeed.length; i++) sums[i] += perSeed[i];
    }

    /// Whoever asked for it has it from here on.
    private void give(Value x, Cotangent cotangent) {
        loans.leave(cotangent.g().storage());
        result.put(x, cotangent);
    }

    private void keepPending() {
        var needed = new HashSet<Storage>();
        for (var cotangent : pending.values()) needed.add(cotangent.g().storage());
        loans.keepOnly(needed::contains);
    }

    /// @param before hears of every node that is about to be read
    /// @param after  hears that one was read
    Cotangents run(Value from, Cotangent seed, Consumer<Tape.Node> before, Runnable after) {
        if (rules.keepsLedger()) for (var entry : Entry.values()) entries.put(entry, new double[seed.rows().seeds()]);
        add(from, seed);
        for (var node : nodes.reversed()) {
            var cotangent = pending.remove(node.y());
            if (cotangent == null) continue;
            if (wanted.contains(node.y())) give(node.y(), cotangent);
            if (!leadsThrough(node.op())) continue;
            before.accept(node);
            node.op().backward(new Pull(this, node.y().tensor(), cotangent));
            keepPending();
            after.run();
        }
        pending.forEach((x, cotangent) -> { if (wanted.contains(x)) give(x, cotangent); });           // leaves
        loans.close();
        return new Cotangents(result, summed, entries);
    }
}
