package clew.engine.tape;

import clew.engine.kernel.Kernels;
import clew.engine.tensor.Tensor;
import java.util.List;

/// One operation: its inputs, its forward, and how it hands a cotangent back under a rule set. See `clew.engine.op`.
public interface Op {
    /// What the op reads, in the order of the formula.
    List<Value> inputs();

    /// `y` from the inputs' tensors.
    Tensor forward(Kernels k);

    /// Whether the output takes so few operations an element that a large tape computes it again rather than keep it.
    default boolean isCheap() {
        return false;
    }

    /// Sends shares of `p.g()` to the inputs, as `p.rules()` say.
    void backward(Pull p);
}
