package clew.attribution;

import clew.engine.tape.Cotangents;
import clew.engine.tape.Entry;

/// Where the explained amount went:
/// `⟨seed, logits⟩ = Σ tokens + Σ positions + biases + softmax leak + ε-absorption`.
///
/// @param explained ⟨seed, logits⟩: f itself for a logit and for contrasts of logits
/// @param tokens    Σ e ⊙ g over the token embeddings
/// @param positions Σ pos ⊙ g over learned positions
/// @param biases    Σ ⟨b, g⟩ over linear biases and norm offsets
/// @param softmax   what the softmaxes keep
/// @param epsilon   what stabilisers absorb
/// @param largest   `max(|explained|, Σ|R_t| + Σ|entries|)`: what the closure is measured against
public record Ledger(double explained, double tokens, double positions, double biases, double softmax, double epsilon, double largest) {
    static Ledger of(double explained, double[] tokens, double[] positions, Cotangents back, int seed) {
        double[] entries = {entry(back, Entry.BIAS, seed), entry(back, Entry.SOFTMAX, seed), entry(back, Entry.EPSILON, seed)};
        double t = 0, p = 0, size = 0;
        for (double v : tokens) { t += v; size += Math.abs(v); }
        for (double v : positions) { p += v; size += Math.abs(v); }
        for (double v : entries) size += Math.abs(v);
        return new Ledger(explained, t, p, entries[0], entries[1], entries[2], Math.max(Math.abs(explained), size));
    }

    /// Σ entries − explained: zero but for rounding.
    public double closure() {
        return tokens + positions + biases + softmax + epsilon - explained;
    }

    /// Whether the closure is within rounding of float32: `5·10⁻⁵ · largest`.
    public boolean closes() {
        return Math.abs(closure()) <= 5e-5 * largest;
    }

    private static double entry(Cotangents back, Entry entry, int seed) {
        var amounts = back.entry(entry);
        return seed < amounts.length ? amounts[seed] : 0;
    }
}
