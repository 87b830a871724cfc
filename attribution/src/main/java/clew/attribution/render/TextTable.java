package clew.attribution.render;

import clew.attribution.Attribution;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// `index token score bar` — one line per token; of a long prompt the tokens with the largest |score|, in reading order.
///
/// @param columns    of the whole table
record TextTable(Attribution a, double[] scores, Colours colours, int columns) {
    /// A prompt of more tokens is cut down to [#SHOWN].
    static final int LONG = 64;
    static final int SHOWN = 32;

    private static final int WIDEST_TOKEN = 24;
    private static final int LONGEST_BAR = 20;

    /// The lines, each with its end.
    String text() {
        var rows = rows();
        var numbers = rows.stream().map(t -> Digits.of(scores[t], 4)).toList();
        var whole = numbers.stream().mapToInt(TextTable::point).max().orElse(1);
        var digits = numbers.stream().mapToInt(n -> n.length() - point(n)).max().orElse(0);
        var index = Integer.toString(scores.length - 1).length();
        var token = Math.min(WIDEST_TOKEN, rows.stream().mapToInt(t -> Columns.of(token(t))).max().orElse(1));
        var signed = IntStream.range(0, scores.length).anyMatch(t -> scores[t] < 0);
        var room = columns - 2 - index - 2 - token - 2 - whole - digits - 2;
        var bar = new Bar(Palette.scale(scores), Math.clamp(signed ? room / 2 : room, 4, LONGEST_BAR), signed, colours);
        var out = new StringBuilder();
        for (int i = 0; i < rows.size(); i++) {
            var t = rows.get(i);
            var number = numbers.get(i);
            var line = "  " + colours.faint(("%" + index + "d").formatted(t)) + "  " + cell(t, token, bar.scale()) + "  "
                + " ".repeat(whole - point(number)) + number + " ".repeat(digits - number.length() + point(number))
                + "  " + bar.of(scores[t]);
            out.append(line.stripTrailing()).append('\n');
        }
        if (rows.size() < scores.length)
            out.append("  the ").append(rows.size()).append(" largest |score| of ").append(scores.length).append(" tokens\n");
        return out.toString();
    }

    private List<Integer> rows() {
        var all = IntStream.range(0, scores.length).boxed();
        if (scores.length <= LONG) return all.toList();
        return all.sorted(Comparator.comparingDouble(t -> -magnitude(scores[t]))).limit(SHOWN).sorted().toList();
    }

    /// A score that is no number must be seen.
    private static double magnitude(double v) {
        return Double.isNaN(v) ? Double.POSITIVE_INFINITY : Math.abs(v);
    }

    private String token(int t) {
        return Visible.alone(a.tokens().get(t).text());
    }

    private String cell(int t, int width, double scale) {
        var cell = Columns.fit(token(t), width);
        var share = Palette.share(scores[t], scale);
        return Double.isNaN(share) ? cell : colours.paint(cell, Palette.LIGHT.at(share));
    }

    /// Where the decimal point is, or would be.
    private static int point(String number) {
        var at = number.indexOf('.');
        if (at < 0) at = number.indexOf('e');
        return at < 0 ? number.length() : at;
    }

    /// A bar of half cells, to both sides of an axis if any score is negative.
    ///
    /// @param cells to one side
    private record Bar(double scale, int cells, boolean signed, Colours colours) {
        String of(double v) {
            var share = Palette.share(v, scale);
            if (!Double.isFinite(share)) return "";
            var halves = (int) Math.round(Math.abs(share) * cells * 2);
            var full = "█".repeat(halves / 2);
            var ink = Palette.LIGHT.at(Math.signum(share));
            if (share >= 0) return " ".repeat(signed ? cells : 0) + "│" + tinted(full + (halves % 2 == 1 ? "▌" : ""), ink);
            return " ".repeat(cells - (halves + 1) / 2) + tinted((halves % 2 == 1 ? "▐" : "") + full, ink) + "│";
        }

        private String tinted(String bar, Rgb ink) {
            return bar.isEmpty() ? "" : colours.ink(bar, ink);
        }
    }
}
