package clew.model;

/// A named place in the forward pass, as TransformerLens names it, and the shape of what passes there.
///
/// @param window of scores and patterns, how many keys a query looks back on; `Integer.MAX_VALUE` elsewhere
public record HookPoint(String name, Kind kind, int window) {
    public HookPoint(String name, Kind kind) {
        this(name, kind, Integer.MAX_VALUE);
    }

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
        /// `[T, D]`, of the rows whose logits are asked for.
        FINAL,
        /// `[T, V]`, of the rows whose logits are asked for.
        LOGITS;

        boolean asked() {
            return this == FINAL || this == LOGITS;
        }

        boolean pattern() {
            return this == PATTERN || this == SCORES;
        }
    }

    /// The extents for a sequence of `tokens`.
    public int[] shape(Spec s, int tokens) {
        return switch (kind) {
            case RESIDUAL, FINAL -> new int[] {tokens, s.width()};
            case HEADS           -> new int[] {tokens, s.heads(), s.headWidth()};
            case KEY_HEADS       -> new int[] {tokens, s.kvHeads(), s.headWidth()};
            case PATTERN, SCORES -> new int[] {s.heads(), tokens, tokens};
            case HIDDEN          -> new int[] {tokens, s.hidden()};
            case LOGITS          -> new int[] {tokens, s.outputs()};
        };
    }

    /// The shape in letters, such as `[T, H, d]`.
    public String letters() {
        return switch (kind) {
            case RESIDUAL, FINAL -> "[T, D]";
            case HEADS           -> "[T, H, d]";
            case KEY_HEADS       -> "[T, K, d]";
            case PATTERN, SCORES -> "[H, T, T]";
            case HIDDEN          -> "[T, F]";
            case LOGITS          -> "[T, V]";
        };
    }

    /// Whether a query of a pattern sees a key.
    boolean sees(int query, int key) {
        return key <= query && query - key < window;
    }

    /// The extents of what passes there for one sequence of a pass.
    int[] shape(Spec s, Pass pass) {
        return shape(s, kind.asked() ? pass.asked().length : pass.tokens());
    }

    /// Heads of the pattern, or of the rows; 0 where there are none.
    int heads(Spec s) {
        return switch (kind) {
            case HEADS, PATTERN, SCORES          -> s.heads();
            case KEY_HEADS                       -> s.kvHeads();
            case RESIDUAL, HIDDEN, FINAL, LOGITS -> 0;
        };
    }

    /// Whether the name matches a pattern in which `*` stands for any characters but a dot.
    ///
    /// After a mismatch the last `*` takes one character more: no pattern takes longer than the product of the lengths.
    public boolean matches(String pattern) {
        int n = 0, p = 0, star = -1, taken = 0;
        while (n < name.length()) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                taken = n;
            } else if (p < pattern.length() && pattern.charAt(p) == name.charAt(n)) {
                if (name.charAt(n) == '.') star = -1;                     // no star behind a dot takes more
                n++;
                p++;
            } else if (star >= 0 && name.charAt(taken) != '.') {
                p = star + 1;
                n = ++taken;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') p++;
        return p == pattern.length();
    }
}
