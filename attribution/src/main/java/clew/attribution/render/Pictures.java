package clew.attribution.render;

import clew.attribution.Attribution;
import clew.attribution.evaluation.Band;
import clew.attribution.evaluation.Curve;
import clew.attribution.render.Picture.Anchor;
import clew.attribution.render.Picture.Face;
import clew.attribution.render.Picture.Pen;
import clew.model.token.Token;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/// Explanations as pictures. Colours show `score / scale`, the same to either side of 0; numbers are in the legend.
///
/// @param scale what the colours are scaled by
public record Pictures(Scale scale) {
    private static final double WIDTH = 960, MARGIN = 24, TOKEN = 18, CELL = 11.2;     // CELL: a column of TOKEN's size
    /// Okabe and Ito's colours for eyes of every kind, black and yellow left out.
    private static final List<Rgb> SERIES = List.of(new Rgb(0, 114, 178), new Rgb(213, 94, 0), new Rgb(0, 158, 115),
        new Rgb(204, 121, 167), new Rgb(86, 180, 233), new Rgb(230, 159, 0));
    private static final Rgb BAND = new Rgb(237, 240, 244);

    /// The prompt on coloured backgrounds, for the target of that index.
    public Picture heatmap(Attribution a, int target) {
        var pen = new Pen();
        var y = title(pen, a, target);
        y = prompt(pen, a, a.scores()[target], y + 18);
        pen.legend(MARGIN, y + 16, 240, scale.of(a, a.scores()[target]), scale.label());
        return pen.picture(a.method().name(), WIDTH, y + 60).madeWith(Origin.of(a));
    }

    private static double title(Pen pen, Attribution a, int target) {
        var t = a.targets().get(target);
        pen.words(MARGIN, 36, 17, "What led to " + headword(a.target(target)), Pen.INK, Anchor.START, Face.BOLD);
        pen.words(MARGIN, 58, 13, Visible.of(a.method().name()) + " · " + Wording.model(a) + " · "
            + Wording.score(a, t) + " " + Digits.of(t.value(), 5), Pen.SOFT, Anchor.START, Face.SANS);
        return 58;
    }

    /// What a title names: of a long continuation the beginning.
    private static String headword(String text) {
        return Columns.fit(Visible.alone(text), Math.min(72, Math.max(1, Columns.of(Visible.alone(text)))));
    }

    /// The tokens from `y` on, in lines; the height where they end.
    private double prompt(Pen pen, Attribution a, double[] scores, double y) {
        var max = scale.of(a, scores);
        double x = MARGIN, line = TOKEN * 1.75;
        for (int t = 0; t < scores.length; t++) {
            var token = a.tokens().get(t);
            for (var part : parts(token)) {
                var width = Math.max(0.6, Columns.of(part)) * CELL;
                if (x > MARGIN && x + width > WIDTH - MARGIN) {
                    x = MARGIN;
                    y += line;
                }
                pen.box(x, y, width, TOKEN * 1.45, colour(scores[t], max), about(token, scores[t]));
                pen.words(x, y + TOKEN * 1.05, TOKEN, part, Pen.INK, Anchor.START, Face.MONO);
                x += width;
                if (part.endsWith("↵")) {
                    x = MARGIN;
                    y += line;
                }
            }
        }
        return y + (x > MARGIN ? line : 0);
    }

    /// A token in pieces that fit a line, broken behind line feeds too.
    private static List<String> parts(Token token) {
        var parts = new ArrayList<String>();
        var part = new StringBuilder();
        var room = (int) ((WIDTH - 2 * MARGIN) / CELL);
        for (var cluster : Columns.clusters(Visible.of(token.text()) + (token.start() < 0 ? " " : ""))) {
            if (Columns.of(part + cluster) > room) {
                parts.add(part.toString());
                part.setLength(0);
            }
            part.append(cluster);
            if (cluster.equals("↵") && token.text().indexOf('\n') >= 0) {
                parts.add(part.toString());
                part.setLength(0);
            }
        }
        if (!part.isEmpty() || parts.isEmpty()) parts.add(part.toString());
        return parts;
    }

    private static Rgb colour(double score, double max) {
        return Double.isFinite(score) ? Palette.LIGHT.at(Palette.share(score, max)) : new Rgb(255, 255, 255);
    }

    private static String about(Token t, double score) {
        return t.index() + " " + Visible.alone(t.text()) + " " + Digits.of(score, 4);
    }

    /// One bar per token, from the axis to either side.
    public Picture bars(Attribution a, int target) {
        var pen = new Pen();
        var scores = a.scores()[target];
        var top = title(pen, a, target) + 22;
        double row = 20, max = scale.of(a, scores);
        double low = Math.clamp(min(scores), -max, 0), high = Math.clamp(max(scores), 0, max);
        double label = label(a.tokens()) + 30, left = MARGIN + label, room = WIDTH - left - MARGIN - 90;
        double axis = left + (high > low ? -low / (high - low) : 0) * room;
        for (int t = 0; t < scores.length; t++) {
            double y = top + t * row, v = scores[t];
            pen.words(left - 12, y + 14, 13, name(a.tokens().get(t)), Pen.INK, Anchor.END, Face.MONO);
            var length = high > low && Double.isFinite(v) ? Math.min(Math.abs(v), max) / (high - low) * room : 0;
            pen.box(v < 0 ? axis - length : axis, y + 3, length, row - 6, end(v), about(a.tokens().get(t), v));
            pen.words(left + room + 90, y + 14, 12, Digits.of(v, 4), Pen.SOFT, Anchor.END, Face.MONO);
        }
        pen.line(1, Pen.SOFT, axis, top, axis, top + scores.length * row);
        pen.words(MARGIN, top + scores.length * row + 24, 12, "largest bar " + Digits.of(max, 4) + " ("
            + scale.label() + ")", Pen.SOFT, Anchor.START, Face.SANS);
        return pen.picture(a.method().name(), WIDTH, top + scores.length * row + 44).madeWith(Origin.of(a));
    }

    private static Rgb end(double v) {
        return Palette.LIGHT.at(Math.signum(v));
    }

    private static double min(double[] v) {
        return Arrays.stream(v).filter(Double::isFinite).min().orElse(0);
    }

    private static double max(double[] v) {
        return Arrays.stream(v).filter(Double::isFinite).max().orElse(0);
    }

    private static String name(Token t) {
        return Columns.fit(Visible.alone(t.text()), Math.min(24, Math.max(1, Columns.of(Visible.alone(t.text())))));
    }

    private static double label(List<Token> tokens) {
        return tokens.stream().mapToInt(t -> Columns.of(name(t))).max().orElse(1) * 8;
    }

    /// Of several targets their scores, one row each; of one target the map of a method that has one, whose rows are
    /// queries and whose columns are keys.
    ///
    /// @throws IllegalArgumentException if there is neither
    public Picture matrix(Attribution a) {
        return cells(a).madeWith(Origin.of(a));
    }

    private Picture cells(Attribution a) {
        var sequence = a.sequence();
        if (sequence != null) return continuation(a, sequence);
        if (a.targets().size() > 1) return targets(a);
        var map = a.map();
        if (map == null)
            throw new IllegalArgumentException(a.method().name()
                + " has no matrix of tokens by tokens; take another picture, several targets, or --method attention");
        var names = a.tokens().stream().map(Pictures::name).toList();
        var T = names.size();
        var rows = IntStream.range(0, T).mapToObj(q -> Arrays.copyOfRange(map, q * T, (q + 1) * T))
            .toArray(double[][]::new);
        return grid(Visible.of(a.method().name()) + " · " + Wording.model(a) + ": rows are queries, columns keys",
            names, names, rows, scale.of(a, rows), Numbers.NONE);
    }

    /// Rows are the tokens of the continuation, columns all tokens that were read before the last of them; what a row
    /// did not see stays white.
    private Picture continuation(Attribution a, Attribution.Sequence s) {
        int T = a.tokens().size(), N = s.tokens().size();
        if (a.targets().size() < N)
            throw new IllegalArgumentException("a sum has no matrix; take another picture, or leave out what asks for"
                + " the sum alone");
        var columns = new ArrayList<>(a.tokens().stream().map(Pictures::name).toList());
        s.tokens().stream().limit(N - 1).map(Pictures::name).forEach(columns::add);
        var rows = new double[N][T + N - 1];
        for (int n = 0; n < N; n++) {
            Arrays.fill(rows[n], Double.NaN);
            System.arraycopy(a.scores()[n], 0, rows[n], 0, T);
            System.arraycopy(s.earlier()[n], 0, rows[n], T, n);
        }
        return grid(Visible.of(a.method().name()) + " · " + Wording.model(a) + ": what led to each row",
            s.tokens().stream().map(Pictures::name).toList(), columns, rows, scale.of(a, s), Numbers.NONE);
    }

    private Picture targets(Attribution a) {
        var rows = IntStream.range(0, a.targets().size()).mapToObj(i -> Visible.alone(a.target(i)))
            .map(text -> Columns.fit(text, Math.min(24, Columns.of(text)))).toList();
        return grid(Visible.of(a.method().name()) + " · " + Wording.model(a) + ": what led to each row", rows,
            a.tokens().stream().map(Pictures::name).toList(), a.scores(), scale.of(a, a.scores()),
            Numbers.NONE);
    }

    /// Whether cells have their numbers written in them.
    private enum Numbers { WRITTEN, NONE }

    private Picture grid(String title, List<String> rows, List<String> columns, double[][] v, double max,
        Numbers numbers) {
        var pen = new Pen();
        double label = rows.stream().mapToInt(Columns::of).max().orElse(1) * 7.6 + 14;
        double above = columns.stream().mapToInt(Columns::of).max().orElse(1) * 7.6 * Math.sin(Math.PI / 3) + 30;
        double cell = numbers == Numbers.WRITTEN ? 46 : 22, tall = numbers == Numbers.WRITTEN ? 28 : 22;
        double left = MARGIN + label, top = 48 + above;
        pen.words(MARGIN, 34, 15, title, Pen.INK, Anchor.START, Face.BOLD);
        for (int c = 0; c < columns.size(); c++)
            pen.slanted(left + c * cell + cell / 2, top - 8, 12, columns.get(c), -60);
        for (int r = 0; r < rows.size(); r++) {
            pen.words(left - 8, top + r * tall + tall / 2 + 4, 12, rows.get(r), Pen.INK, Anchor.END, Face.MONO);
            for (int c = 0; c < columns.size(); c++) {
                double score = v[r][c], x = left + c * cell, y = top + r * tall;
                pen.box(x, y, cell - 1, tall - 1, colour(score, max),
                    rows.get(r) + " ← " + columns.get(c) + " " + Digits.of(score, 4));
                if (numbers == Numbers.WRITTEN)
                    pen.words(x + cell / 2, y + tall / 2 + 4, 11, hundredths(score), Pen.INK, Anchor.MIDDLE,
                        Face.SANS);
            }
        }
        var bottom = top + rows.size() * tall + 16;
        pen.legend(MARGIN, bottom, 240, max, scale.label());
        var wide = left + columns.size() * cell + above / 1.5 + MARGIN;
        return pen.picture(title, Math.max(wide, MARGIN * 2 + Math.max(300, Columns.of(title) * 9)), bottom + 44);
    }

    private static String hundredths(double v) {
        return Double.isFinite(v) ? String.format(Locale.ROOT, "%.2f", v).replaceFirst("^-(0\\.00)$", "$1") : "";
    }

    /// One heatmap under another, each with its own scale: several methods on one prompt.
    public Picture panels(Map<String, Attribution> methods, int target) {
        var pen = new Pen();
        var first = methods.values().iterator().next();
        var t = first.targets().get(target);
        pen.words(MARGIN, 36, 17, "What led to " + Visible.alone(first.text(t.id())), Pen.INK, Anchor.START, Face.BOLD);
        pen.words(MARGIN, 58, 13, Wording.model(first) + " · " + Wording.score(first, t) + " "
            + Digits.of(t.value(), 5), Pen.SOFT, Anchor.START, Face.SANS);
        double y = 84;
        for (var method : methods.entrySet()) {
            var a = method.getValue();
            pen.words(MARGIN, y + 14, 14, Visible.of(method.getKey()), Pen.INK, Anchor.START, Face.BOLD);
            pen.words(WIDTH - MARGIN, y + 14, 12, Digits.of(a.diagnostics().seconds(), 3) + " s · scale ±"
                + Digits.of(scale.of(a, a.scores()[target]), 4), Pen.SOFT, Anchor.END, Face.MONO);
            y = prompt(pen, a, a.scores()[target], y + 24) + 14;
        }
        pen.legend(MARGIN, y + 6, 240, 1, "of each method's own scale (" + scale.label() + ")");
        return pen.picture("comparison", WIDTH, y + 52).madeWith(Origin.of(methods));
    }

    /// Methods by tokens with every number written in its cell, each row divided by its scale, and the mean of the rows
    /// below them.
    public Picture combined(Map<String, Attribution> methods, int target) {
        var first = methods.values().iterator().next();
        var T = first.tokens().size();
        var rows = new ArrayList<String>();
        var shares = new ArrayList<double[]>();
        for (var method : methods.entrySet()) {
            var a = method.getValue();
            var max = scale.of(a, a.scores()[target]);
            rows.add(Columns.fit(Visible.of(method.getKey()), Math.min(28, Columns.of(method.getKey()))));
            shares.add(Arrays.stream(a.scores()[target]).map(v -> Palette.share(v, max)).toArray());
        }
        rows.add("mean");
        shares.add(IntStream.range(0, T).mapToDouble(t -> shares.stream().mapToDouble(s -> s[t]).average().orElse(0))
            .toArray());
        return grid("Score / scale of every method for " + Visible.alone(first.text(first.targets().get(target).id())),
            rows, first.tokens().stream().map(Pictures::name).toList(), shares.toArray(double[][]::new), 1,
            Numbers.WRITTEN).madeWith(Origin.of(methods));
    }

    /// f while tokens are replaced: a solid line where the most relevant go first, a thin one where the least do, and
    /// in grey what random orders do.
    ///
    /// @param curves of each method the two, most relevant first
    public static Picture curves(Map<String, List<Curve>> curves, Band chance) {
        var pen = new Pen();
        var values = DoubleStream.concat(
            curves.values().stream().flatMap(List::stream).flatMapToDouble(c -> Arrays.stream(c.values())),
            DoubleStream.concat(Arrays.stream(chance.low()), Arrays.stream(chance.high()))).toArray();
        var frame = Frame.of(values);
        double left = frame.left, top = frame.top, wide = frame.wide, tall = frame.tall;
        pen.words(MARGIN, 34, 15, "The explained score while tokens are replaced", Pen.INK, Anchor.START, Face.BOLD);
        var about = "random orders: the middle 95 % of " + chance.draws();
        pen.area(BAND, about, frame.between(chance));
        for (int i = 0; i <= 4; i++) {
            double y = top + tall * i / 4, x = left + wide * i / 4;
            pen.line(1, Pen.LINE, left, y, left + wide, y);
            pen.words(left - 10, y + 4, 12, Digits.of(frame.high + (frame.low - frame.high) * i / 4, 3), Pen.SOFT,
                Anchor.END, Face.MONO);
            pen.words(x, top + tall + 20, 12, 25 * i + " %", Pen.SOFT, Anchor.MIDDLE, Face.MONO);
        }
        pen.line(1.6, Pen.SOFT, frame.points(chance.shares(), chance.mean()));
        int s = 0;
        for (var series : curves.entrySet()) {
            var colour = SERIES.get(s % SERIES.size());
            for (int i = 0; i < series.getValue().size(); i++) {
                var curve = series.getValue().get(i);
                pen.line(i == 0 ? 2.6 : 1, colour, frame.points(curve.shares(), curve.values()));
            }
            named(pen, left + wide + 24, top + 12 + 22 * s++, 2.6, colour, series.getKey());
        }
        named(pen, left + wide + 24, top + 12 + 22 * s++, 1.6, Pen.SOFT, "random orders");
        pen.words(left, top + tall + 44, 12, "tokens replaced; thick: the most relevant first, thin: the least relevant"
            + " first", Pen.SOFT, Anchor.START, Face.SANS);
        pen.words(left, top + tall + 60, 12, "grey: the mean and the middle 95 % of " + chance.draws()
            + " random orders", Pen.SOFT, Anchor.START, Face.SANS);
        return pen.picture("curves", WIDTH, Math.max(top + tall + 80, top + 22 * s + 40));
    }

    /// A short line and whose it is.
    private static void named(Pen pen, double x, double y, double thickness, Rgb colour, String name) {
        pen.line(thickness, colour, x, y - 4, x + 28, y - 4);
        pen.words(x + 36, y, 13, Columns.fit(Visible.of(name), Math.min(26, Columns.of(name))), Pen.INK, Anchor.START,
            Face.SANS);
    }

    /// Where curves are drawn: shares from the left to the right, f from `low` to `high` upwards.
    private record Frame(double left, double top, double wide, double tall, double low, double high) {
        static Frame of(double[] values) {
            var all = Arrays.stream(values).filter(Double::isFinite).summaryStatistics();
            double low = all.getCount() == 0 ? 0 : all.getMin(), high = all.getCount() == 0 ? 1 : all.getMax();
            return new Frame(90, 64, 560, 330, low, high == low ? low + 1 : high);
        }

        double[] points(double[] shares, double[] values) {
            var points = new double[2 * shares.length];
            for (int i = 0; i < shares.length; i++) {
                points[2 * i]     = left + wide * shares[i];
                points[2 * i + 1] = top + tall * (high - values[i]) / (high - low);
            }
            return points;
        }

        /// Along the upper edge and back along the lower one.
        double[] between(Band band) {
            double[] above = points(band.shares(), band.high()), below = points(band.shares(), band.low());
            var around = Arrays.copyOf(above, 2 * above.length);
            for (int i = 0; i < below.length; i += 2) {
                around[above.length + i]     = below[below.length - 2 - i];
                around[above.length + i + 1] = below[below.length - 1 - i];
            }
            return around;
        }
    }
}
