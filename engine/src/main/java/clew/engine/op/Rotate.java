package clew.engine.op;

import clew.engine.kernel.Kernels;
import clew.engine.tape.Op;
import clew.engine.tape.Pull;
import clew.engine.tape.Value;
import clew.engine.tensor.Rows;
import clew.engine.tensor.Tensor;
import java.util.List;

/// `(a, b) → (a cos − b sin, b cos + a sin)` — rotary positions.        x, y: `[R, H·d]`   angles: `[R, c]`
///
/// Columns i and i+c of every head turn by the row's i-th angle (Su et al. 2021); columns from 2c on stay.
///
/// | reading | x |
/// |---|---|
/// | gradient, LRP | g turned back |
public record Rotate(Value x, Angles angles, int width) implements Op {
    /// Cosines, sines and negated sines of every row's angles, each `[R, c]`, `2c ≤ d`.
    public record Angles(Tensor cos, Tensor sin, Tensor minusSin) {
        /// @throws IllegalArgumentException if the shapes differ
        public Angles {
            if (!cos.shape().equals(sin.shape()) || !cos.shape().equals(minusSin.shape()))
                throw new IllegalArgumentException(
                    "angles: cos " + cos.shape() + ", sin " + sin.shape() + ", −sin " + minusSin.shape() + " differ");
        }
    }

    /// @throws IllegalArgumentException if a row is not whole heads, or the angles do not fit rows and heads
    public Rotate {
        var cos = angles.cos().shape();
        if (x.cols() % width != 0 || cos.rows() != x.rows() || 2 * cos.cols() > width)
            throw new IllegalArgumentException(
                "rotate: x " + x.tensor().shape() + " in heads of width " + width + " does not take angles " + cos);
    }

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
