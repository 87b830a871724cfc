package clew.engine.op;

import clew.engine.kernel.Activation;
import clew.engine.kernel.Activation.Curve;
import clew.engine.kernel.Kernels;
import clew.engine.tape.Op;
import clew.engine.tape.Pull;
import clew.engine.tape.Value;
import clew.engine.tensor.Tensor;
import java.util.List;

/// `y = κ · tanh(x/κ)` — element by element, within ±κ: how Gemma 2 bounds scores and logits.        x, y: `[R, C]`
///
/// | reading | x |
/// |---|---|
/// | MOVE | `g ⊙ (1 − tanh²(x/κ))` |
/// | FREEZE | `g ⊙ tanh(u)/u`, `u = x/κ`: the identity rule, AttnLRP prop. 3.3 in closed form |
public record SoftCap(Value x, double cap) implements Op {
    /// @throws IllegalArgumentException if the cap is not above 0
    public SoftCap {
        if (!(cap > 0)) throw new IllegalArgumentException("soft cap: " + cap + " is not above 0");
    }

    @Override
    public List<Value> inputs() {
        return List.of(x);
    }

    @Override
    public Tensor forward(Kernels k) {
        return k.scale(curve(k, Curve.VALUE), cap);
    }

    @Override
    public void backward(Pull p) {
        var curve = Activate.back(p.rules().activation());
        p.to(x, () -> p.k().mul(p.g(), curve(p.k(), curve), p.rows()));
    }

    private Tensor curve(Kernels k, Curve curve) {
        return k.curve(Activation.TANH, curve, k.scale(x.tensor(), 1 / cap));
    }
}
