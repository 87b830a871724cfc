package clew.engine.check;

import clew.engine.rule.RuleSet;
import clew.engine.tape.Cotangent;
import clew.engine.tape.Entry;
import clew.engine.tape.Tape;
import clew.engine.tape.Value;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/// `explained = arrived + Σ booked + gap` of a whole pass, per seed.
///
/// The ledger closes when the gap is rounding: 1e-9 of `explained` in float64, 5e-5 of `magnitude` in float32. Under a
/// rule set that keeps no ledger nothing is booked, and the gap is what that reading loses.
///
/// @param explained `⟨seed, y⟩`
/// @param arrived   `Σ ⟨x, g_x⟩` over the inputs asked for
/// @param booked    what the ops on the way kept, by entry
/// @param magnitude `max(|explained|, Σ_rows |⟨x, g_x⟩| + Σ |booked|)`: what cancels when a ledger is added up
public record LedgerCheck(double[] explained, double[] arrived, Map<Entry, double[]> booked, double[] magnitude) {
    public LedgerCheck {
        booked = Map.copyOf(booked);
    }

    /// Reads the tape backwards from `from` and adds up where the relevance went.
    ///
    /// @param inputs where the pass begins: embeddings, positions, whatever else is no weight
    public static LedgerCheck of(Tape tape, Value from, Cotangent seed, RuleSet rules, Set<Value> inputs) {
        var seeds = seed.rows().seeds();
        var explained = new double[seeds];
        Conservation.addProduct(tape, explained, from, seed);
        var back = tape.backward(from, seed, rules, inputs);
        double[] arrived = new double[seeds], magnitude = new double[seeds];
        for (var x : inputs)
            if (back.reached(x)) {
                Conservation.addProduct(tape, arrived, x, back.of(x));
                addRows(magnitude, x, back.of(x));
            }
        var booked = new EnumMap<Entry, double[]>(Entry.class);
        for (var entry : Entry.values()) {
            var amounts = back.entry(entry);
            if (amounts.length > 0) booked.put(entry, amounts);
            for (int k = 0; k < amounts.length; k++) magnitude[k] += Math.abs(amounts[k]);
        }
        for (int k = 0; k < seeds; k++) magnitude[k] = Math.max(magnitude[k], Math.abs(explained[k]));
        return new LedgerCheck(explained, arrived, booked, magnitude);
    }

    /// What is explained and neither arrived nor was booked.
    public double[] gap() {
        var gap = Conservation.minus(explained, arrived);
        for (var amounts : booked.values()) gap = Conservation.minus(gap, amounts);
        return gap;
    }

    private static void addRows(double[] to, Value x, Cotangent g) {
        var values = x.tensor().toDoubles();
        for (int k = 0; k < to.length; k++) {
            var cotangent = g.of(k);
            for (int r = 0; r < x.rows(); r++) {
                var row = 0.0;
                for (int c = 0; c < x.cols(); c++) row += values[r * x.cols() + c] * cotangent[r * x.cols() + c];
                to[k] += Math.abs(row);
            }
        }
    }
}
