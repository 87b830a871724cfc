package clew.engine.tape;

import clew.engine.kernel.Kernels;
import clew.engine.rule.RuleSet;
import clew.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
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

    /// An op and the value it made.
    public record Node(Op op, Value y) {}

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
        return new Value(this, values++, tensor);
    }

    /// Runs an op and remembers it.
    ///
    /// @throws IllegalArgumentException if the tape remembers and an input is of another tape
    public Value record(Op op) {
        if (memory == Memory.KEEP) for (var x : op.inputs()) own(x);
        var y = leaf(op.forward(kernels));
        if (memory == Memory.KEEP) nodes.add(new Node(op, y));
        return y;
    }

    /// Reads the pass backwards from `from`: `seed` is the derivative of the explained scalars with respect to it, one
    /// stretch of rows per scalar. Returns the cotangents of `wanted` only; branches that lead to none are not visited.
    ///
    /// @throws IllegalStateException    if the tape forgets
    /// @throws IllegalArgumentException if a value is of another tape, or the seed does not face `from`
    public Cotangents backward(Value from, Cotangent seed, RuleSet rules, Set<Value> wanted) {
        return backward(nodes, from, seed, rules, wanted);
    }

    /// Reads one op backwards and no further: what it hands to each of its inputs, and what it books.
    ///
    /// @throws IllegalArgumentException if the op is of another tape, or the seed does not face its output
    public Cotangents backward(Node node, Cotangent seed, RuleSet rules) {
        return backward(List.of(node), node.y(), seed, rules, new HashSet<>(node.op().inputs()));
    }

    private Cotangents backward(List<Node> through, Value from, Cotangent seed, RuleSet rules, Set<Value> wanted) {
        if (memory == Memory.FORGET)
            throw new IllegalStateException("this tape forgets: run the pass with Memory.KEEP to read it backwards");
        own(from);
        wanted.forEach(this::own);
        return new Backward(rules, kernels, through, new HashSet<>(wanted), values).run(from, seed);
    }

    private void own(Value x) {
        if (x.tape() != this)
            throw new IllegalArgumentException(x + " is of another tape: make it with leaf or record of this one");
    }

    /// The ops in the order they ran, each with what it made.
    public List<Node> nodes() {
        return Collections.unmodifiableList(nodes);
    }
}
