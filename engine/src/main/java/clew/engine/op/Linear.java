package clew.engine.op;

import clew.engine.kernel.Kernels;
import clew.engine.kernel.Part;
import clew.engine.rule.LinearRule;
import clew.engine.tape.Entry;
import clew.engine.tape.Op;
import clew.engine.tape.Pull;
import clew.engine.tape.Value;
import clew.engine.tensor.Rows;
import clew.engine.tensor.Tensor;
import clew.engine.tensor.Weight;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `z = W x + b` — every row by one matrix.   x: `[R, in]`   W: `[out, in]` as `view` says   b: `[out]`   z: `[R, out]`
///
/// | reading | x | booked |
/// |---|---|---|
/// | gradient, LRP-0 | `Wᵀ g` | bias `⟨b, g⟩` |
/// | LRP-ε | `Wᵀ g'`, `g' = g·z/δ(z)` | bias `⟨b, g'⟩`, ε `⟨z, g − g'⟩` |
/// | LRP-γ, LRP-αβ | [SignedLinear] | there |
///
/// @param view how the matrix of `w` is stored, and which of its outputs are meant
/// @param site where in the model this is, for rules by site
public record Linear(Value x, Value w, Weight view, @Nullable Value b, String site) implements Op {
    /// @throws IllegalArgumentException if `view` views another matrix than `w`
    public Linear {
        if (view.tensor() != w.tensor() && !view.tensor().equals(w.tensor()))
            throw new IllegalArgumentException(
                "linear: the view is of another matrix " + view.tensor().shape() + " than w " + w.tensor().shape());
    }

    @Override
    public List<Value> inputs() {
        return b == null ? List.of(x, w) : List.of(x, w, b);
    }

    @Override
    public Tensor forward(Kernels k) {
        var y = k.linear(x.tensor(), view, Part.ALL);
        return b == null ? y : k.addToRows(y, b.tensor());
    }

    @Override
    public void backward(Pull p) {
        var k = p.k();
        switch (p.rules().linearAt(site)) {
            case LinearRule.Zero _ -> zero(p, p.g());
            case LinearRule.Epsilon(double eps) -> {
                var kept = k.ratio(p.g(), p.y(), p.y(), eps, p.rows());                                     // g·z/δ(z)
                zero(p, kept);
                p.book(Entry.EPSILON,
                       () -> SignedLinear.minus(k.dot(p.g(), p.y(), p.rows()), k.dot(kept, p.y(), p.rows())));
            }
            case LinearRule.Gamma rule     -> new SignedLinear(this, p).gamma(rule);
            case LinearRule.AlphaBeta rule -> new SignedLinear(this, p).alphaBeta(rule);
        }
        p.toWeight(w, () -> k.weightGradient(p.g(), x.tensor(), p.rows(), view));
        if (b != null) p.toWeight(b, () -> k.sumRows(p.g()));
    }

    private void zero(Pull p, Tensor g) {
        p.to(x, () -> p.k().linearTransposed(g, view, Part.ALL));
        if (b != null) p.book(Entry.BIAS, () -> p.k().dotRow(g, b.tensor(), p.rows()));
    }

    Rows all() {
        return Rows.all(x.rows());
    }
}
