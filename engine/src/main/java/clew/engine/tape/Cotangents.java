package clew.engine.tape;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/// What a backward pass returns: the cotangents that were asked for, and the ledger's entries.
public final class Cotangents {
    private final Map<Value, Cotangent> wanted;
    private final Set<Value> summed;
    private final EnumMap<Entry, double[]> entries;

    Cotangents(Map<Value, Cotangent> wanted, Set<Value> summed, EnumMap<Entry, double[]> entries) {
        this.wanted = wanted;
        this.summed = summed;
        this.entries = entries;
    }

    /// The cotangent of a value that was asked for.
    ///
    /// @throws IllegalArgumentException if it was not asked for, or nothing of the seeds reached it
    public Cotangent of(Value x) {
        var cotangent = wanted.get(x);
        if (cotangent == null)
            throw new IllegalArgumentException(x + " has no cotangent: name it in `wanted`, and let a seed reach it");
        return cotangent;
    }

    /// Whether the value was asked for and any seed reached it.
    public boolean reached(Value x) {
        return wanted.containsKey(x);
    }

    /// Whether the value was reached as a weight: its cotangent is a gradient summed over rows and seeds.
    public boolean summed(Value x) {
        return summed.contains(x);
    }

    /// An entry of the ledger, per seed; empty under rule sets that keep none.
    public double[] entry(Entry entry) {
        return entries.getOrDefault(entry, new double[0]).clone();
    }
}
