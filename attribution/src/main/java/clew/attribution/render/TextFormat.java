package clew.attribution.render;

import clew.attribution.Attribution;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// A heatmap and a table for a terminal, in UTF-8; `\n` is the only control character but for the colours' escapes.
///
/// Colours show `score / max |score|` of their target; without colours the bars of the table do.
///
/// @param width columns of the terminal, at least 20
/// @param marks a word for every token of the prompt, by its index there, such as who wrote it; or none at all
/// @param scale what the colours and bars are scaled by
public record TextFormat(Colours colours, int width, List<String> marks, Scale scale) implements Renderer {
    private static final int NARROWEST = 20;

    public TextFormat {
        if (width < NARROWEST)
            throw new IllegalArgumentException("a page has at least " + NARROWEST + " columns, not " + width);
        marks = List.copyOf(marks);
    }

    /// Scaled by all tokens.
    public TextFormat(Colours colours, int width, List<String> marks) {
        this(colours, width, marks, Scale.ALL);
    }

    /// Without marks.
    public TextFormat(Colours colours, int width) {
        this(colours, width, List.of());
    }

    @Override
    public void write(Attribution a, OutputStream out) throws IOException {
        out.write(text(a).getBytes(StandardCharsets.UTF_8));
    }

    /// The same as a string.
    public String text(Attribution a) {
        var out = new StringBuilder();
        var parameters = Wording.parameters(a.method());
        line(out, colours.bold(Wording.model(a)) + " · " + Visible.of(a.model().family()) + " · " + Wording.tokens(a));
        line(out, colours.bold(Visible.of(a.method().name())) + (parameters.isEmpty() ? "" : " · " + parameters));
        if (a.sequence() != null) sequence(out, a);
        else for (int i = 0; i < a.targets().size(); i++) target(out.append('\n'), a, i);
        line(out.append('\n'), colours.faint(Wording.cost(a)));
        var origin = new StringBuilder();
        wrapped(origin, Origin.brief(a.model()), " (?=·)");
        origin.toString().lines().forEach(l -> line(out, colours.faint(l)));
        return out.toString();
    }

    /// The sum over the continuation as a target is told, then the matrix.
    private void sequence(StringBuilder out, Attribution a) {
        target(out.append('\n'), a.summed(), 0);
        if (a.targets().size() > 1) out.append('\n').append(new TextMatrix(a, scale, colours, width).text());
    }

    /// A long continuation is cut here: its tokens are told below.
    private String headline(Attribution a, int i) {
        var t = a.targets().get(i);
        var s = a.sequence();
        var value = Wording.score(a, t) + " " + Digits.of(t.value(), 5);
        if (s == null)
            return "target " + colours.bold(Visible.alone(a.target(i))) + " (id " + t.id() + ", rank " + t.rank()
                + ", position " + t.position() + "): " + value;
        var said = Visible.alone(s.text());
        var about = " (" + Wording.count(s.tokens().size(), "token") + ", " + (s.tokens().size() > 1 ? "worst " : "")
            + "rank " + t.rank() + "): " + value;
        var room = Math.max(1, width - "continuation ".length() - Columns.of(about));
        return "continuation " + colours.bold(Columns.fit(said, Math.min(room, Columns.of(said)))) + about;
    }

    private void target(StringBuilder out, Attribution a, int i) {
        var t = a.targets().get(i);
        var scores = a.scores()[i];
        line(out, headline(a, i));
        out.append('\n');
        if (colours != Colours.NONE) out.append(TextHeatmap.of(a, scores, scale, colours, width)).append('\n');
        out.append(new TextTable(a, scores, halves(a, i), scale, colours, width, marks).text()).append('\n');
        line(out, "scale ±" + Digits.of(scale.of(a, scores), 4) + " (" + scale.label() + ")" + strip());
        var d = a.diagnostics();
        if (!d.ledgers().isEmpty()) wrapped(out, Wording.ledger(d.ledgers().get(i)));
        if (a.positions().length > 0) wrapped(out, Wording.positions(a, i));
        if (!d.convergenceDelta().isEmpty())
            line(out, "convergence delta " + Digits.of(d.convergenceDelta().get(i), 4));
        d.figures().forEach((name, v) -> line(out, Wording.figure(name) + " " + Digits.of(v[i], 4)));
        if (d.drawn().isKnown())
            line(out, "± 95 % interval: " + Digits.of(d.drawn().width(), 3) + " standard errors (Student's, "
                + Wording.count(d.drawn().degrees(), "degree") + " of freedom)");
        Wording.hint(a, t).ifPresent(hint -> line(out, hint));
        var regions = a.regions();
        if (regions != null) out.append(new TextRegions(a, regions, width).text(i));
    }

    private static double[] halves(Attribution a, int target) {
        var drawn = a.diagnostics().drawn();
        return drawn.isKnown() ? drawn.halves()[target] : new double[0];
    }

    /// The colours from −scale to +scale.
    private String strip() {
        if (colours == Colours.NONE) return "";
        var out = new StringBuilder("  ");
        for (int s = -7; s <= 7; s++)
            out.append(colours.paint(s == -7 ? "−" : s == 0 ? "0" : s == 7 ? "+" : " ", s / 7.0));
        return out.toString();
    }

    /// Broken before an operator where it is too long.
    private void wrapped(StringBuilder out, String sum) {
        wrapped(out, sum, " (?=[+−=(])");
    }

    /// @param breaks where a line may end
    private void wrapped(StringBuilder out, String text, String breaks) {
        var column = 0;
        for (var part : text.split(breaks)) {
            var columns = Columns.of(part);
            if (column > 0) {
                var fits = column + 1 + columns <= width;
                out.append(fits ? " " : "\n  ");
                column = fits ? column + 1 : 2;
            }
            out.append(part);
            column += columns;
        }
        out.append('\n');
    }

    private static void line(StringBuilder out, String text) {
        out.append(text).append('\n');
    }
}
