package clew.engine.check;

import clew.engine.tape.Tape;
import clew.engine.tape.Value;
import java.util.List;

/// `y = f(inputs)` recorded on a tape: one op or a whole net. What it does not list as input is a constant of it.
@FunctionalInterface
public interface Net {
    /// Records the computation and returns its output.
    Value of(Tape tape, List<Value> inputs);
}
