package clew.model.token;

import clew.model.token.CharsMap.Choice;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// SentencePiece's own normalizer: at each place the longest user-defined piece stays, else the longest key of the
/// table is rewritten, else the character stays; spaces become `▁`, one of which may be put in front.
///
/// @param map the table, or null for none (`identity`)
/// @param kept user-defined pieces, which nothing rewrites
record SentencePieceNormalizer(@Nullable CharsMap map, Trie kept, Set<Space> spaces) implements Normalizer {
    static final String MARK = "▁";

    /// `PREFIX` puts a space in front, `SUFFIX` behind; `COLLAPSE` drops spaces at both ends and all but one of a run.
    enum Space { PREFIX, SUFFIX, COLLAPSE }

    /// What stands at a place: its length in the text, and its replacement (null: as it is).
    private record Unit(int length, @Nullable String replacement) {}

    @Override
    public Aligned apply(Aligned source) {
        var text = source.text();
        var utf8 = new Window(text);
        boolean collapses = spaces.contains(Space.COLLAPSE);
        var out = new Aligned.Builder(source.base());
        boolean afterSpace = collapses, solid = false;      // solid: there is more than spaces
        for (int at = 0; at < text.length(); ) {
            var unit = unit(text, at, utf8);
            var shown = unit.replacement() == null ? text.substring(at, at + unit.length()) : unit.replacement();
            solid |= !collapses || !shown.equals(" ");
            int from = source.from()[at], to = source.to()[at + unit.length() - 1];
            int first = 0;
            while (afterSpace && first < shown.length() && shown.charAt(first) == ' ') first++;
            if (first < shown.length()) {
                out.add(shown.substring(first).replace(" ", MARK), from, to);
                afterSpace = collapses && shown.endsWith(" ");
            }
            at += unit.length();
        }
        var all = out.build();
        if (!solid) return all;
        return framed(collapses ? all.within(0, trimmed(all.text())) : all);
    }

    private static int trimmed(String text) {
        int end = text.length();
        while (text.startsWith(MARK, end - 1)) end--;
        return end;
    }

    /// With the space in front or behind; a text of which nothing is left has it as well, but at the front only if
    /// spaces at the end are kept.
    private Aligned framed(Aligned text) {
        int n = text.text().length(), base = text.base();
        if (spaces.contains(Space.PREFIX) && n > 0) return text.prepend(MARK);
        if (spaces.contains(Space.PREFIX) && !spaces.contains(Space.COLLAPSE) || spaces.contains(Space.SUFFIX))
            return new Aligned.Builder(base).add(text, 0, n)
                .add(MARK, n == 0 ? base : text.from()[n - 1], n == 0 ? base : text.to()[n - 1]).build();
        return text;
    }

    private Unit unit(String text, int at, Window utf8) {
        int length = kept.longest(text, at);
        if (length > 0) return new Unit(length, null);
        var match = map == null ? null : map.find(utf8.bytes, utf8.offset(at), Choice.LONGEST);
        if (match != null) return new Unit(utf8.units(at, match.length()), match.replacement());
        return new Unit(Character.charCount(text.codePointAt(at)), null);
    }

    /// The text in UTF-8, and where a place of the text lies in it; places are asked for in order.
    private static final class Window {
        private final String text;
        private final byte[] bytes;
        private int at;
        private int offset;

        Window(String text) {
            this.text = text;
            this.bytes = text.getBytes(StandardCharsets.UTF_8);
        }

        int offset(int place) {
            while (at < place) {
                int point = text.codePointAt(at);
                at += Character.charCount(point);
                offset += Unicode.utf8Length(point);
            }
            return offset;
        }

        /// UTF-16 units that `length` bytes from `place` on stand for.
        int units(int place, int length) {
            int end = place;
            for (int left = length; left > 0; ) {
                int point = text.codePointAt(end);
                end += Character.charCount(point);
                left -= Unicode.utf8Length(point);
            }
            return end - place;
        }
    }
}
