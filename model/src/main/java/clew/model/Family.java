package clew.model;

import clew.engine.tape.Value;
import java.util.List;

/// An architecture with its weights: a record short enough to print.
public sealed interface Family permits Gpt2, GptNeoX, Llama, Gemma {
    Spec spec();

    /// What tokens become: the inputs of every explanation.
    Embedding tokens();

    /// The places a run may name, in the order they are passed.
    List<HookPoint> hooks();

    /// The logits of the rows that the pass asks for, `[J, V]`.
    Value forward(Forward f);
}
