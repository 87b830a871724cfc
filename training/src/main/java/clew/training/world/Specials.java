package clew.training.world;

import java.util.List;

/// The special tokens of the world's texts.
///
/// A turn is `<|user|> Hello!<|end|>`: the space before its text lets words look as they do in running text.
public final class Specials {
    /// Begins every text; the tokenizer adds it.
    public static final String BEGIN = "<|begin|>";
    /// Ends a turn and every text.
    public static final String END = "<|end|>";
    public static final String SYSTEM = "<|system|>";
    public static final String USER = "<|user|>";
    public static final String ASSISTANT = "<|assistant|>";

    /// All of them, in the order of their ids.
    public static final List<String> ALL = List.of(BEGIN, END, SYSTEM, USER, ASSISTANT);

    private Specials() {}
}
