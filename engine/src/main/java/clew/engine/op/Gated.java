package clew.engine.op;

import static clew.engine.op.Halves.factor;

import clew.engine.kernel.Kernels;
import clew.engine.rule.Product;
import clew.engine.tape.Op;
import clew.engine.tape.Pull;
import clew.engine.tape.Value;
import clew.engine.tensor.Rows;
import clew.engine.tensor.Tensor;
import java.util.List;

/// `y = gate ⊙ up` — the product inside a gated MLP.        gate, up, y: `[R, F]`
///
/// | reading | gate | up |
/// |---|---|---|
/// | MOVE | `g ⊙ up` | `g ⊙ gate` |
/// | SHARE | `½ g ⊙ up` | `½ g ⊙ gate` — AttnLRP eq. 14 |
/// | FREEZE | – | `g ⊙ gate` |
/// | RESCALE | `g ⊙ ½(up + up′)` | `g ⊙ ½(gate + gate′)` |
public record Gated(Value gate, Value up) implements Op {
    @Override
    public List<Value> inputs() {
        return List.of(gate, up);
    }

    @Override
    public Tensor forward(Kernels k) {
        return k.mul(gate.tensor(), up.tensor(), Rows.all(gate.rows()));
    }

    @Override
    public boolean isCheap() {
        return true;
    }

    @Override
    public void backward(Pull p) {
        var rule = p.rules().gated();
        var k = p.k();
        if (rule != Product.FREEZE)
            p.to(gate, () -> k.scale(k.mul(p.g(), factor(k, rule, up), p.rows()), rule.share()));
        p.to(up, () -> k.scale(k.mul(p.g(), factor(k, rule, gate), p.rows()), rule.share()));
    }
}
