package clew.model;

import clew.engine.tape.Value;
import java.util.List;
import java.util.Optional;

/// An architecture with its weights: a record short enough to print.
public sealed interface Family permits Gpt2, GptNeoX, Llama, Gemma {
    Spec spec();

    /// What tokens become: the inputs of every explanation.
    Embedding tokens();

    /// The places a run may name, in the order they are passed.
    List<HookPoint> hooks();

    /// What turns the mixed values of a block's heads into what is added to the stream.
    Dense attentionOutput(int layer);

    /// The norm between that and the stream, where the family has one.
    default Optional<Gain> attentionNorm(int layer) {
        return Optional.empty();
    }

    /// The logits of the rows that the pass asks for, `[J, V]`.
    Value forward(Forward f);
}
