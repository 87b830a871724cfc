package clew.engine.op;

import static clew.engine.op.Halves.factor;

import clew.engine.kernel.Heads;
import clew.engine.kernel.Kernels;
import clew.engine.kernel.Kernels.Carrier;
import clew.engine.rule.Product;
import clew.engine.tape.Op;
import clew.engine.tape.Pull;
import clew.engine.tape.Value;
import clew.engine.tensor.Rows;
import clew.engine.tensor.Tensor;
import java.util.List;

/// `s[h,i,j] = c · ⟨q[i,h], k[j,kv(h)]⟩` for the keys that query i sees.  q: `[R, H·d]`  k: `[R, K·d]`  s: `[B·H·T, T]`
///
/// | reading | q | k |
/// |---|---|---|
/// | MOVE | `c · g k` | `c · gᵀ q` |
/// | SHARE | half of it | half of it — AttnLRP eq. 14 |
/// | FREEZE | – | – |
/// | RESCALE | `c · g ½(k + k′)` | `c · gᵀ ½(q + q′)` |
///
/// Keys that a query does not see have score 0 here; the softmax leaves them out.
public record Score(Value q, Value k, Heads heads, double c) implements Op {
    /// @throws IllegalArgumentException if q or k does not hold whole sequences of these heads, equally many
    public Score {
        Door.keys("score: k", "queries and keys",
                  Door.sequences("score: q", q, heads.queries(), heads.heads(), heads.width()), k, heads);
    }

    @Override
    public List<Value> inputs() {
        return List.of(q, k);
    }

    @Override
    public Tensor forward(Kernels kernels) {
        return kernels.score(q.tensor(), k.tensor(), heads, c, Rows.all(q.rows()));
    }

    @Override
    public void backward(Pull p) {
        var rule = p.rules().score();
        if (rule == Product.FREEZE) return;
        var share = c * rule.share();
        var rows = p.rows().mergeHeads(heads.heads(), heads.queries());
        p.to(q, rows, () -> p.k().mix(p.g(), factor(p.k(), rule, k), heads, share, rows));
        p.to(k, rows, () ->
            p.k().mixTransposed(p.g(), factor(p.k(), rule, q), heads, share, Carrier.PATTERN, rows));
    }
}
