package clew.engine.tensor;

/// A linear map as its matrix lies in storage: `out` outputs starting at output `from`, each over `in` inputs.
///
/// Hugging Face's Linear stores `[out, in]`, GPT-2's Conv1D `[in, out]`; GPT-2 keeps q, k and v side by side in one
/// matrix. A weight is a view: nothing is transposed or copied.
///
/// @param tensor the whole matrix
/// @param from   first output of the view
/// @param out    number of outputs in the view
public record Weight(Tensor tensor, Layout layout, int from, int out) {
    /// How a weight matrix is stored.
    public enum Layout { OUT_IN, IN_OUT }

    /// @throws IllegalArgumentException if the tensor is not a matrix or the view leaves it
    public Weight {
        if (tensor.shape().rank() != 2)
            throw new IllegalArgumentException("weight: " + tensor.shape() + " is not a matrix");
        var outs = tensor.shape().dim(layout == Layout.OUT_IN ? 0 : 1);
        if (from < 0 || out < 0 || out > outs - from)
            throw new IllegalArgumentException(
                "weight: outputs " + from + "…" + ((long) from + out) + " of " + tensor.shape() + ": it has " + outs);
    }

    public static Weight whole(Tensor tensor, Layout layout) {
        return new Weight(tensor, layout, 0, tensor.shape().dim(layout == Layout.OUT_IN ? 0 : 1));
    }

    /// Number of inputs.
    public int in() {
        return tensor.shape().dim(layout == Layout.OUT_IN ? 1 : 0);
    }

    /// Storage index of the weight from input `i` to output `o` of the view.
    public long index(int o, int i) {
        var stride = (long) tensor.cols();
        return layout == Layout.OUT_IN ? (from + o) * stride + i : i * stride + from + o;
    }
}
