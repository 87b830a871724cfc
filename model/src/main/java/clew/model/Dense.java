package clew.model;

import clew.engine.tensor.Tensor;
import clew.engine.tensor.Weight;
import org.jspecify.annotations.Nullable;

/// The parameters of one linear layer.
///
/// @param bias `[out]`; or `[n, out]` where the matrix holds n layers side by side, one row each
/// @param site its name for rules by site, such as `mlp.out`; the block's name stands before it
public record Dense(Weight weight, @Nullable Tensor bias, String site) {
    /// The row of the bias that belongs to the weight's view.
    int biasRow() {
        return weight.from() / weight.out();
    }
}
