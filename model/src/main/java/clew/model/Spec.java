package clew.model;

import org.jspecify.annotations.Nullable;

/// The numbers of a model, by the letters used everywhere: L layers, D width, H heads, K key heads, d head width, F
/// hidden width of the MLP, V vocabulary.
///
/// @param family    as config.json names it: `gpt2`, `llama`
/// @param positions the longest sequence the model was made for
/// @param tied      whether the vocabulary projection is the embedding matrix
/// @param rope      rotary positions, or null where positions are learned
public record Spec(String family, int layers, int width, int heads, int kvHeads, int headWidth, int hidden,
                   int vocabulary, int positions, Head tied, @Nullable Rope rope) {
    /// Where the vocabulary projection comes from.
    public enum Head { TIED, OWN }
}
