package clew.engine.op;

import clew.engine.kernel.Heads;
import clew.engine.kernel.Kernels;
import clew.engine.rule.Product;
import clew.engine.tape.Entry;
import clew.engine.tape.Op;
import clew.engine.tape.Pull;
import clew.engine.tape.Value;
import clew.engine.tensor.Tensor;
import java.util.List;

/// `p[i] = softmax(s[i])` over the keys that query i sees, 0 elsewhere.        s, p: `[B·H·T, T]`
///
/// | reading | s |
/// |---|---|
/// | all | `p ⊙ (g − ⟨p, g⟩)`: the gradient, which is AttnLRP's Taylor rule (eq. 13) without its bias term |
/// | score RESCALE | `λ ⊙ (g − ⟨λ, g⟩/Σλ)`, `λ = Δp/Δlog p` ([Halves#softmax]) |
///
/// At a temperature τ ≠ 1 (GIM) p is recomputed as `softmax(s/τ)`, without a factor 1/τ. What the Taylor rule's bias
/// term would carry, `⟨p, g⟩ − ⟨s, g_s⟩`, stays in the ledger.
public record CausalSoftmax(Value s, Heads heads) implements Op {
    /// @throws IllegalArgumentException if s does not hold whole sequences of these heads
    public CausalSoftmax {
        Door.patterns("softmax: s", s, heads);
    }

    @Override
    public List<Value> inputs() {
        return List.of(s);
    }

    @Override
    public Tensor forward(Kernels k) {
        return k.softmax(s.tensor(), heads, 1);
    }

    @Override
    public void backward(Pull p) {
        if (p.rules().score() == Product.RESCALE) {
            p.to(s, () -> Halves.softmax(p.k(), p.g(), s.tensor(), heads, p.rows()));
            return;
        }
        var k = p.k();
        var tau = p.rules().softmaxTemperature();
        var pattern = tau == 1 ? p.y() : k.softmax(s.tensor(), heads, tau);
        var gs = k.softmaxBackward(p.g(), pattern, p.rows());
        p.to(s, () -> gs);
        p.book(Entry.SOFTMAX, () -> {
            double[] held = k.dot(p.g(), p.y(), p.rows()), sent = k.dot(gs, s.tensor(), p.rows());
            for (int i = 0; i < held.length; i++) held[i] -= sent[i];
            return held;
        });
    }
}
