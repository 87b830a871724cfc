package clew.engine.op;

import clew.engine.kernel.Kernels;
import clew.engine.rule.Product;
import clew.engine.tape.Op;
import clew.engine.tape.Pull;
import clew.engine.tape.Value;
import clew.engine.tensor.Rows;
import clew.engine.tensor.Tensor;
import java.util.List;

/// `y = x · s(x) · w`,  `s = 1/√(mean(x²) + ε)` — RMS normalisation of each row.        x, y: `[R, D]`   w: `[D]`
///
/// | reading | x |
/// |---|---|
/// | MOVE | `g·w·s − x·s²·mean(x·g·w·s)`: s moves with x |
/// | FREEZE | `g·w·s`: s is held, so relevance passes straight through — AttnLRP prop. 3.4 |
/// | RESCALE | `x = y·ρ`, `ρ = 1/s`, differs by both factors: `(h − ½(x + x′)·mean(h·½(y + y′))/ρ̄)/ρ̄`, `h = g·w` |
public record RmsNorm(Value x, Value w, double eps) implements Op {
    @Override
    public List<Value> inputs() {
        return List.of(x, w);
    }

    @Override
    public Tensor forward(Kernels k) {
        return k.scaleCols(normal(k, k.rmsScale(x.tensor(), eps)), w.tensor());
    }

    @Override
    public boolean isCheap() {
        return true;
    }

    @Override
    public void backward(Pull p) {
        var k = p.k();
        var s = k.rmsScale(x.tensor(), eps);                                                                 // [R]
        p.to(x, () -> {
            var h = k.scaleCols(p.g(), w.tensor());                                                       // [N, D]
            if (p.rules().norm() == Product.RESCALE) return Halves.norm(k, h, x.tensor(), eps, p.rows());
            var through = k.scaleRows(h, s, p.rows());                                                    // [N, D]
            return p.rules().norm() == Product.FREEZE ? through : k.rowProjection(through, x.tensor(), s, p.rows());
        });
        p.toWeight(w, () -> k.sumRows(k.mul(p.g(), normal(k, s), p.rows())));                                // [D]
    }

    private Tensor normal(Kernels k, Tensor s) {
        return k.scaleRows(x.tensor(), s, Rows.all(x.rows()));
    }
}
