package clew.attribution.render;

import clew.attribution.Attribution;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The same prompt by several methods, for a terminal: heatmaps one under another, or without colours a table with one
/// column of scores per method.
///
/// @param width columns of the terminal
public record TextPanels(Colours colours, int width, Scale scale) {
    private static final int WIDEST_TOKEN = 20;

    /// The panels of the first target.
    public String text(Map<String, Attribution> methods) {
        var out = new StringBuilder();
        var first = methods.values().iterator().next();
        var t = first.targets().getFirst();
        out.append("target ").append(colours.bold(Visible.alone(first.text(t.id())))).append(": ")
            .append(Wording.score(first, t)).append(' ').append(Digits.of(t.value(), 5)).append("\n\n");
        if (colours == Colours.NONE) return out.append(table(methods, first)).toString();
        methods.forEach((label, a) -> out.append(colours.bold(Visible.of(label))).append(" · scale ±")
            .append(Digits.of(scale.of(a, a.scores()[0]), 4)).append(" (").append(scale.label()).append(")\n")
            .append(TextHeatmap.of(a, a.scores()[0], scale, colours, width)).append('\n'));
        return out.toString();
    }

    /// Scores as they are; methods have units of their own.
    private static String table(Map<String, Attribution> methods, Attribution first) {
        var heading = new ArrayList<>(List.of("token"));
        methods.keySet().forEach(label -> heading.add(Visible.of(label)));
        var rows = new ArrayList<List<String>>();
        for (int i = 0; i < first.tokens().size(); i++) {
            var name = Visible.alone(first.tokens().get(i).text());
            var row = new ArrayList<>(List.of(Columns.fit(name, Math.min(WIDEST_TOKEN,
                Columns.of(name)))));
            for (var a : methods.values()) row.add(Digits.of(a.scores()[0][i], 4));
            rows.add(row);
        }
        return new EvaluationTable(heading, rows).text();
    }
}
