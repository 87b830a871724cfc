package clew.attribution.render;

import clew.attribution.Attribution;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// `index mark token score bar` — one line per token; of a long prompt those of the largest |score|, in reading order.
///
/// @param halves  of the 95 % interval of every score, or none
/// @param columns of the whole table
/// @param marks   by index in the prompt, or none
record TextTable(Attribution a, double[] scores, double[] halves, Scale by, Colours colours, int columns,
                 List<String> marks) {
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
        var mark = marks.stream().mapToInt(m -> m.length() + 2).max().orElse(0);
        var intervals = rows.stream().map(this::interval).toList();
        var interval = intervals.stream().mapToInt(String::length).max().orElse(0);
        var room = columns - 2 - index - 2 - mark - token - 2 - whole - digits - interval - 2;
        var bar = Bar.of(scores, by.of(a, scores), room, colours);
        var out = new StringBuilder();
        for (int i = 0; i < rows.size(); i++) {
            var t = rows.get(i);
            var number = numbers.get(i);
            var before = " ".repeat(whole - point(number));
            var behind = " ".repeat(digits - (number.length() - point(number)));
            var line = "  " + colours.faint(("%" + index + "d").formatted(t)) + "  " + mark(t, mark)
                + cell(t, token, bar.scale())
                + "  " + before + number + behind + ("%-" + (interval + 2) + "s").formatted(intervals.get(i))
                + bar.of(scores[t]);
            out.append(line.stripTrailing()).append('\n');
        }
        return rows.size() == scores.length ? out.toString()
            : out + "  the " + rows.size() + " largest |score| of " + scores.length + " tokens\n";
    }

    /// ` ± 0.012`, half of the 95 % interval.
    private String interval(int t) {
        return halves.length == 0 ? "" : " ± " + Digits.of(halves[t], 2);
    }

    private String mark(int t, int width) {
        return width == 0 ? "" : colours.faint(("%-" + width + "s").formatted(marks.get(a.tokens().get(t).index())));
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
        return Double.isNaN(share) ? cell : colours.paint(cell, share);
    }

    /// Where the decimal point is, or would be.
    private static int point(String number) {
        var at = number.indexOf('.');
        if (at < 0) at = number.indexOf('e');
        return at < 0 ? number.length() : at;
    }

    /// A bar of half cells to the left or right of an axis; the left side is as wide as the largest negative needs.
    ///
    /// @param unit  cells of a score as large as the scale
    /// @param left  cells before the axis
    private record Bar(double scale, int unit, int left, Colours colours) {
        static Bar of(double[] scores, double scale, int room, Colours colours) {
            double negative = 0, positive = 0;
            for (double v : scores) {
                negative = Math.max(negative, finite(within(Palette.share(-v, scale))));
                positive = Math.max(positive, finite(within(Palette.share(v, scale))));
            }
            var unit = (int) Math.clamp((room - 1) / Math.max(1, negative + positive), 4, LONGEST_BAR);
            return new Bar(scale, unit, (halves(negative, unit) + 1) / 2, colours);
        }

        String of(double v) {
            var share = within(Palette.share(v, scale));
            if (!Double.isFinite(share)) return "";
            var halves = halves(share, unit);
            var full = "█".repeat(halves / 2);
            var half = halves % 2 == 1;
            return share < 0
                ? " ".repeat(left - (halves + 1) / 2) + tinted((half ? "▐" : "") + full, share) + "│"
                : " ".repeat(left) + "│" + tinted(full + (half ? "▌" : ""), share);
        }

        /// A token that the scale leaves out has a bar as long as the scale.
        private static double within(double share) {
            return Double.isFinite(share) ? Math.clamp(share, -1, 1) : share;
        }

        private static int halves(double share, int unit) {
            return (int) Math.round(Math.abs(share) * unit * 2);
        }

        private static double finite(double v) {
            return Double.isFinite(v) ? v : 0;
        }

        private String tinted(String bar, double share) {
            return bar.isEmpty() ? "" : colours.ink(bar, share);
        }
    }
}
