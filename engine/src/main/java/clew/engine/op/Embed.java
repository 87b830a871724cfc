package clew.engine.op;

import clew.engine.kernel.Kernels;
import clew.engine.tape.Op;
import clew.engine.tape.Pull;
import clew.engine.tape.Value;
import clew.engine.tensor.Tensor;
import java.util.List;

/// `y[r] = table[ids[r]]` — one row of the table per token.        table: `[V, D]`   y: `[R, D]`
///
/// | reading | table |
/// |---|---|
/// | gradient, LRP | row v gathers the cotangents of the tokens with id v |
public record Embed(Value table, int[] ids) implements Op {
    /// @throws IllegalArgumentException if an id is not a row of the table
    public Embed {
        ids = ids.clone();
        Door.within("embed", ids, table.tensor());
    }

    @Override
    public List<Value> inputs() {
        return List.of(table);
    }

    @Override
    public Tensor forward(Kernels k) {
        return k.gather(table.tensor(), ids);
    }

    @Override
    public void backward(Pull p) {
        p.toWeight(table, () -> p.k().scatter(p.g(), ids, p.rows(), table.tensor().shape()));
    }
}
