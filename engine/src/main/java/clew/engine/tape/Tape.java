package clew.engine.tape;

import clew.engine.kernel.Kernels;
import clew.engine.rule.RuleSet;
import clew.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// A forward pass in the order it was computed, readable backwards any number of times under any rule set.
///
/// `backward` returns; it writes neither into the tape nor into tensors, so several threads may read one tape at once.
/// Recording itself is for one thread.
public final class Tape {
    /// Whether a tape remembers.
    public enum Memory {
        /// Every op is kept, so that the pass can be read backwards.
        KEEP,
        /// Nothing is kept: inference.
        FORGET
    }

    record Node(Op op, Value y) {}

    private final Kernels kernels;
    private final Memory memory;
    private final List<Node> nodes = new ArrayList<>();
    private int values;

    public Tape(Kernels kernels, Memory memory) {
        this.kernels = kernels;
        this.memory = memory;
    }

    public Kernels kernels() {
        return kernels;
    }

    /// An input or a weight.
    public Value leaf(Tensor tensor) {
        return new Value(values++, tensor);
    }

    /// Runs an op and remembers it.
    public Value record(Op op) {
        var y = leaf(op.forward(kernels));
        if (memory == Memory.KEEP) nodes.add(new Node(op, y));
        return y;
    }

    /// Reads the pass backwards from `from`: `seed` is the derivative of the explained scalars with respect to it, one
    /// stretch of rows per scalar. Returns the cotangents of `wanted` only; branches that lead to none are never visited.
    ///
    /// @throws IllegalStateException if the tape forgets
    public Cotangents backward(Value from, Cotangent seed, RuleSet rules, Set<Value> wanted) {
        if (memory == Memory.FORGET) throw new IllegalStateException("this pass was run without a tape: it cannot be read backwards");
        return new Backward(rules, kernels, new HashSet<>(wanted), nodes, values).run(nodes, from, seed);
    }

    /// The ops in the order they ran.
    public List<Op> ops() {
        return nodes.stream().map(Node::op).toList();
    }
}
