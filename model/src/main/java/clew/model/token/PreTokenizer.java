package clew.model.token;

import java.util.List;
import java.util.function.Consumer;

/// Cuts a text into the pieces that the model sees one by one. Each record is a `pre_tokenizer` of tokenizer.json.
sealed interface PreTokenizer {
    String GPT2 = "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

    /// Gives `out` the pieces in order, none empty, each when it is found: a long text has a million of them.
    void apply(Aligned piece, Consumer<Aligned> out);

    record Sequence(List<PreTokenizer> steps) implements PreTokenizer {
        @Override
        public void apply(Aligned piece, Consumer<Aligned> out) {
            for (var step : steps.reversed()) {
                var behind = out;
                out = p -> step.apply(p, behind);
            }
            out.accept(piece);
        }
    }

    /// Spells every piece in the [ByteAlphabet], after cutting at `cuts` (GPT-2's expression, or none).
    record ByteLevel(Prefix prefix, List<Finder> cuts) implements PreTokenizer {
        @Override
        public void apply(Aligned piece, Consumer<Aligned> out) {
            var whole = prefix == Prefix.ALWAYS && !piece.text().startsWith(" ") ? piece.prepend(" ") : piece;
            if (cuts.isEmpty()) out.accept(ByteAlphabet.spell(whole));
            for (var cut : cuts)
                Behavior.ISOLATED.cut(whole, cut.spans(whole.text()), p -> out.accept(ByteAlphabet.spell(p)));
        }
    }

    record Split(Finder finder, Behavior behavior, Side delimiter) implements PreTokenizer {
        @Override
        public void apply(Aligned piece, Consumer<Aligned> out) {
            var spans = finder.spans(piece.text());
            behavior.cut(piece, delimiter == Side.BETWEEN_MATCHES ? spans.inverted() : spans, out);
        }
    }

    /// Spaces become `mark`, which may be put in front as well; then the text is cut before every mark, or not at all.
    record Metaspace(String mark, Prefix prefix, List<Finder> cuts) implements PreTokenizer {
        @Override
        public void apply(Aligned piece, Consumer<Aligned> out) {
            var marked = piece.replace(new Finder.Literal(" "), mark);
            if (wantsPrefix(marked)) marked = marked.prepend(mark);
            if (cuts.isEmpty()) out.accept(marked);
            for (var cut : cuts) Behavior.MERGED_WITH_NEXT.cut(marked, cut.spans(marked.text()), out);
        }

        private boolean wantsPrefix(Aligned piece) {
            return switch (prefix) {
                case ALWAYS -> !piece.text().startsWith(mark);
                case FIRST  -> !piece.text().startsWith(mark) && piece.base() == 0;
                case NEVER  -> false;
            };
        }
    }

    /// When something is put in front of a piece: always, only where the text begins, never.
    enum Prefix { ALWAYS, FIRST, NEVER }

    /// What a Split calls its delimiter: what the pattern matches, or what lies between the matches (`invert`).
    enum Side { MATCHES, BETWEEN_MATCHES }

    /// What becomes of the delimiters.
    enum Behavior {
        REMOVED, ISOLATED, MERGED_WITH_PREVIOUS, MERGED_WITH_NEXT, CONTIGUOUS;

        void cut(Aligned text, Spans spans, Consumer<Aligned> out) {
            for (int i = 0; i < spans.size(); ) {
                int first = i++;
                while (i < spans.size() && joins(spans.isMatch(i - 1), spans.isMatch(i))) i++;
                if (this == REMOVED && spans.isMatch(first)) continue;
                var piece = text.slice(spans.start(first), spans.end(i - 1));
                if (!piece.isEmpty()) out.accept(piece);
            }
        }

        /// Whether a span stays with the one before it.
        private boolean joins(boolean before, boolean here) {
            return switch (this) {
                case REMOVED, ISOLATED    -> false;
                case CONTIGUOUS           -> before == here;
                case MERGED_WITH_PREVIOUS -> here && !before;
                case MERGED_WITH_NEXT     -> before && !here;
            };
        }
    }
}
