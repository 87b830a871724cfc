package clew.engine.op;

import clew.engine.kernel.Kernels;
import clew.engine.tape.Op;
import clew.engine.tape.Pull;
import clew.engine.tape.Value;
import clew.engine.tensor.Tensor;
import java.util.List;

/// `y[r, h·d+i] = x[r, (h·n+at)·d+i]` — of every n stretches of d columns the one at `at`: GPT-NeoX keeps q, k and v
/// side by side in each head.        x: `[R, H·n·d]`   y: `[R, H·d]`
///
/// | reading | x |
/// |---|---|
/// | gradient, LRP | g in its own columns, 0 in the others |
///
/// @param width d, columns of a stretch
/// @param of    n, stretches of which one is taken
public record Stretches(Value x, int width, int of, int at) implements Op {
    /// @throws IllegalArgumentException if the rows of x are not whole groups of stretches, or `at` is none of them
    public Stretches {
        if (width < 1 || of < 1 || at < 0 || at >= of || x.cols() % (of * width) != 0)
            throw new IllegalArgumentException("stretches: x " + x.tensor().shape() + " has no stretch " + at + " of "
                + of + " of width " + width);
    }

    @Override
    public List<Value> inputs() {
        return List.of(x);
    }

    @Override
    public Tensor forward(Kernels k) {
        var H = x.cols() / of / width;
        return k.selectRows(stretches(x.tensor()), index(x.rows() * H)).reshape(x.rows(), H * width);
    }

    @Override
    public boolean isCheap() {
        return true;
    }

    @Override
    public void backward(Pull p) {
        p.to(x, () -> {
            int N = p.g().rows(), taken = N * p.g().cols() / width;
            var g = p.g().reshape(taken, width);
            return p.k().placeRows(g, index(taken), taken * of).reshape(N, x.cols());
        });
    }

    private Tensor stretches(Tensor t) {
        return t.reshape(t.rows() * t.cols() / width, width);
    }

    private int[] index(int count) {
        var index = new int[count];
        for (int i = 0; i < count; i++) index[i] = i * of + at;
        return index;
    }
}
