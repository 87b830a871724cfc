package clew.attribution.render;

import clew.attribution.evaluation.Mean;
import clew.attribution.evaluation.Metric.Better;
import clew.attribution.evaluation.Report;
import clew.attribution.evaluation.Summary;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/// The numbers of an evaluation as tables of text: rows are methods, the last is chance; columns are metrics.
///
/// A number has half of its 95 % interval over the prompts behind it. `▲` says that the method is better than the
/// random rankings of the same prompts, `▼` that it is worse, by more than the 95 % interval of the difference. With
/// one prompt there is no such interval; chance shows the middle 95 % of its draws then.
///
/// @param cells by row and column, the first of each row its label
record EvaluationTable(List<String> heading, List<List<String>> cells) {
    /// Methods whose agreement is told by three numbers.
    private static final int FEW = 6;

    private static final Map<Better, String> ARROW =
        Map.of(Better.HIGHER, " ↑", Better.LOWER, " ↓", Better.NEITHER, "");

    /// These metrics.
    private static EvaluationTable of(Summary s, List<Integer> columns) {
        var heading = new ArrayList<>(List.of("method"));
        for (int k : columns) heading.add(s.metrics().get(k).name() + ARROW.get(s.metrics().get(k).better()));
        var rows = new ArrayList<List<String>>();
        for (var row : s.methods()) rows.add(row(row, s, columns));
        rows.add(row(s.chance(), s, columns));
        return new EvaluationTable(heading, rows);
    }

    private static List<String> row(Summary.Row row, Summary s, List<Integer> columns) {
        var cells = new ArrayList<>(List.of(Visible.of(row.label())));
        for (int k : columns) {
            var spread = !row.spread().isEmpty() && s.prompts() == 1 ? " " + range(row.spread().get(k)) : "";
            cells.add(number(row.values().get(k)) + spread + mark(row, k, s.metrics().get(k).better()));
        }
        return cells;
    }

    static String number(Mean mean) {
        if (Double.isNaN(mean.value())) return "–";
        return fixed(mean.value()) + (Double.isNaN(mean.half()) ? "" : " ± " + fixed(mean.half()));
    }

    private static String range(Summary.Range r) {
        return Double.isNaN(r.low()) ? "" : "[" + fixed(r.low()) + " … " + fixed(r.high()) + "]";
    }

    /// Three decimals, fewer where the number is large.
    static String fixed(double v) {
        if (!Double.isFinite(v) || Math.abs(v) >= 1e5) return Digits.of(v, 3);
        return String.format(Locale.ROOT, Math.abs(v) >= 100 ? "%.1f" : Math.abs(v) >= 10 ? "%.2f" : "%.3f", v);
    }

    /// Whether the paired difference to chance is beyond its interval.
    static String mark(Summary.Row row, int k, Better better) {
        if (row.gains().isEmpty() || better == Better.NEITHER) return "";
        var gain = row.gains().get(k);
        if (Double.isNaN(gain.half()) || Math.abs(gain.value()) <= gain.half()) return "";
        return gain.value() > 0 == (better == Better.HIGHER) ? " ▲" : " ▼";
    }

    /// Tables of at most `columns` metrics that hold all that say something.
    static List<EvaluationTable> all(Summary s, int columns) {
        var said = IntStream.range(0, s.metrics().size()).boxed().filter(k -> s.methods().stream()
            .anyMatch(m -> Double.isFinite(m.values().get(k).value()))).toList();
        var tables = new ArrayList<EvaluationTable>();
        for (int from = 0; from < said.size(); from += columns)
            tables.add(of(s, said.subList(from, Math.min(said.size(), from + columns))));
        return tables;
    }

    /// How alike the methods rank: Spearman's ρ, and of a few methods Kendall's τ and the overlap of the top too.
    static EvaluationTable agreement(Summary s) {
        var labels = s.methods().stream().map(m -> Visible.of(m.label())).toList();
        var few = labels.size() <= FEW;
        var heading = new ArrayList<>(List.of(few ? "ρ / τ / top " + s.agreements().top() : "ρ"));
        IntStream.range(1, labels.size() + 1).forEach(i -> heading.add(Integer.toString(i)));
        var rows = new ArrayList<List<String>>();
        var a = s.agreements();
        for (int i = 0; i < labels.size(); i++) {
            var cells = new ArrayList<>(List.of(i + 1 + " " + labels.get(i)));
            for (int j = 0; j < labels.size(); j++)
                cells.add(j == i ? "" : short2(a.spearman()[i][j])
                    + (few ? " / " + short2(a.kendall()[i][j]) + " / " + short2(a.overlap()[i][j]) : ""));
            rows.add(cells);
        }
        return new EvaluationTable(heading, rows);
    }

    private static String short2(double v) {
        return Double.isNaN(v) ? "–" : String.format(Locale.ROOT, "%.2f", v);
    }

    /// Seconds per prompt, and what each method was given.
    static EvaluationTable cost(Report r) {
        var rows = new ArrayList<List<String>>();
        for (var row : r.summary().methods()) {
            var method = r.methods().get(row.label());
            rows.add(List.of(Visible.of(row.label()), Digits.of(row.seconds(), 3),
                method == null ? "" : Wording.parameters(method)));
        }
        return new EvaluationTable(List.of("method", "seconds per prompt", "parameters"), rows);
    }

    /// Aligned columns, for a terminal.
    String text() {
        var lines = new ArrayList<List<String>>();
        lines.add(heading);
        lines.addAll(cells);
        var widths = IntStream.range(0, heading.size())
            .map(c -> lines.stream().mapToInt(l -> Columns.of(l.get(c))).max().orElse(0)).toArray();
        var out = new StringBuilder();
        for (var line : lines) {
            var row = new StringBuilder("  ");
            for (int c = 0; c < widths.length; c++) row.append(Columns.fit(line.get(c), widths[c])).append("  ");
            out.append(row.toString().stripTrailing()).append('\n');
        }
        return out.toString();
    }

    /// A table of Markdown.
    String markdown() {
        var out = new StringBuilder();
        out.append(line(heading)).append("|---".repeat(heading.size())).append("|\n");
        cells.forEach(c -> out.append(line(c)));
        return out.toString();
    }

    private static String line(List<String> cells) {
        return "| " + String.join(" | ", cells.stream().map(c -> c.replace("|", "\\|")).toList()) + " |\n";
    }
}
