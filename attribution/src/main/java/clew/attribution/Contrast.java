package clew.attribution;

/// What the target's score is compared with: the explained scalar is the difference.
public sealed interface Contrast {
    /// No comparison.
    record None() implements Contrast {
        @Override
        public String toString() {
            return "none";
        }
    }

    /// The mean over all V tokens, the target included.
    record Mean() implements Contrast {
        @Override
        public String toString() {
            return "mean";
        }
    }

    /// Another token.
    record Foil(int id) implements Contrast {
        @Override
        public String toString() {
            return "id:" + id;
        }
    }
}
