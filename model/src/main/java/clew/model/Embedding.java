package clew.model;

import clew.engine.tensor.Tensor;

/// What a token becomes: its row of the table, times a constant.        `[V, D]`
///
/// @param scale 1, or `√D` as Gemma has it
public record Embedding(Tensor table, double scale) {
    public int vocabulary() {
        return table.rows();
    }

    /// The embedding of one token, `[D]`.
    public double[] row(int id) {
        var row = table.toDoubles((long) id * table.cols(), table.cols());
        for (int d = 0; d < row.length; d++) row[d] *= scale;
        return row;
    }
}
