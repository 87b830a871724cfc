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

/// `z[i,h] = Σ_j p[h,i,j] · v[j,kv(h)]` — values mixed by a pattern.   p: `[B·H·T, T]`   v: `[R, K·d]`   z: `[R, H·d]`
///
/// | reading | p | v |
/// |---|---|---|
/// | MOVE | `g vᵀ` | `pᵀ g` |
/// | SHARE | half of it | half of it — AttnLRP eq. 14 |
/// | FREEZE | – | `pᵀ g`: CP-LRP, Ali et al. 2022 |
/// | RESCALE | `g ½(v + v′)ᵀ` | `½(p + p′)ᵀ g` |
public record Mix(Value p, Value v, Heads heads) implements Op {
    /// @throws IllegalArgumentException if p or v does not hold whole sequences of these heads, equally many
    public Mix {
        Door.keys("mix: v", "patterns and values", Door.patterns("mix: p", p, heads), v, heads);
    }

    @Override
    public List<Value> inputs() {
        return List.of(p, v);
    }

    @Override
    public Tensor forward(Kernels k) {
        return k.mix(p.tensor(), v.tensor(), heads, 1, Rows.all(p.rows() / heads.heads()));
    }

    @Override
    public void backward(Pull pull) {
        var rule = pull.rules().mix();
        var k = pull.k();
        var rows = pull.rows();
        var patterns = rows.heads(heads.heads(), heads.queries());
        if (rule != Product.FREEZE)
            pull.to(p, patterns, () -> k.score(pull.g(), factor(k, rule, v), heads, rule.share(), rows));
        pull.to(v, () ->
            k.mixTransposed(factor(k, rule, p), pull.g(), heads, rule.share(), Carrier.VALUES, rows));
    }
}
