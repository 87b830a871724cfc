package clew.attribution;

import clew.engine.tape.Cotangents;
import clew.engine.tape.Entry;
import clew.engine.tensor.DType;
import java.util.List;

/// Where the explained amount went:
/// `⟨seed, logits⟩ = Σ tokens + Σ positions + biases + softmax leak + edits + ε-absorption + past`.
///
/// That of a layer says the same of the way from the logits to the layer.
///
/// @param explained ⟨seed, logits⟩: f itself for a logit and for contrasts of logits
/// @param tokens    Σ e ⊙ g over the token embeddings; of a layer Σ y ⊙ g over what passes there
/// @param positions Σ pos ⊙ g over learned positions, and what rotations hand to theirs
/// @param biases    Σ ⟨b, g⟩ over linear biases and norm offsets
/// @param softmax   what the softmaxes keep
/// @param edits     what edits put in: 0 in a run without any
/// @param epsilon   what stabilisers absorb
/// @param past      what goes past a layer that does not carry all: the rest, so that the closure says nothing there;
///                  else 0
/// @param largest   `max(|explained|, Σ|R_t| + Σ|entries|)`: what a float32 closure is measured against
public record Ledger(double explained, double tokens, double positions, double biases, double softmax, double edits,
                     double epsilon, double past, double largest) {
    /// Of all that there is.
    public Ledger(double explained, double tokens, double positions, double biases, double softmax, double edits,
                  double epsilon, double largest) {
        this(explained, tokens, positions, biases, softmax, edits, epsilon, 0, largest);
    }

    static Ledger of(double explained, double[] tokens, double[] positions, Cotangents back, int seed) {
        double biases = entry(back, Entry.BIAS, seed), softmax = entry(back, Entry.SOFTMAX, seed);
        double edits = entry(back, Entry.EDIT, seed), epsilon = entry(back, Entry.EPSILON, seed);
        double t = 0, p = entry(back, Entry.POSITION, seed), size = Math.abs(p);
        for (double v : tokens) { t += v; size += Math.abs(v); }
        for (double v : positions) { p += v; size += Math.abs(v); }
        size += Math.abs(biases) + Math.abs(softmax) + Math.abs(edits) + Math.abs(epsilon);
        return new Ledger(explained, t, p, biases, softmax, edits, epsilon, Math.max(Math.abs(explained), size));
    }

    /// With what is not accounted for as what goes past.
    Ledger leavingPast() {
        return new Ledger(explained, tokens, positions, biases, softmax, edits, epsilon, past - closure(),
            Math.max(largest, Math.abs(closure())));
    }

    /// That of the sum of several scalars.
    static Ledger sum(List<Ledger> all) {
        return all.stream().reduce((a, b) -> new Ledger(a.explained + b.explained, a.tokens + b.tokens,
            a.positions + b.positions, a.biases + b.biases, a.softmax + b.softmax, a.edits + b.edits,
            a.epsilon + b.epsilon, a.past + b.past, a.largest + b.largest)).orElseThrow();
    }

    /// Σ entries − explained: zero but for rounding.
    public double closure() {
        return tokens + positions + biases + softmax + edits + epsilon + past - explained;
    }

    /// Whether the closure is within the rounding of the run: `10⁻⁹ · |explained|` in float64, `5·10⁻⁵ · largest` in
    /// float32.
    public boolean closes(DType precision) {
        return Math.abs(closure()) <= (precision == DType.F64 ? 1e-9 * Math.abs(explained) : 5e-5 * largest);
    }

    private static double entry(Cotangents back, Entry entry, int seed) {
        var amounts = back.entry(entry);
        return seed < amounts.length ? amounts[seed] : 0;
    }
}
