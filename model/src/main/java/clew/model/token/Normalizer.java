package clew.model.token;

import java.util.List;
import java.util.Locale;

/// Rewrites a text before it is split. Each record is a `normalizer` of tokenizer.json.
sealed interface Normalizer {

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
                out.add(point.toLowerCase(Locale.ROOT), text.from()[i], text.to()[i]);
                i += point.length();
            }
            return out.build();
        }
    }
}
