package clew.model.token;

import java.util.ArrayList;
import java.util.List;

/// Cuts a text into the pieces that the model sees one by one. Each record is a `pre_tokenizer` of tokenizer.json.
sealed interface PreTokenizer {
    String GPT2 = "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

    /// The pieces in order, none empty.
    List<Aligned> apply(Aligned piece);

    record Sequence(List<PreTokenizer> steps) implements PreTokenizer {
        @Override
        public List<Aligned> apply(Aligned piece) {
            var pieces = List.of(piece);
            for (var step : steps) {
                var next = new ArrayList<Aligned>(pieces.size());
                for (var p : pieces) next.addAll(step.apply(p));
                pieces = next;
            }
            return pieces;
        }
    }

    /// Spells every piece in the [ByteAlphabet], after cutting at `cuts` (GPT-2's expression, or none).
    record ByteLevel(Prefix prefix, List<Finder> cuts) implements PreTokenizer {
        @Override
        public List<Aligned> apply(Aligned piece) {
            if (prefix == Prefix.ALWAYS && !piece.text().startsWith(" ")) piece = piece.prepend(" ");
            var pieces = List.of(piece);
            for (var cut : cuts) pieces = Behavior.ISOLATED.pieces(piece, cut.spans(piece.text()));
            return pieces.stream().map(ByteAlphabet::spell).toList();
        }
    }

    record Split(Finder finder, Behavior behavior, Side delimiter) implements PreTokenizer {
        @Override
        public List<Aligned> apply(Aligned piece) {
            var spans = finder.spans(piece.text());
            if (delimiter == Side.BETWEEN_MATCHES)
                spans = spans.stream().map(s -> new Finder.Span(s.start(), s.end(), !s.match())).toList();
            return behavior.pieces(piece, spans);
        }
    }

    /// Spaces become `mark`, which may be put in front as well; then the text is cut before every mark, or not at all.
    record Metaspace(String mark, Prefix prefix, List<Finder> cuts) implements PreTokenizer {
        @Override
        public List<Aligned> apply(Aligned piece) {
            var marked = piece.replace(new Finder.Literal(" "), mark);
            if (wantsPrefix(marked)) marked = marked.prepend(mark);
            var pieces = List.of(marked);
            for (var cut : cuts) pieces = Behavior.MERGED_WITH_NEXT.pieces(marked, cut.spans(marked.text()));
            return pieces;
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

        List<Aligned> pieces(Aligned text, List<Finder.Span> spans) {
            var pieces = new ArrayList<Aligned>(spans.size());
            for (int i = 0; i < spans.size(); ) {
                int first = i++;
                while (i < spans.size() && joins(spans.get(i - 1).match(), spans.get(i).match())) i++;
                if (this == REMOVED && spans.get(first).match()) continue;
                var piece = text.slice(spans.get(first).start(), spans.get(i - 1).end());
                if (!piece.isEmpty()) pieces.add(piece);
            }
            return pieces;
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
