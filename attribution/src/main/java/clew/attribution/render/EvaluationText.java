package clew.attribution.render;

import clew.attribution.evaluation.Report;
import java.util.stream.Collectors;

/// An evaluation for eyes: plain text for a terminal, or Markdown for a document.
public record EvaluationText(Form form) {
    /// Metrics beside each other.
    private static final int COLUMNS = 4;

    static final String LEGEND = "↑ more is better, ↓ less is better; ± half of the 95 % interval over the prompts;"
        + " ▲ better and ▼ worse than the random rankings of the same prompts, by more than the 95 % interval of the"
        + " difference";

    /// How tables are set.
    public enum Form { TERMINAL, MARKDOWN }

    /// The whole report.
    public String text(Report r) {
        var s = r.summary();
        var out = new StringBuilder();
        if (form == Form.MARKDOWN) out.append("# How good the explanations are\n\n");
        out.append(model(r)).append(form == Form.MARKDOWN ? "  \n" : "\n");
        out.append(settings(r)).append('\n');
        for (var table : EvaluationTable.all(s, COLUMNS)) out.append('\n').append(set(table));
        out.append('\n').append(form == Form.TERMINAL ? wrapped(LEGEND) : LEGEND + ".\n");
        if (s.methods().size() > 1) {
            heading(out, "Agreement of the methods");
            out.append(set(EvaluationTable.agreement(s)));
        }
        heading(out, "Cost");
        out.append(set(EvaluationTable.cost(r)));
        out.append('\n').append(form == Form.MARKDOWN ? "Made with " + Origin.model(r.model()) + ".\n"
            : Origin.brief(r.model()) + "\n");
        return out.toString();
    }

    private void heading(StringBuilder out, String title) {
        out.append('\n').append(form == Form.MARKDOWN ? "### " + title + "\n\n" : title + "\n");
    }

    private String set(EvaluationTable table) {
        return form == Form.MARKDOWN ? table.markdown() : table.text();
    }

    /// `demo · llama · 200 prompts`.
    static String model(Report r) {
        var n = r.summary().prompts();
        return Wording.model(r.model()) + " · " + Visible.of(r.model().family()) + " · " + n
            + (n == 1 ? " prompt" : " prompts");
    }

    /// `draws 20, replacement 0, seed 1`.
    static String settings(Report r) {
        return r.settings().entrySet().stream().map(e -> Visible.of(e.getKey() + " " + e.getValue()))
            .collect(Collectors.joining(", "));
    }

    private static String wrapped(String text) {
        return text.replace("; ", "\n") + "\n";
    }
}
