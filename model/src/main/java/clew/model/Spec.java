package clew.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The numbers of a model, by the letters used everywhere: L layers, D width, H heads, K key heads, d head width, F
/// hidden width of the MLP, V vocabulary.
///
/// @param family    as config.json names it: `gpt2`, `llama`
/// @param positions the longest sequence the model was made for
/// @param head      what the last layer's output is compared with
/// @param rope      rotary positions, or null where positions are learned
public record Spec(String family, int layers, int width, int heads, int kvHeads, int headWidth, int hidden,
                   int vocabulary, int positions, Head head, @Nullable Rope rope) {
    /// Beyond any model, and far enough from 2³¹ that several matrices may lie in one.
    private static final int MOST = 1 << 28;

    /// @throws ModelException if a width is beyond any model's
    public Spec {
        atMost("D", width);
        atMost("F", hidden);
        atMost("V", vocabulary);
    }

    private static void atMost(String letter, int size) {
        if (size > MOST)
            throw new ModelException("config.json says " + letter + " " + size + ", and no model has more than " + MOST
                + "; correct it or download it again");
    }

    /// Where the logits come from.
    public sealed interface Head {
        /// The embedding matrix itself.
        record Tied() implements Head {}

        /// A matrix of its own, a row per token.
        record Own() implements Head {}

        /// A row per class: the model classifies a whole text, at its last token.
        record Classes(List<String> labels) implements Head {
            public Classes {
                labels = List.copyOf(labels);
            }
        }
    }

    /// Logits of a row: one per token, or per class.
    public int outputs() {
        return labels().isEmpty() ? vocabulary : labels().size();
    }

    /// The names of the classes; none where the model predicts tokens.
    public List<String> labels() {
        return head instanceof Head.Classes(var labels) ? labels : List.of();
    }
}
