package clew.engine.op;

import clew.engine.kernel.Kernels;
import clew.engine.tape.Op;
import clew.engine.tape.Pull;
import clew.engine.tape.Value;
import clew.engine.tensor.Rows;
import clew.engine.tensor.Tensor;
import java.util.List;

/// The same numbers in rows of `cols` columns: heads become rows, or rows whole again.   x: `[R, n·d]`   y: `[R·n, d]`
///
/// | reading | x |
/// |---|---|
/// | gradient, LRP | g in the rows of x |
public record Reshape(Value x, int cols) implements Op {
    /// @throws IllegalArgumentException if neither width divides the other, or rows are left over
    public Reshape {
        var parts = cols < 1 ? 0 : Math.max(x.cols(), cols) / Math.min(x.cols(), cols);
        if (parts < 1 || Math.min(x.cols(), cols) * parts != Math.max(x.cols(), cols)
            || cols > x.cols() && x.rows() % parts != 0)
            throw new IllegalArgumentException("reshape: x " + x.tensor().shape() + " is no rows of " + cols);
    }

    @Override
    public List<Value> inputs() {
        return List.of(x);
    }

    @Override
    public Tensor forward(Kernels k) {
        return in(x.tensor(), cols);
    }

    @Override
    public void backward(Pull p) {
        Rows rows = cols < x.cols() ? p.rows().join(x.cols() / cols) : p.rows().split(cols / x.cols());
        p.to(x, rows, () -> in(p.g(), x.cols()));
    }

    private static Tensor in(Tensor t, int cols) {
        return t.reshape(t.rows() * t.cols() / cols, cols);
    }
}
