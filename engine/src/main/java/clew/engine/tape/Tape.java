package clew.engine.tape;

import clew.engine.kernel.Kernels;
import clew.engine.kernel.Loans;
import clew.engine.rule.RuleSet;
import clew.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A forward pass in the order it was computed, readable backwards any number of times under any rule set.
///
/// `backward` returns; it writes neither into the tape nor into tensors, so several threads may read one tape at once
/// (one after another where values are computed again).
/// Recording itself is for one thread.
///
/// What ops compute is borrowed of the device ([Loans]): what an op needs on its way only goes back when it is done,
/// values when the tape is closed, or sooner where it forgets or works with checkpoints.
public final class Tape implements AutoCloseable {
    /// Whether a tape remembers.
    public enum Memory {
        /// Every op is kept, so that the pass can be read backwards. Of a large pass, values that are cheap to compute
        /// are computed again on the way back, stretch by stretch.
        KEEP,
        /// Every op is kept, but of the values only those at checkpoints: the others are computed again, stretch by
        /// stretch, while the pass is read backwards.
        CHECKPOINTS,
        /// Nothing is kept: inference.
        FORGET
    }

    /// Bytes of values from which on a pass is large.
    private static final long LARGE = 128L << 20;

    /// An op and the value it made.
    public record Node(Op op, Value y) {}

    private final Kernels kernels;
    private final Loans loans;
    private final long budget, large;
    private final Runnable step;
    private Memory memory;
    private final List<Node> nodes = new ArrayList<>();
    /// Where stretches end: behind the last node of each.
    private final List<Integer> ends = new ArrayList<>();
    private final Set<Value> borders = new HashSet<>();
    private int values;
    private boolean lean, closed;

    public Tape(Kernels kernels, Memory memory) {
        this(kernels, memory, Long.MAX_VALUE, () -> {});
    }

    /// @param budget bytes that its values may take: a tape that would keep more works with checkpoints
    /// @param step   hears of every op that has been computed, forward or backward
    public Tape(Kernels kernels, Memory memory, long budget, Runnable step) {
        this(kernels, memory, budget, LARGE, step);
    }

    /// @param large bytes of values from which on what is cheap is not kept
    Tape(Kernels kernels, Memory memory, long budget, long large, Runnable step) {
        this.kernels = kernels;
        this.loans = kernels.loans();
        this.memory = memory;
        this.budget = budget;
        this.large = large;
        this.step = step;
    }

    public Kernels kernels() {
        return kernels;
    }

    /// An input or a weight.
    public Value leaf(Tensor tensor) {
        return new Value(this, values++, tensor);
    }

    /// A leaf of a pass that forgets: made with its memory, gone at the next checkpoint.
    public Value leaf(Function<Kernels, Tensor> make) {
        return leaf(settled(make.apply(loans.kernels())));
    }

    /// Runs an op and remembers it.
    ///
    /// @throws IllegalArgumentException if the tape remembers and an input is of another tape
    public Value record(Op op) {
        if (memory != Memory.FORGET) for (var x : op.inputs()) own(x);
        var y = leaf(forward(op));
        step.run();
        if (memory != Memory.FORGET) nodes.add(new Node(op, y));
        return y;
    }

    private Tensor forward(Op op) {
        return settled(op.forward(loans.kernels()));
    }

    private Tensor settled(Tensor y) {
        loans.settle(y.storage()::equals);
        return y;
    }

    /// The value's tensor is there for whoever has it, after the end of the tape too.
    public void leave(Value x) {
        loans.leave(x.tensor().storage());
    }

    /// A stretch ends here: of what was recorded since the last checkpoint, only `kept` is used from here on. Where the
    /// tape forgets or works with checkpoints, it lets go of the rest.
    ///
    /// @param more how many stretches as large as this one are to come; whether all fit the budget is decided here
    public void checkpoint(Set<Value> kept, int more) {
        if (memory == Memory.FORGET) {
            keepOnly(kept.stream());
            return;
        }
        borders.addAll(kept);
        var stretch = nodes.subList(lastEnd(), nodes.size());
        lean |= bytes() + more * bytes(stretch) > large;
        if (lean) letGo(node -> node.op().isCheap());
        if (memory == Memory.KEEP && bytes() + more * bytes(stretch) > budget) memory = Memory.CHECKPOINTS;
        if (memory == Memory.CHECKPOINTS) letGo(node -> true);
        ends.add(nodes.size());
    }

    /// Lets go of such values, if they are not used behind the checkpoint.
    private void letGo(Predicate<Node> which) {
        for (var node : nodes) if (!borders.contains(node.y()) && which.test(node)) node.y().letGo();
        keepOnly(nodes.stream().map(Node::y).filter(y -> !y.isGone()));
    }

    private void keepOnly(Stream<Value> values) {
        var needed = values.map(x -> x.tensor().storage()).collect(Collectors.toSet());
        loans.keepOnly(needed::contains);
    }

    private int lastEnd() {
        return ends.isEmpty() ? 0 : ends.getLast();
    }

    /// Whether values between checkpoints are computed again on the way back.
    public boolean worksWithCheckpoints() {
        return memory == Memory.CHECKPOINTS;
    }

    /// Bytes of the values that the tape holds, those of leaves not counted.
    public long bytes() {
        return bytes(nodes);
    }

    private static long bytes(List<Node> nodes) {
        return nodes.stream().filter(node -> !node.y().isGone() && !isView(node)).map(node -> node.y().tensor())
            .mapToLong(y -> y.size() * y.dtype().bytes()).sum();
    }

    /// Another shape over an input's elements.
    private static boolean isView(Node node) {
        var storage = node.y().tensor().storage();
        return node.op().inputs().stream().anyMatch(x -> !x.isGone() && x.tensor().storage() == storage);
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
        var backward = new Backward(rules, kernels, through, new HashSet<>(wanted), values);
        if (memory == Memory.KEEP && !lean) return backward.run(from, seed, node -> {}, step);
        synchronized (ends) {                                    // values come and go: one reader at a time
            var stretch = new Stretch();
            try {
                return backward.run(from, seed, stretch, step);
            } finally {
                stretch.letGo();
            }
        }
    }

    /// The stretch that a backward pass is in: its values are there while it lasts.
    private final class Stretch implements Consumer<Node> {
        private final Map<Node, Integer> at = new IdentityHashMap<>();
        private final List<Node> restored = new ArrayList<>();
        private int from, to;

        Stretch() {
            for (int i = 0; i < nodes.size(); i++) at.put(nodes.get(i), i);
        }

        @Override
        public void accept(Node node) {
            int i = at.get(node);
            if (i >= from && i < to) return;
            letGo();
            from = ends.stream().filter(end -> end <= i).max(Integer::compare).orElse(0);
            to = ends.stream().filter(end -> end > i).min(Integer::compare).orElse(nodes.size());
            for (var again : nodes.subList(from, to))
                if (again.y().isGone()) {
                    again.y().restore(forward(again.op()));
                    restored.add(again);
                    step.run();
                }
        }

        void letGo() {
            restored.forEach(node -> node.y().letGo());
            restored.clear();
            keepOnly(nodes.stream().map(Node::y).filter(y -> !y.isGone()));
        }
    }

    /// Ends it: its values are gone.
    @Override
    public void close() {
        closed = true;
        loans.close();
    }

    boolean isClosed() {
        return closed;
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
