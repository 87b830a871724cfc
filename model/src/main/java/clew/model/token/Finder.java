package clew.model.token;

import java.util.function.IntPredicate;
import java.util.regex.Pattern;

/// What a component looks for in a text.
sealed interface Finder {

    /// The text cut into matches and what lies between them.
    Spans spans(String text);

    record Literal(String wanted) implements Finder {
        public Literal {
            if (wanted.isEmpty()) throw new IllegalArgumentException("an empty string cannot be searched for");
        }

        @Override
        public Spans spans(String text) {
            var spans = new Spans();
            for (int at; (at = text.indexOf(wanted, spans.done())) >= 0; ) spans.match(at, at + wanted.length());
            return spans.rest(text.length());
        }
    }

    /// Single characters of a kind, each a match.
    record Characters(IntPredicate wanted) implements Finder {
        @Override
        public Spans spans(String text) {
            var spans = new Spans();
            for (int at = 0, width; at < text.length(); at += width) {
                int point = text.codePointAt(at);
                width = Character.charCount(point);
                if (wanted.test(point)) spans.match(at, at + width);
            }
            return spans.rest(text.length());
        }
    }

    /// A regular expression in Oniguruma's dialect, translated for Java; see [Regexes].
    record Expression(String source, Pattern pattern) implements Finder {
        static Expression of(String source) {
            return new Expression(source, Regexes.translate(source));
        }

        /// An empty match right behind another match does not count, as in Oniguruma's iterator.
        @Override
        public Spans spans(String text) {
            var spans = new Spans();
            var matcher = pattern.matcher(new Counted(text, source));
            while (matcher.find()) {
                int start = matcher.start(), end = matcher.end();
                boolean behindMatch = spans.size() > 0 && start == spans.done();
                if (start < end || !splitsPair(text, start) && !behindMatch) spans.match(start, end);
            }
            return spans.rest(text.length());
        }

        private static boolean splitsPair(String text, int at) {
            return at > 0 && at < text.length() && Character.isSurrogatePair(text.charAt(at - 1), text.charAt(at));
        }
    }
}
