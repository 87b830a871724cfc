package clew.engine.tape;

import clew.engine.kernel.Kernels;
import clew.engine.tensor.Rows;
import clew.engine.tensor.Tensor;

/// A modified gradient: rows of `g` and which rows of the value each belongs to. Rows that no run lists are zero.
public record Cotangent(Tensor g, Rows rows) {
    public Cotangent {
        if (g.rows() != rows.count())
            throw new IllegalArgumentException(
                "cotangent: " + g.shape() + " has not the " + rows.count() + " rows it lists");
    }

    /// The cotangent of one seed on every row of the value, `rows × cols`, zeros where the seed does not reach.
    /// A row that several runs of the seed list gets their sum.
    public double[] of(int seed) {
        var C = g.cols();
        var out = new double[Math.multiplyExact(rows.activations(), C)];
        for (var run : rows.runs())
            if (run.seed() == seed) {
                var part = g.toDoubles((long) run.at() * C, run.length() * C);
                for (int i = 0; i < part.length; i++) out[run.first() * C + i] += part[i];
            }
        return out;
    }

    Cotangent plus(Cotangent other, Kernels k) {
        if (!rows.equals(other.rows)) throw new IllegalStateException("cotangents of one value list different rows");
        return new Cotangent(k.add(g, other.g), rows);
    }
}
