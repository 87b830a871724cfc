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
/// | RESCALE | `g ⊙ Δy/Δx`, as [Activate] |
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
        return k.scale(k.curve(Activation.TANH, Curve.VALUE, inner(k)), cap);
    }

    @Override
    public void backward(Pull p) {
        p.to(x, () -> p.k().mul(p.g(), Activate.back(p, Activation.TANH, inner(p.k())), p.rows()));
    }

    private Tensor inner(Kernels k) {
        return k.scale(x.tensor(), 1 / cap);
    }
}
