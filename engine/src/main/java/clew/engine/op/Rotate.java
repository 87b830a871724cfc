package clew.engine.op;

import clew.engine.kernel.Kernels;
import clew.engine.tape.Op;
import clew.engine.tape.Pull;
import clew.engine.tape.Value;
import clew.engine.tensor.Rows;
import clew.engine.tensor.Tensor;
import java.util.List;

/// Rotary positions (Su et al. 2021): columns i and i+c of every head turn by the row's angle.     x, y: `[R, H·d]`   angles: `[R, c]`
///
/// | reading | x |
/// |---|---|
/// | gradient, LRP | g turned back |
public record Rotate(Value x, Angles angles, int width) implements Op {
    /// Cosines, sines and negated sines of every row's angles, each `[R, c]`, `2c ≤ d`.
    public record Angles(Tensor cos, Tensor sin, Tensor minusSin) {}

    @Override
    public List<Value> inputs() {
        return List.of(x);
    }

    @Override
    public Tensor forward(Kernels k) {
        return k.rotate(x.tensor(), angles.cos(), angles.sin(), width, Rows.all(x.rows()));
    }

    @Override
    public void backward(Pull p) {
        p.to(x, () -> p.k().rotate(p.g(), angles.cos(), angles.minusSin(), width, p.rows()));
    }
}
