package clew.attribution.render;

import clew.attribution.Attribution;
import clew.model.token.Token;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/// What led to each token of a continuation: a row for every token that was read, a column for every token that
/// followed, in hundredths of the largest score; coloured where there are colours. As many columns at a time as fit.
///
/// @param columns of the terminal
record TextMatrix(Attribution a, Scale by, Colours colours, int columns) {
    private static final int CELL = 5, WIDEST_TOKEN = 16;

    private Attribution.Sequence sequence() {
        return Objects.requireNonNull(a.sequence());
    }

    String text() {
        var said = sequence().tokens();
        var scale = by.of(a, sequence());
        var rows = rows();
        var index = Integer.toString(a.tokens().size() + said.size() - 1).length();
        var token = Math.min(WIDEST_TOKEN, rows.stream().mapToInt(r -> Columns.of(name(r))).max().orElse(1));
        var out = new StringBuilder();
        follow(out, index);
        out.append("\nwhat led to each of them, in hundredths of ").append(Digits.of(scale, 4))
            .append(by == Scale.ALL ? "" : " (" + by.label() + ")").append('\n');
        var each = Math.max(1, (columns - 2 - index - 2 - token) / CELL);
        for (int from = 0; from < said.size(); from += each) {
            var to = Math.min(said.size(), from + each);
            out.append('\n').append(" ".repeat(2 + index + 2 + token));
            for (int n = from; n < to; n++) out.append(right(Integer.toString(a.tokens().size() + n), CELL));
            out.append('\n');
            for (int r : rows) line(out, r, from, to, scale, index, token);
        }
        var all = a.tokens().size() + said.size() - 1;
        if (rows.size() < all)
            out.append("  the " + rows.size() + " rows of the largest |score| of " + all + "\n");
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

    /// Of a token that the scale leaves out they may be too many for a cell.
    private static String hundredths(double share) {
        var rounded = Math.round(100 * share);
        if (Math.abs(rounded) > 999) return rounded > 0 ? "≫" : "≪";
        return rounded == 0 ? "·" : Long.toString(rounded);
    }

    /// All tokens but the continuation's last; of many those of the largest scores.
    private List<Integer> rows() {
        var all = a.tokens().size() + sequence().tokens().size() - 1;
        var rows = IntStream.range(0, all).boxed();
        if (all > TextTable.LONG)
            rows = rows.sorted(Comparator.comparingDouble(r -> -largest(r))).limit(TextTable.SHOWN).sorted();
        return rows.toList();
    }

    private double largest(int row) {
        return IntStream.range(0, sequence().tokens().size()).mapToDouble(n -> score(row, n))
            .filter(v -> !Double.isNaN(v)).map(Math::abs).max().orElse(0);
    }

    /// NaN where the column's token did not see the row's.
    private double score(int row, int n) {
        var T = a.tokens().size();
        if (row < T) return a.scores()[n][row];
        var earlier = sequence().earlier()[n];
        return row - T < earlier.length ? earlier[row - T] : Double.NaN;
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
