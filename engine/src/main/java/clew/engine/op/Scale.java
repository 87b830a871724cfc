package clew.engine.op;

import clew.engine.kernel.Kernels;
import clew.engine.tape.Op;
import clew.engine.tape.Pull;
import clew.engine.tape.Value;
import clew.engine.tensor.Tensor;
import java.util.List;

/// `y = c · x` — every element by one constant.        x, y: `[R, C]`
///
/// | reading | x |
/// |---|---|
/// | gradient, LRP | `c · g` |
public record Scale(Value x, double c) implements Op {
    @Override
    public List<Value> inputs() {
        return List.of(x);
    }

    @Override
    public Tensor forward(Kernels k) {
        return k.scale(x.tensor(), c);
    }

    @Override
    public boolean isCheap() {
        return true;
    }

    @Override
    public void backward(Pull p) {
        p.to(x, () -> p.k().scale(p.g(), c));
    }
}
