package clew.model.token;

import java.util.List;
import java.util.Set;
import java.util.function.IntUnaryOperator;

/// Rewrites a text before it is split. Each record is a `normalizer` of tokenizer.json.
sealed interface Normalizer permits Normalizer.Sequence, Normalizer.Form, Normalizer.Prepend, Normalizer.Replace,
        Normalizer.Lowercase, Normalizer.Strip, Normalizer.StripAccents, Normalizer.Nmt, Normalizer.Bytes, Precompiled,
        SentencePieceNormalizer {

    Aligned apply(Aligned text);

    record Sequence(List<Normalizer> steps) implements Normalizer {
        @Override
        public Aligned apply(Aligned text) {
            for (var step : steps) text = step.apply(text);
            return text;
        }
    }

    /// NFC, NFD, NFKC or NFKD.
    record Form(UnicodeForm form) implements Normalizer {
        @Override
        public Aligned apply(Aligned text) {
            return form.apply(text);
        }
    }

    record Prepend(String prefix) implements Normalizer {
        @Override
        public Aligned apply(Aligned text) {
            return text.prepend(prefix);
        }
    }

    record Replace(Finder finder, String content) implements Normalizer {
        @Override
        public Aligned apply(Aligned text) {
            return text.replace(finder, content);
        }
    }

    /// Each code point by itself, so a final sigma is an ordinary one.
    record Lowercase() implements Normalizer {
        @Override
        public Aligned apply(Aligned text) {
            var out = new Aligned.Builder(text.base());
            for (int i = 0; i < text.text().length(); ) {
                var point = Character.toString(text.text().codePointAt(i));
                out.add(Unicode.lowerCase(point), text.from()[i], text.to()[i]);
                i += point.length();
            }
            return out.build();
        }
    }

    /// White space off the chosen ends.
    record Strip(Set<End> ends) implements Normalizer {
        @Override
        public Aligned apply(Aligned text) {
            int start = 0, end = text.text().length();              // every space is in the basic plane
            if (ends.contains(End.LEFT))  while (start < end && Unicode.isSpace(text.text().charAt(start))) start++;
            if (ends.contains(End.RIGHT)) while (end > start && Unicode.isSpace(text.text().charAt(end - 1))) end--;
            return text.within(start, end);
        }
    }

    enum End { LEFT, RIGHT }

    /// Combining marks left out; after a decomposition these are the accents.
    record StripAccents() implements Normalizer {
        @Override
        public Aligned apply(Aligned text) {
            return mapped(text, point -> UnicodeAge.isMark(point) ? DROPPED : point);
        }
    }

    /// The cleaning of neural translation's corpora: controls left out, odd spaces made plain.
    record Nmt() implements Normalizer {
        @Override
        public Aligned apply(Aligned text) {
            return Normalizer.mapped(text, Nmt::cleaned);
        }

        private static int cleaned(int point) {
            boolean space = switch (point) {
                case '\t', '\n', '\f', '\r', 0x1680, 0x2028, 0x2029, 0x2581, 0xFEFF, 0xFFFD -> true;
                default -> point >= 0x200B && point <= 0x200F;
            };
            boolean control = point > 0 && point < ' ' || point == 0x7F || point == 0x8F || point == 0x9F;
            return space ? ' ' : control ? DROPPED : point;
        }
    }

    /// Every byte as its character of the [ByteAlphabet].
    record Bytes() implements Normalizer {
        @Override
        public Aligned apply(Aligned text) {
            return ByteAlphabet.spell(text);
        }
    }

    /// What [#mapped] makes nothing of.
    int DROPPED = -1;

    private static Aligned mapped(Aligned text, IntUnaryOperator map) {
        var out = new Aligned.Builder(text.base());
        for (int i = 0; i < text.text().length(); ) {
            int point = text.text().codePointAt(i), mapped = map.applyAsInt(point);
            if (mapped != DROPPED) out.add(mapped, text.from()[i], text.to()[i]);
            i += Character.charCount(point);
        }
        return out.build();
    }
}
