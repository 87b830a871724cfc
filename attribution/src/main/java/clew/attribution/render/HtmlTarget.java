package clew.attribution.render;

import clew.attribution.Attribution;
import clew.attribution.Explained;
import clew.attribution.Ledger;
import clew.model.token.Token;
import java.util.Arrays;
import java.util.stream.Collectors;

/// One target on the page: facts, heatmap, legend, ledger, and every token with its numbers.
record HtmlTarget(Attribution a, int index, Scale by, String id, Html page) {
    HtmlTarget(Attribution a, int index, Scale by, Html page) {
        this(a, index, by, "t" + index, page);
    }

    void write() {
        var t = a.targets().get(index);
        page.raw("<section id=\"" + id + "\"").attribute("aria-label", "target " + Visible.alone(a.target(index)))
            .raw(">\n");
        if (a.targets().size() > 1) page.raw("<h2>").word(a.target(index)).raw("</h2>\n");
        facts(t);
        heatmap();
        legend();
        if (!a.diagnostics().ledgers().isEmpty()) ledger(a.diagnostics().ledgers().get(index));
        Wording.hint(a, t).ifPresent(hint -> page.raw("<p class=\"small\">").text(hint).raw("</p>\n"));
        table();
        page.raw("</section>\n");
    }

    private void facts(Explained t) {
        page.raw("<p class=\"facts\">");
        fact(Wording.score(a, t), Digits.of(t.value(), 5));
        fact(t.terms().isEmpty() ? "rank" : "worst rank", Integer.toString(t.rank()));
        if (t.terms().isEmpty()) {
            fact("id", Integer.toString(t.id()));
            fact("position", Integer.toString(t.position()));
        }
        var deltas = a.diagnostics().convergenceDelta();
        if (!deltas.isEmpty()) fact("convergence delta", Digits.of(deltas.get(index), 4));
        a.diagnostics().figures().forEach((name, v) -> fact(Wording.figure(name), Digits.of(v[index], 4)));
        page.raw("</p>\n");
    }

    private void fact(String name, String value) {
        page.raw("<span>").text(name).raw(" <b class=\"n\">").text(value).raw("</b></span> ");
    }

    private double[] scores() {
        return a.scores()[index];
    }

    private double scale() {
        return by.of(a, scores());
    }

    private void heatmap() {
        page.raw("<p class=\"heat\" lang=\"\" dir=\"" + direction() + "\">");
        for (int i = 0; i < scores().length; i++) {
            var t = a.tokens().get(i);
            var step = HtmlStyle.step(Palette.share(scores()[i], scale()));
            page.raw("<span").attribute("class", t.special() ? step + " s" : step)
                .attribute("data-i", about(t, scores()[i])).raw(">").raw(shown(t)).raw("</span>");
            if (t.start() < 0) page.raw(" ");                                     // ids without a tokenizer are numbers
        }
        page.raw("</p>\n");
    }

    /// A line feed is seen and breaks the line too.
    private static String shown(Token t) {
        return Arrays.stream(t.text().split("\n", -1)).map(line -> Html.escape(Visible.of(line)))
            .collect(Collectors.joining("↵\n"));
    }

    /// Decided by the first letter that has one, special tokens aside: `<s>` is no English.
    private String direction() {
        var first = a.tokens().stream().filter(t -> !t.special()).flatMapToInt(t -> t.text().codePoints())
            .filter(c -> Visible.isRightToLeft(c)
                || Character.getDirectionality(c) == Character.DIRECTIONALITY_LEFT_TO_RIGHT).findFirst();
        return first.isPresent() && Visible.isRightToLeft(first.getAsInt()) ? "rtl" : "ltr";
    }

    private static String about(Token t, double score) {
        return "token " + t.index() + "  " + Visible.alone(t.text()) + " · score " + Digits.of(score, 4)
            + " · id " + t.id() + (t.start() < 0 ? "" : " · characters " + t.start() + "–" + t.end());
    }

    private void legend() {
        var scale = Digits.of(scale(), 4);
        page.raw("<p class=\"legend\"><span class=\"n\">−" + scale + "</span><i role=\"img\" aria-label=\"blue for −"
            + scale + ", neutral for 0, orange for +" + scale + "\"></i><span class=\"n\">+" + scale + "</span>"
            + "<span>scale: " + by.label() + "</span></p>\n");
    }

    private void ledger(Ledger l) {
        page.raw("<h3>Where the explained amount went</h3>\n<table class=\"ledger\">\n<tbody>\n");
        var entries = Wording.entries(l);
        double at = 0, low = Math.min(0, l.explained()), high = Math.max(0, l.explained());
        for (var e : entries) {
            at += e.amount();
            low = Math.min(low, at);
            high = Math.max(high, at);
        }
        var bars = new HtmlBars(low, high);
        at = 0;
        for (var e : entries) {
            amount("", e.name(), e.amount(), bars.bar(at, at + e.amount()));
            at += e.amount();
        }
        amount(" class=\"sum\"", "explained", l.explained(), bars.total(l.explained()));
        page.raw("</tbody>\n</table>\n<p class=\"small\">closure <span class=\"n\">").raw(Digits.of(l.closure(), 1))
            .raw("</span>: what the entries miss of the explained amount</p>\n");
    }

    private void amount(String attributes, String name, double amount, String bar) {
        page.raw("<tr" + attributes + "><th scope=\"row\">").text(name).raw("</th><td>")
            .raw(Digits.of(amount, 5)).raw("</td><td>").raw(bar).raw("</td></tr>\n");
    }

    private void table() {
        page.raw("<details>\n<summary>All ").text(Wording.tokens(a)).raw("</summary>\n<table class=\"all\">\n"
            + "<thead><tr><th scope=\"col\">index</th><th scope=\"col\">token</th><th scope=\"col\">id</th>"
            + "<th scope=\"col\">characters</th><th scope=\"col\">score</th>"
            + (a.diagnostics().drawn().isKnown() ? "<th scope=\"col\">± 95 %</th>" : "")
            + "<td></td></tr></thead>\n<tbody>\n");
        var negative = Arrays.stream(scores()).anyMatch(v -> v < 0);
        var bars = new HtmlBars(negative ? -scale() : 0, scale());
        var drawn = a.diagnostics().drawn();
        var halves = drawn.isKnown() ? drawn.halves()[index] : new double[0];
        for (int i = 0; i < scores().length; i++) row(i, bars, halves);
        page.raw("</tbody>\n</table>\n</details>\n");
    }

    private void row(int i, HtmlBars bars, double[] halves) {
        var t = a.tokens().get(i);
        var score = scores()[i];
        var interval = halves.length == 0 ? "" : Digits.of(halves[i], 2) + "</td><td>";
        var characters = t.start() < 0 ? "" : t.start() + "–" + t.end();
        page.raw("<tr><td>" + t.index() + "</td><td>").word(t.text()).raw("</td><td>" + t.id() + "</td><td>"
            + characters + "</td><td>" + Digits.of(score, 4) + "</td><td>" + interval
            + bars.bar(0, within(score)) + "</td></tr>\n");
    }

    /// A token that the scale leaves out has a bar as long as the scale.
    private double within(double score) {
        return Double.isFinite(score) ? Math.clamp(score, -scale(), scale()) : score;
    }
}
