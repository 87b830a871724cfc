package clew.training.world;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// Characters `from … to − 1` of a text.
public record Span(int from, int to) {
    public Span {
        if (from < 0 || to <= from)
            throw new IllegalArgumentException("a span from " + from + " to " + to + " is empty");
    }

    /// Where `word` stands in `text` as a word of its own.
    static List<Span> of(String word, String text) {
        var spans = new ArrayList<Span>();
        var matcher = Pattern.compile("(?<![\\p{L}\\p{N}])" + Pattern.quote(word) + "(?![\\p{L}\\p{N}])").matcher(text);
        while (matcher.find()) spans.add(new Span(matcher.start(), matcher.end()));
        return spans;
    }
}
