package clew.weights;

import clew.engine.tensor.Tensor;

/// Named tensors, wherever they lie: a checkpoint on disk, or arrays in memory that are being trained.
public interface TensorSource {
    /// Where they lie, in words for a message.
    String origin();

    boolean has(String name);

    /// Whether the name of any tensor begins so. A source that makes whatever it is asked for has every name.
    default boolean hasUnder(String prefix) {
        return true;
    }

    /// The tensor of that name, which must have that shape.
    ///
    /// @throws WeightsException if it is missing or has another shape; both shapes are in the message
    Tensor tensor(String name, int... dims);

    /// The same for the matrix of a linear layer in a block: the one kind of tensor that a source may hold quantised.
    default Tensor matrix(String name, int... dims) {
        return tensor(name, dims);
    }
}
