package clew.model.token;

import java.util.Arrays;

/// A text cut into matches and what lies between them: spans that follow each other and cover it. In two arrays, since
/// a long text has a million of them.
final class Spans {
    private int[] ends;
    private boolean[] matches;
    private int size;

    Spans() {
        this(new int[8], new boolean[8], 0);
    }

    private Spans(int[] ends, boolean[] matches, int size) {
        this.ends = ends;
        this.matches = matches;
        this.size = size;
    }

    /// A match, and before it what lies between it and the one before.
    void match(int start, int end) {
        if (start > done()) add(start, false);
        add(end, true);
    }

    /// What lies behind the last match of a text of this length.
    Spans rest(int length) {
        if (length > done()) add(length, false);
        return this;
    }

    private void add(int end, boolean match) {
        if (size == ends.length) {
            ends = Arrays.copyOf(ends, 2 * size);
            matches = Arrays.copyOf(matches, 2 * size);
        }
        ends[size] = end;
        matches[size++] = match;
    }

    /// The same spans, with matches and what lies between them exchanged.
    Spans inverted() {
        var others = new boolean[size];
        for (int i = 0; i < size; i++) others[i] = !matches[i];
        return new Spans(ends, others, size);
    }

    /// Where the last span ends.
    int done() {
        return size == 0 ? 0 : ends[size - 1];
    }

    int size()             { return size; }
    int start(int i)       { return i == 0 ? 0 : ends[i - 1]; }
    int end(int i)         { return ends[i]; }
    boolean isMatch(int i) { return matches[i]; }
}
