package clew.engine.op;

import clew.engine.kernel.Activation;
import clew.engine.kernel.Activation.Curve;
import clew.engine.kernel.Kernels;
import clew.engine.tape.Op;
import clew.engine.tape.Pull;
import clew.engine.tape.Value;
import clew.engine.tensor.Tensor;
import java.util.List;

/// `y = f(x) = x · gate(x)` — element by element.        x, y: `[R, F]`
///
/// | reading | x |
/// |---|---|
/// | MOVE | `g ⊙ f′(x)` |
/// | FREEZE | `g ⊙ gate(x)`: the identity rule, AttnLRP prop. 3.3 with `f(x)/x` in closed form |
/// | RESCALE | `g ⊙ Δy/Δx`: Shrikumar et al. 2017, eq. 9; `f′(x)` where x has not moved |
public record Activate(Activation f, Value x) implements Op {
    @Override
    public List<Value> inputs() {
        return List.of(x);
    }

    @Override
    public Tensor forward(Kernels k) {
        return k.curve(f, Curve.VALUE, x.tensor());
    }

    @Override
    public boolean isCheap() {
        return true;
    }

    @Override
    public void backward(Pull p) {
        p.to(x, () -> p.k().mul(p.g(), back(p, f, x.tensor()), p.rows()));
    }

    /// What the cotangent is multiplied by.
    static Tensor back(Pull p, Activation f, Tensor x) {
        return switch (p.rules().activation()) {
            case MOVE, SHARE -> p.k().curve(f, Curve.SLOPE, x);       // a rule set has no SHARE here
            case FREEZE      -> p.k().curve(f, Curve.GATE, x);
            case RESCALE     -> Halves.slopes(p.k(), f, x);
        };
    }
}
