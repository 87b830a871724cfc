package clew.model;

/// A named place in the forward pass, as TransformerLens names it, and the shape of what passes there.
public record HookPoint(String name, Kind kind) {
    /// What passes there, for one sequence.
    public enum Kind {
        /// `[T, D]`.
        RESIDUAL,
        /// `[T, H, d]`.
        HEADS,
        /// `[T, K, d]`.
        KEY_HEADS,
        /// `[H, T, T]`, rows are queries.
        PATTERN,
        /// `[H, T, T]`, −∞ where a query does not see the key.
        SCORES,
        /// `[T, F]`.
        HIDDEN,
        /// `[T, V]`.
        LOGITS
    }

    /// The extents for a sequence of `tokens`.
    public int[] shape(Spec s, int tokens) {
        return switch (kind) {
            case RESIDUAL        -> new int[] {tokens, s.width()};
            case HEADS           -> new int[] {tokens, s.heads(), s.headWidth()};
            case KEY_HEADS       -> new int[] {tokens, s.kvHeads(), s.headWidth()};
            case PATTERN, SCORES -> new int[] {s.heads(), tokens, tokens};
            case HIDDEN          -> new int[] {tokens, s.hidden()};
            case LOGITS          -> new int[] {tokens, s.vocabulary()};
        };
    }

    /// The shape in letters, such as `[T, H, d]`.
    public String letters() {
        return switch (kind) {
            case RESIDUAL        -> "[T, D]";
            case HEADS           -> "[T, H, d]";
            case KEY_HEADS       -> "[T, K, d]";
            case PATTERN, SCORES -> "[H, T, T]";
            case HIDDEN          -> "[T, F]";
            case LOGITS          -> "[T, V]";
        };
    }

    /// Whether the name matches a pattern in which `*` stands for one part of the name.
    public boolean matches(String pattern) {
        return name.matches(pattern.replace(".", "\\.").replace("*", "[^.]*"));
    }
}
