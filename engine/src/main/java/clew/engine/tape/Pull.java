package clew.engine.tape;

import clew.engine.kernel.Kernels;
import clew.engine.rule.RuleSet;
import clew.engine.tensor.Rows;
import clew.engine.tensor.Tensor;
import java.util.function.Supplier;

/// What an op sees going back: its output y, the cotangent g of y, the rules, and where to send shares.
///
/// A share is computed only if somebody asked for something behind it.
public final class Pull {
    private final Backward backward;
    private final Tensor y;
    private final Cotangent cotangent;

    Pull(Backward backward, Tensor y, Cotangent cotangent) {
        this.backward = backward;
        this.y = y;
        this.cotangent = cotangent;
    }

    /// The op's output.
    public Tensor y() {
        return y;
    }

    /// The cotangent of y, `[N, …]`.
    public Tensor g() {
        return cotangent.g();
    }

    /// Which rows of y the rows of g belong to.
    public Rows rows() {
        return cotangent.rows();
    }

    public RuleSet rules() {
        return backward.rules;
    }

    public Kernels k() {
        return backward.kernels;
    }

    /// Whether anything asked for lies behind `x`.
    public boolean wants(Value x) {
        return backward.wants(x);
    }

    /// Sends a share to an input whose rows are those of y.
    public void to(Value x, Supplier<Tensor> share) {
        to(x, rows(), share);
    }

    /// Sends a share to an input with rows of its own.
    public void to(Value x, Rows rows, Supplier<Tensor> share) {
        if (wants(x)) backward.add(x, new Cotangent(share.get(), rows));
    }

    /// Sends a gradient, summed over rows and seeds, to a weight.
    public void toWeight(Value w, Supplier<Tensor> gradient) {
        if (wants(w)) backward.addSum(w, new Cotangent(gradient.get(), Rows.all(w.rows())));
    }

    /// Books relevance that stays here, one amount per seed.
    public void book(Entry entry, Supplier<double[]> perSeed) {
        if (rules().keepsLedger()) backward.book(entry, perSeed.get());
    }
}
