package clew.engine.op;

import clew.engine.kernel.Fused;
import clew.engine.kernel.Heads;
import clew.engine.kernel.Kernels;
import clew.engine.rule.Product;
import clew.engine.tape.Entry;
import clew.engine.tape.Op;
import clew.engine.tape.Pull;
import clew.engine.tape.Value;
import clew.engine.tensor.Tensor;
import java.util.List;
import java.util.Objects;

/// `z = softmax(c · q kᵀ) v` — [Score], [CausalSoftmax] and [Mix] in one, without the pattern of all pairs.
///
/// q: `[R, H·d]`   k, v: `[R, K·d]`   z: `[R, H·d]`. Every reading is that of the three in turn, and so are the
/// ledger's entries; scores and patterns are computed again on the way back, some rows at a time.
///
/// | reading | v | q and k |
/// |---|---|---|
/// | mix MOVE | `pᵀ g` | what softmax and score make of `g vᵀ` |
/// | mix SHARE | half of it | of half of it |
/// | mix FREEZE | `pᵀ g` | – |
/// | mix or score RESCALE | [RescaledAttention] | likewise |
public record Attend(Value q, Value k, Value v, Heads heads, double c) implements Op {
    /// @throws IllegalArgumentException if q, k or v does not hold whole sequences of these heads, equally many
    public Attend {
        var sequences = Door.sequences("attend: q", q, heads.queries(), heads.heads(), heads.width());
        Door.keys("attend: k", "queries and keys", sequences, k, heads);
        Door.keys("attend: v", "queries and values", sequences, v, heads);
    }

    @Override
    public List<Value> inputs() {
        return List.of(q, k, v);
    }

    @Override
    public Tensor forward(Kernels kernels) {
        return kernels.attend(tensors());
    }

    @Override
    public void backward(Pull p) {
        var mix = p.rules().mix();
        if (mix == Product.RESCALE || p.rules().score() == Product.RESCALE) {
            new RescaledAttention(this, p).backward();
            return;
        }
        var scores = mix != Product.FREEZE && (p.wants(q) || p.wants(k));
        var reading = new Fused.Reading(mix.share(), scores ? mix.share() : 0, p.rules().score().share(),
                                        p.rules().softmaxTemperature(), p.rules().keepsLedger());
        var shares = p.k().attendBackward(p.g(), tensors(), reading, p.rows());
        var keyRows = tensors().keyRows(p.rows());
        p.to(v, keyRows, shares::v);
        if (!scores) return;
        p.to(q, () -> Objects.requireNonNull(shares.q()));
        p.to(k, keyRows, () -> Objects.requireNonNull(shares.k()));
        p.book(Entry.SOFTMAX, shares::leak);
    }

    Fused.Inputs tensors() {
        return new Fused.Inputs(q.tensor(), k.tensor(), v.tensor(), heads, c);
    }
}
