package clew.model.token;

/// Turns a piece of text into ids: the `model` of tokenizer.json.
sealed interface Model permits Bpe, Unigram {

    Vocabulary vocabulary();

    /// Appends the tokens of one piece, none of them longer than the piece.
    void encode(Aligned piece, Tokens out);
}
