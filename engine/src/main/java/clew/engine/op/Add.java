package clew.engine.op;

import clew.engine.kernel.Kernels;
import clew.engine.tape.Op;
import clew.engine.tape.Pull;
import clew.engine.tape.Value;
import clew.engine.tensor.Tensor;
import java.util.List;

/// `z = x + y` — the residual stream's only operation.        x, y, z: `[R, D]`
///
/// | reading | x | y |
/// |---|---|---|
/// | gradient, LRP | g | g |
public record Add(Value x, Value y) implements Op {
    @Override
    public List<Value> inputs() {
        return List.of(x, y);
    }

    @Override
    public Tensor forward(Kernels k) {
        return k.add(x.tensor(), y.tensor());
    }

    @Override
    public boolean isCheap() {
        return true;
    }

    @Override
    public void backward(Pull p) {
        p.to(x, p::g);
        p.to(y, p::g);
    }
}
