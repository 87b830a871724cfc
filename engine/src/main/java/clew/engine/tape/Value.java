package clew.engine.tape;

import clew.engine.tensor.Shape;
import clew.engine.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// A tensor on a tape: a leaf (input, weight) or what an op made.
public final class Value {
    private final Tape tape;
    private final int id;
    private final Shape shape;
    private @Nullable Tensor tensor;

    Value(Tape tape, int id, Tensor tensor) {
        this.tape = tape;
        this.id = id;
        this.shape = tensor.shape();
        this.tensor = tensor;
    }

    /// A tape with checkpoints lets go of what it can compute again.
    void letGo() {
        tensor = null;
    }

    boolean isGone() {
        return tensor == null;
    }

    void restore(Tensor again) {
        tensor = again;
    }

    Tape tape() {
        return tape;
    }

    /// Position on the tape: inputs come before what is made of them.
    int id() {
        return id;
    }

    /// @throws IllegalStateException if the tape has let go of it: it lies between two checkpoints, or the tape is
    ///     closed
    public Tensor tensor() {
        if (tape.isClosed()) throw new IllegalStateException(this + " is gone: its tape is closed");
        if (tensor == null) throw new IllegalStateException(this + " was let go at a checkpoint: keep it by name");
        return tensor;
    }

    /// Number of rows, all axes but the last taken together.
    public int rows() {
        return shape.rows();
    }

    /// Extent of the last axis.
    public int cols() {
        return shape.cols();
    }

    @Override
    public String toString() {
        return "value " + id + " " + shape;
    }
}
