package clew.model;

import clew.model.token.Tokenizer;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntPredicate;

/// Tokens of a continuation as they come, told as text: whole characters only, and nothing that may turn out to be part
/// of a stop string.
///
/// Each new token costs the decoding of a few: the text behind a point where characters were complete.
public final class Speech implements IntPredicate {
    private final Tokenizer tokenizer;
    private final List<String> stops;
    private final Consumer<String> out;
    private final StringBuilder text = new StringBuilder();
    private int[] ids;
    private int size, from, read, told;

    /// @param stops what ends the text; it is not told
    /// @param out   hears every piece of text
    public Speech(Tokenizer tokenizer, int[] prompt, List<String> stops, Consumer<String> out) {
        this.tokenizer = tokenizer;
        this.stops = List.copyOf(stops);
        this.out = out;
        this.ids = prompt.clone();
        this.size = prompt.length;
        this.read = size;
        this.from = Math.max(0, size - 8);
    }

    /// Whether the text goes on behind this token.
    @Override
    public boolean test(int id) {
        if (tokenizer.isSpecial(id)) return true;
        if (size == ids.length) ids = Arrays.copyOf(ids, 2 * size + 1);
        ids[size++] = id;
        String before = decoded(read), now = decoded(size);
        if (now.endsWith("\uFFFD")) return true;                                // more bytes may complete it
        add(before, now);
        from = read;
        read = size;
        return tell();
    }

    private String decoded(int to) {
        return tokenizer.decode(Arrays.copyOfRange(ids, from, to));
    }

    private void add(String before, String now) {
        if (now.startsWith(before)) text.append(now, before.length(), now.length());
        else text.append(now.substring(Math.max(0, Arrays.mismatch(before.toCharArray(), now.toCharArray()))));
    }

    /// Tells what is certain; false at a stop string.
    private boolean tell() {
        int stop = firstStop(text.toString(), told, stops);
        int certain = stop >= 0 ? stop : text.length() - undecided();
        if (certain > told) out.accept(text.substring(told, certain));
        told = Math.max(told, certain);
        return stop < 0;
    }

    /// The text up to where a stop string begins first.
    public static String before(List<String> stops, String text) {
        int stop = firstStop(text, 0, stops);
        return stop < 0 ? text : text.substring(0, stop);
    }

    private static int firstStop(String text, int from, List<String> stops) {
        return stops.stream().mapToInt(stop -> text.indexOf(stop, from)).filter(i -> i >= 0).min().orElse(-1);
    }

    /// How many chars at the end may be the beginning of a stop string.
    private int undecided() {
        int most = 0;
        for (var stop : stops)
            for (int n = Math.min(stop.length() - 1, text.length()); n > most; n--)
                if (stop.startsWith(text.substring(text.length() - n))) most = n;
        return most;
    }

    /// Tells what was held back, an incomplete character as U+FFFD.
    public void end() {
        if (size > read) add(decoded(read), decoded(size));
        int stop = firstStop(text.toString(), told, stops), end = stop >= 0 ? stop : text.length();
        if (end > told) out.accept(text.substring(told, end));
        told = Math.max(told, end);
    }
}
