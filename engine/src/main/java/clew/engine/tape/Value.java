package clew.engine.tape;

import clew.engine.tensor.Tensor;

/// A tensor on a tape: a leaf (input, weight) or what an op made.
public final class Value {
    private final Tape tape;
    private final int id;
    private final Tensor tensor;

    Value(Tape tape, int id, Tensor tensor) {
        this.tape = tape;
        this.id = id;
        this.tensor = tensor;
    }

    Tape tape() {
        return tape;
    }

    /// Position on the tape: inputs come before what is made of them.
    int id() {
        return id;
    }

    public Tensor tensor() {
        return tensor;
    }

    /// Number of rows, all axes but the last taken together.
    public int rows() {
        return tensor.rows();
    }

    /// Extent of the last axis.
    public int cols() {
        return tensor.cols();
    }

    @Override
    public String toString() {
        return "value " + id + " " + tensor.shape();
    }
}
