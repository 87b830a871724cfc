package clew.model.token;

import java.util.Arrays;
import java.util.List;

/// A text in which every UTF-16 unit knows the half-open range `[from, to)` of origins it came from.
///
/// Encoding: origins are code points of the caller's text. Decoding: origins are positions in the list of ids. Both
/// units of a surrogate pair carry the same range. `base` is where the slice of the original begins that this text
/// stands for; characters inserted at the very front are aligned to `[base, base)`.
record Aligned(String text, int[] from, int[] to, int base) {

    /// `text` as it is, each code point aligned to itself; unpaired surrogates become U+FFFD.
    static Aligned of(String text) {
        var clean = Unicode.wellFormed(text);
        var from = new int[clean.length()];
        var to = new int[clean.length()];
        for (int i = 0, point = 0; i < from.length; point++) {
            int width = Character.charCount(clean.codePointAt(i));
            for (int end = i + width; i < end; i++) {
                from[i] = point;
                to[i] = point + 1;
            }
        }
        return new Aligned(clean, from, to, 0);
    }

    /// `text` with every character aligned to the one origin `index`.
    static Aligned at(String text, int index) {
        return new Builder(index).add(text, index, index + 1).build();
    }

    boolean isEmpty() {
        return text.isEmpty();
    }

    Aligned slice(int start, int end) {
        if (start == 0 && end == text.length() && (isEmpty() || base == from[0])) return this;
        var f = Arrays.copyOfRange(from, start, end);
        var t = Arrays.copyOfRange(to, start, end);
        return new Aligned(text.substring(start, end), f, t, f.length == 0 ? base : f[0]);
    }

    /// `prefix` in front, aligned with the first character; an empty text stays empty. As in Hugging Face's `prepend`
    /// an empty prefix inserts the first character anew.
    Aligned prepend(String prefix) {
        if (isEmpty()) return this;
        int first = text.codePointAt(0), width = Character.charCount(first);
        if (prefix.isEmpty())
            return new Builder(base).add(first, base, base).add(this, width, text.length()).build();
        return new Builder(base).add(prefix, from[0], to[0]).add(this, 0, text.length()).build();
    }

    /// The part between `start` and `end` that still stands for the same slice of the original.
    Aligned within(int start, int end) {
        return new Builder(base).add(this, start, end).build();
    }

    /// Every match becomes `content`, aligned with the last character of the match.
    Aligned replace(Finder finder, String content) {
        var out = new Builder(base);
        var spans = finder.spans(text);
        for (int i = 0; i < spans.size(); i++) {
            int end = spans.end(i);
            if (!spans.isMatch(i)) out.add(this, spans.start(i), end);
            else if (end > 0)      out.add(content, from[end - 1], to[end - 1]);
            else                   out.add(content, base, base);
        }
        return out.build();
    }

    /// A character of a rewritten text and how it moves through the source: with `change` ≤ 0 it takes the alignment
    /// of the next source character and skips `−change` more; with `change` > 0 it takes that of the character before.
    record Change(int point, int change) {}

    /// The rewritten text, aligned as Hugging Face's `transform` does it.
    Aligned rewrite(List<Change> changes) {
        var out = new Builder(base);
        int at = 0;
        for (var next : changes) {
            if (next.change() <= 0) {
                out.add(next.point(), from[at], to[at]);
                at = text.offsetByCodePoints(at, 1 - next.change());
            } else if (at > 0) out.add(next.point(), from[at - 1], to[at - 1]);
            else               out.add(next.point(), base, base);
        }
        return out.build();
    }

    /// Grows an aligned text from pieces.
    static final class Builder {
        private final StringBuilder text = new StringBuilder();
        private final int base;
        private int[] from = new int[16];
        private int[] to = new int[16];

        Builder(int base) {
            this.base = base;
        }

        Builder add(String piece, int start, int end) {
            reserve(piece.length());
            Arrays.fill(from, text.length(), text.length() + piece.length(), start);
            Arrays.fill(to, text.length(), text.length() + piece.length(), end);
            text.append(piece);
            return this;
        }

        Builder add(int codePoint, int start, int end) {
            reserve(2);
            for (int i = 0; i < Character.charCount(codePoint); i++) {
                from[text.length() + i] = start;
                to[text.length() + i] = end;
            }
            text.appendCodePoint(codePoint);
            return this;
        }

        Builder add(Aligned source, int start, int end) {
            reserve(end - start);
            System.arraycopy(source.from, start, from, text.length(), end - start);
            System.arraycopy(source.to, start, to, text.length(), end - start);
            text.append(source.text, start, end);
            return this;
        }

        Aligned build() {
            int n = text.length();
            return new Aligned(text.toString(), Arrays.copyOf(from, n), Arrays.copyOf(to, n), base);
        }

        private void reserve(int more) {
            int need = text.length() + more;
            if (need <= from.length) return;
            int size = Math.max(need, from.length * 2);
            from = Arrays.copyOf(from, size);
            to = Arrays.copyOf(to, size);
        }
    }
}
