package clew.engine.op;

import clew.engine.kernel.Kernels;
import clew.engine.tape.Entry;
import clew.engine.tape.Op;
import clew.engine.tape.Pull;
import clew.engine.tape.Value;
import clew.engine.tensor.Rows;
import clew.engine.tensor.Tensor;
import java.util.List;

/// `y = keep ⊙ x + put` — an intervention: what is kept of x and what is put in its place.     all: `[R, C]`
///
/// Zero and patch keep 0 where they act, scale keeps a factor, add keeps 1.
///
/// | reading | x |
/// |---|---|
/// | gradient, LRP | `g ⊙ keep`; what was put in is a constant, `⟨put, g⟩` stays in the ledger |
public record Edited(Value x, Tensor keep, Tensor put) implements Op {
    @Override
    public List<Value> inputs() {
        return List.of(x);
    }

    @Override
    public Tensor forward(Kernels k) {
        return k.add(k.mul(x.tensor(), keep, Rows.all(x.rows())), put);
    }

    @Override
    public void backward(Pull p) {
        p.to(x, () -> p.k().mul(p.g(), keep, p.rows()));
        p.book(Entry.EDIT, () -> p.k().dot(p.g(), put, p.rows()));
    }
}
