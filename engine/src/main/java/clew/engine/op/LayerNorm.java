package clew.engine.op;

import clew.engine.kernel.Kernels;
import clew.engine.rule.Product;
import clew.engine.tape.Entry;
import clew.engine.tape.Op;
import clew.engine.tape.Pull;
import clew.engine.tape.Value;
import clew.engine.tensor.Rows;
import clew.engine.tensor.Tensor;
import java.util.List;

/// `y = c · s(c) · w + b`,  `c = x − mean(x)`,  `s = 1/√(mean(c²) + ε)` — each row.        x, y: `[R, D]`   w, b: `[D]`
///
/// RMS normalisation of the centred row; centring is linear and its own adjoint.
///
/// | reading | x |
/// |---|---|
/// | MOVE | `centre(h − c·s²·mean(c·h))`, `h = g·w·s` |
/// | FREEZE | `centre(h)`: the deviation is held, the mean is not — AttnLRP prop. 3.4; `⟨b, g⟩` stays in the ledger |
/// | RESCALE | that of [RmsNorm] for the centred row |
public record LayerNorm(Value x, Value w, Value b, double eps) implements Op {
    @Override
    public List<Value> inputs() {
        return List.of(x, w, b);
    }

    @Override
    public Tensor forward(Kernels k) {
        return k.addToRows(k.scaleCols(normal(k), w.tensor()), b.tensor());
    }

    @Override
    public boolean isCheap() {
        return true;
    }

    @Override
    public void backward(Pull p) {
        var k = p.k();
        var c = k.centreRows(x.tensor());                                                                   // [R, D]
        var s = k.rmsScale(c, eps);                                                                         // [R]
        p.to(x, () -> {
            var gw = k.scaleCols(p.g(), w.tensor());                                                        // [N, D]
            if (p.rules().norm() == Product.RESCALE) return k.centreRows(Halves.norm(k, gw, c, eps, p.rows()));
            var h = k.scaleRows(gw, s, p.rows());                                                           // [N, D]
            return k.centreRows(p.rules().norm() == Product.FREEZE ? h : k.rowProjection(h, c, s, p.rows()));
        });
        p.toWeight(w, () -> k.sumRows(k.mul(p.g(), k.scaleRows(c, s, all()), p.rows())));                   // [D]
        p.toWeight(b, () -> k.sumRows(p.g()));                                                              // [D]
        p.book(Entry.BIAS, () -> k.dotRow(p.g(), b.tensor(), p.rows()));
    }

    private Tensor normal(Kernels k) {
        var c = k.centreRows(x.tensor());
        return k.scaleRows(c, k.rmsScale(c, eps), all());
    }

    private Rows all() {
        return Rows.all(x.rows());
    }
}
