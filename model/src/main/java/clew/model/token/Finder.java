package clew.model.token;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;

/// What a component looks for in a text.
sealed interface Finder {

    /// The text cut into matches and what lies between them: the spans follow each other and cover the text.
    List<Span> spans(String text);

    record Span(int start, int end, boolean match) {}

    record Literal(String wanted) implements Finder {
        public Literal {
            if (wanted.isEmpty()) throw new IllegalArgumentException("an empty string cannot be searched for");
        }

        @Override
        public List<Span> spans(String text) {
            var spans = new ArrayList<Span>();
            int done = 0;
            for (int at; (at = text.indexOf(wanted, done)) >= 0; done = at + wanted.length()) {
                if (at > done) spans.add(new Span(done, at, false));
                spans.add(new Span(at, at + wanted.length(), true));
            }
            if (done < text.length()) spans.add(new Span(done, text.length(), false));
            return spans;
        }
    }

    /// Single characters of a kind, each a match.
    record Characters(IntPredicate wanted) implements Finder {
        @Override
        public List<Span> spans(String text) {
            var spans = new ArrayList<Span>();
            int done = 0;
            for (int at = 0, width; at < text.length(); at += width) {
                int point = text.codePointAt(at);
                width = Character.charCount(point);
                if (!wanted.test(point)) continue;
                if (at > done) spans.add(new Span(done, at, false));
                spans.add(new Span(at, done = at + width, true));
            }
            if (done < text.length()) spans.add(new Span(done, text.length(), false));
            return spans;
        }
    }

    /// A regular expression in Oniguruma's dialect, translated for Java; see [Regexes].
    record Expression(String source, Pattern pattern) implements Finder {
        static Expression of(String source) {
            return new Expression(source, Regexes.translate(source));
        }

        /// An empty match right behind another match does not count, as in Oniguruma's iterator.
        @Override
        public List<Span> spans(String text) {
            var spans = new ArrayList<Span>();
            var matcher = pattern.matcher(new Counted(text, source));
            int done = 0;
            boolean afterMatch = false;
            while (matcher.find()) {
                int start = matcher.start(), end = matcher.end();
                if (start == end && (splitsPair(text, start) || afterMatch && start == done)) continue;
                if (start > done) spans.add(new Span(done, start, false));
                spans.add(new Span(start, end, true));
                done = end;
                afterMatch = true;
            }
            if (done < text.length()) spans.add(new Span(done, text.length(), false));
            return spans;
        }

        private static boolean splitsPair(String text, int at) {
            return at > 0 && at < text.length() && Character.isSurrogatePair(text.charAt(at - 1), text.charAt(at));
        }
    }
}
