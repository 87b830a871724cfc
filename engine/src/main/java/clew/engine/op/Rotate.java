package clew.engine.op;

import clew.engine.kernel.Kernels;
import clew.engine.rule.Product;
import clew.engine.tape.Entry;
import clew.engine.tape.Op;
import clew.engine.tape.Pull;
import clew.engine.tape.Value;
import clew.engine.tensor.Rows;
import clew.engine.tensor.Shape;
import clew.engine.tensor.Tensor;
import java.util.List;

/// `(a, b) → (a cos − b sin, b cos + a sin)` — rotary positions.        x, y: `[R, H·d]`   angles: `[R, c]`
///
/// Columns i and i+c of every head turn by the row's i-th angle (Su et al. 2021); columns from 2c on stay.
///
/// | reading | x |
/// |---|---|
/// | MOVE | g turned back |
/// | SHARE | half of it where columns turn; the other half, `½⟨y, g⟩`, is the position's — PA-LRP, Bakish et al. 2025 |
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
    public boolean isCheap() {
        return true;
    }

    @Override
    public void backward(Pull p) {
        var shares = p.rules().rotation() == Product.SHARE;
        var content = shares ? p.k().scaleCols(p.g(), halves(p.k())) : p.g();
        p.to(x, () -> p.k().rotate(content, angles.cos(), angles.minusSin(), width, p.rows()));
        if (shares) p.book(Entry.POSITION, () -> {
            double[] taken = p.k().dot(p.g(), p.y(), p.rows()), sent = p.k().dot(content, p.y(), p.rows());
            for (int i = 0; i < taken.length; i++) taken[i] -= sent[i];
            return taken;
        });
    }

    /// ½ for the columns that turn, 1 for those that stay.
    private Tensor halves(Kernels k) {
        var halves = new double[x.cols()];
        for (int i = 0; i < halves.length; i++)
            halves[i] = i % width < 2 * angles.cos().cols() ? Product.SHARE.share() : 1;
        return k.tensor(Shape.of(halves.length), halves);
    }
}
