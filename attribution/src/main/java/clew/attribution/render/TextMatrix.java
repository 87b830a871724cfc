package clew.attribution.render;

import clew.attribution.Attribution;
import clew.model.token.Token;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/// What led to each token of a continuation: a row for every token that was read, a column for every token that
/// followed, in hundredths of the largest score; coloured where there are colours. As many columns at a time as fit.
///
/// @param columns of the terminal
record TextMatrix(Attribution a, Colours colours, int columns) {
    private static final int CELL = 5, WIDEST_TOKEN = 16;

    private Attribution.Sequence sequence() {
        return Objects.requireNonNull(a.sequence());
    }

    String text() {
        var said = sequence().tokens();
        var scale = Palette.scale(all());
        var rows = rows();
        var index = Integer.toString(a.tokens().size() + said.size() - 1).length();
        var token = Math.min(WIDEST_TOKEN, rows.stream().mapToInt(r -> Columns.of(name(r))).max().orElse(1));
        var out = new StringBuilder();
        follow(out, index);
        out.append("\nwhat led to each of them, in hundredths of ").append(Digits.of(scale, 4)).append('\n');
        var each = Math.max(1, (columns - 2 - index - 2 - token) / CELL);
        for (int from = 0; from < said.size(); from += each) {
            var to = Math.min(said.size(), from + each);
            out.append('\n').append(" ".repeat(2 + index + 2 + token));
            for (int n = from; n < to; n++) out.append(right(Integer.toString(a.tokens().size() + n), CELL));
            out.append('\n');
            for (int r : rows) line(out, r, from, to, scale, index, token);
        }
        if (rows.size() < a.tokens().size() + said.size() - 1)
            out.append("  of ").append(Wording.tokens(a)).append(" of the prompt those of the largest scores\n");
        return out.toString();
    }

    /// The continuation's tokens with their values.
    private void follow(StringBuilder out, int index) {
        var said = sequence().tokens();
        var token = Math.min(WIDEST_TOKEN,
            said.stream().mapToInt(t -> Columns.of(Visible.alone(t.text()))).max().orElse(1));
        var shares = sequence().shares();
        for (int n = 0; n < said.size(); n++) {
            var t = a.targets().get(n);
            out.append("  ").append(colours.faint(right(Integer.toString(a.tokens().size() + n), index))).append("  ")
                .append(Columns.fit(Visible.alone(said.get(n).text()), token)).append("  ")
                .append(Wording.score(a, t)).append(' ').append(Digits.of(t.value(), 4))
                .append(", rank ").append(t.rank());
            if (shares[n] != 0) out.append(", of earlier ones ").append(Digits.of(shares[n], 3));
            out.append('\n');
        }
    }

    private void line(StringBuilder out, int row, int from, int to, double scale, int index, int token) {
        var line = new StringBuilder("  ").append(colours.faint(right(Integer.toString(row), index)))
            .append("  ").append(Columns.fit(name(row), token));
        for (int n = from; n < to; n++) {
            var v = score(row, n);
            var share = Palette.share(v, scale);
            var cell = Double.isNaN(v) ? " ".repeat(CELL) : right(hundredths(share), CELL);
            line.append(Double.isNaN(v) ? cell : " " + colours.paint(cell.substring(1), share));
        }
        out.append(line.toString().stripTrailing()).append('\n');
    }

    private static String hundredths(double share) {
        var rounded = Math.round(100 * share);
        return rounded == 0 ? "·" : Long.toString(rounded);
    }

    /// The prompt's tokens, of many those of the largest scores, and the continuation's but for the last.
    private List<Integer> rows() {
        var T = a.tokens().size();
        var prompt = IntStream.range(0, T).boxed();
        if (T > TextTable.LONG)
            prompt = prompt.sorted(Comparator.comparingDouble(t -> -largest(t))).limit(TextTable.SHOWN).sorted();
        var rows = new ArrayList<>(prompt.toList());
        for (int n = 0; n < sequence().tokens().size() - 1; n++) rows.add(T + n);
        return rows;
    }

    private double largest(int t) {
        return Arrays.stream(a.scores()).mapToDouble(row -> Math.abs(row[t])).max().orElse(0);
    }

    /// NaN where the column's token did not see the row's.
    private double score(int row, int n) {
        var T = a.tokens().size();
        if (row < T) return a.scores()[n][row];
        var earlier = sequence().earlier()[n];
        return row - T < earlier.length ? earlier[row - T] : Double.NaN;
    }

    private double[] all() {
        var scores = new ArrayList<double[]>(List.of(a.scores()));
        scores.addAll(List.of(sequence().earlier()));
        return scores.stream().flatMapToDouble(Arrays::stream).toArray();
    }

    private Token token(int row) {
        return row < a.tokens().size() ? a.tokens().get(row) : sequence().tokens().get(row - a.tokens().size());
    }

    private String name(int row) {
        return Visible.alone(token(row).text());
    }

    private static String right(String text, int columns) {
        return " ".repeat(Math.max(0, columns - text.length())) + text;
    }
}
