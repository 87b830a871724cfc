package clew.attribution.render;

import clew.attribution.Attribution;
import clew.attribution.evaluation.Band;
import clew.attribution.evaluation.Curve;
import clew.attribution.evaluation.Metric.Better;
import clew.attribution.evaluation.Report;
import clew.attribution.evaluation.Summary;
import clew.attribution.render.Picture.Anchor;
import clew.attribution.render.Picture.Face;
import clew.attribution.render.Picture.Pen;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// An evaluation as one web page that needs nothing else: dots with their intervals beside chance, the tables, and of
/// one prompt the methods' heatmaps and curves.
///
/// @param explanations of the one prompt, or none
/// @param curves       of the same methods, or none
/// @param chance       the curves of random orders beside them, or null where there are no curves
public record EvaluationHtml(Map<String, Attribution> explanations, Map<String, List<Curve>> curves,
                             @Nullable Band chance, Scale scale) {
    /// Without a prompt.
    public EvaluationHtml() {
        this(Map.of(), Map.of(), null, Scale.ALL);
    }

    /// The page.
    public String text(Report r) {
        var s = r.summary();
        var page = new Html().raw(HtmlFormat.HEAD).raw("<title>").text("evaluation · " + EvaluationText.model(r))
            .raw("</title>\n<style>\n").raw(HtmlStyle.sheet())
            .raw(".wide{overflow-x:auto}.wide>svg,.dots>svg{display:block;background:#fff;border-radius:.5rem;"
                + "max-width:100%;height:auto}"
                + "td,th{white-space:nowrap;font-variant-numeric:tabular-nums}\n")
            .raw("</style>\n</head>\n<body>\n<main>\n<header>\n<h1>")
            .text(explanations.isEmpty() ? "How good these explanations are" : "How these methods compare")
            .raw("</h1>\n<p class=\"under\">").text(EvaluationText.model(r)).raw(" · ").text(EvaluationText.settings(r))
            .raw("</p>\n</header>\n");
        if (!explanations.isEmpty()) {
            picture(page, "The same prompt by each method", new Pictures(scale).panels(explanations, 0));
            picture(page, "All numbers beside each other", new Pictures(scale).combined(explanations, 0));
        }
        if (chance != null) picture(page, "Curves", Pictures.curves(curves, chance));
        page.raw("<section>\n<h2>Every metric, beside chance</h2>\n<p class=\"small\">")
            .text("A dot is the mean over the prompts, its line the 95 % interval; the grey band is the middle 95 % of"
                + " random rankings. ↑ more is better, ↓ less is better.").raw("</p>\n<div class=\"dots\">");
        for (int k = 0; k < s.metrics().size(); k++)
            if (s.methods().stream().anyMatch(metric(k))) page.raw(dots(s, k).svg());
        page.raw("</div>\n</section>\n<section>\n<h2>Tables</h2>\n<p class=\"small\">").text(EvaluationText.LEGEND)
            .raw("</p>\n");
        for (var table : EvaluationTable.all(s, 4)) table(page, table);
        page.raw("</section>\n");
        if (s.methods().size() > 1) {
            page.raw("<section>\n<h2>Agreement of the methods</h2>\n");
            table(page, EvaluationTable.agreement(s));
            page.raw("</section>\n");
        }
        page.raw("<section>\n<h2>Cost</h2>\n");
        table(page, EvaluationTable.cost(r));
        page.raw("</section>\n<footer class=\"from\">\n<dl>\n");
        HtmlFormat.entry(page, "fingerprint", r.model().fingerprint());
        HtmlFormat.from(page, r.model().provenance());
        return page.raw("</dl>\n</footer>\n</main>\n</body>\n</html>\n").toString();
    }

    private static Predicate<Summary.Row> metric(int k) {
        return row -> Double.isFinite(row.values().get(k).value());
    }

    private static void picture(Html page, String title, Picture picture) {
        page.raw("<section>\n<h2>").text(title).raw("</h2>\n<div class=\"wide\">").raw(picture.svg())
            .raw("</div>\n</section>\n");
    }

    private static void table(Html page, EvaluationTable table) {
        page.raw("<div class=\"wide\"><table>\n<thead><tr>");
        table.heading().forEach(h -> page.raw("<th scope=\"col\">").text(h).raw("</th>"));
        page.raw("</tr></thead>\n<tbody>\n");
        for (var row : table.cells()) {
            page.raw("<tr>");
            for (int c = 0; c < row.size(); c++)
                page.raw(c == 0 ? "<th scope=\"row\">" : "<td>").text(row.get(c)).raw(c == 0 ? "</th>" : "</td>");
            page.raw("</tr>\n");
        }
        page.raw("</tbody>\n</table></div>\n");
    }

    /// One metric: a dot and an interval per method on a common axis, the band of chance behind them.
    private static Picture dots(Summary s, int k) {
        var heading = s.metrics().get(k);
        var chance = s.chance().spread().get(k);
        var ends = s.methods().stream().map(m -> m.values().get(k)).flatMapToDouble(v -> DoubleStream.of(v.value(),
            v.value() - finite(v.half()), v.value() + finite(v.half()))).filter(Double::isFinite).toArray();
        var all = DoubleStream.concat(DoubleStream.of(ends), DoubleStream.of(chance.low(), chance.high())
            .filter(Double::isFinite)).summaryStatistics();
        double low = all.getMin(), span = all.getMax() > low ? all.getMax() - low : 1;
        double left = 290, wide = 560, row = 20, top = 40;
        var pen = new Pen();
        pen.words(16, 24, 14, heading.name() + (heading.better() == Better.HIGHER ? " ↑"
            : heading.better() == Better.LOWER ? " ↓" : ""), Pen.INK, Anchor.START, Face.BOLD);
        var bottom = top + row * s.methods().size();
        if (Double.isFinite(chance.low()))
            pen.box(left + (chance.low() - low) / span * wide, top,
                Math.max(2, (chance.high() - chance.low()) / span * wide), bottom - top, Pen.LINE, "random rankings");
        IntStream.range(0, s.methods().size()).forEach(m -> {
            var method = s.methods().get(m);
            var v = method.values().get(k);
            var y = top + row * m + row / 2;
            pen.words(left - 12, y + 4, 12, Columns.fit(Visible.of(method.label()), Math.min(36,
                Columns.of(method.label()))), Pen.INK, Anchor.END, Face.MONO);
            if (!Double.isFinite(v.value())) return;
            var x = left + (v.value() - low) / span * wide;
            var half = finite(v.half()) / span * wide;
            pen.line(1.5, Pen.SOFT, x - half, y, x + half, y);
            pen.box(x - 4, y - 4, 8, 8, Palette.LIGHT.at(1), EvaluationTable.number(v));
            pen.words(left + wide + 90, y + 4, 12, EvaluationTable.fixed(v.value()), Pen.SOFT, Anchor.END, Face.MONO);
        });
        pen.words(left, bottom + 16, 11, EvaluationTable.fixed(low), Pen.SOFT, Anchor.START, Face.MONO);
        pen.words(left + wide, bottom + 16, 11, EvaluationTable.fixed(low + span), Pen.SOFT, Anchor.END, Face.MONO);
        return pen.picture(heading.name(), 960, bottom + 28);
    }

    private static double finite(double v) {
        return Double.isFinite(v) ? v : 0;
    }
}
