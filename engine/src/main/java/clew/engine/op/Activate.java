package clew.engine.op;

import clew.engine.kernel.Activation;
import clew.engine.kernel.Activation.Curve;
import clew.engine.kernel.Kernels;
import clew.engine.rule.Product;
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
    public void backward(Pull p) {
        var curve = back(p.rules().activation());
        p.to(x, () -> p.k().mul(p.g(), p.k().curve(f, curve, x.tensor()), p.rows()));
    }

    /// What the cotangent is multiplied by.
    static Curve back(Product rule) {
        return switch (rule) {
            case MOVE, SHARE -> Curve.SLOPE;                          // a rule set has no SHARE here
            case FREEZE      -> Curve.GATE;
        };
    }
}
