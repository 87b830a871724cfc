package clew.attribution.render;

import clew.attribution.Attribution;
import clew.model.token.Token;
import java.util.Objects;

/// A continuation on the page: the sum over its tokens as a target is shown, then a row of colours for each of them.
record HtmlSequence(Attribution a, Scale by, Html page) {
    void write() {
        new HtmlTarget(a.summed(), 0, by, "sum", page).write();
        matrix(Objects.requireNonNull(a.sequence()));
    }

    private void matrix(Attribution.Sequence s) {
        var scale = by.of(a, s);
        page.raw("<section id=\"matrix\" aria-label=\"token by token\">\n<h2>Token by token</h2>\n"
            + "<div class=\"wide\"><table class=\"matrix heat\">\n<thead><tr><td></td>");
        for (var t : a.tokens()) head(t);
        s.tokens().stream().limit(s.tokens().size() - 1).forEach(this::head);
        page.raw("</tr></thead>\n<tbody>\n");
        for (int n = 0; n < s.tokens().size(); n++) {
            page.raw("<tr><th scope=\"row\"><a href=\"#t" + n + "\">").word(s.tokens().get(n).text()).raw("</a></th>");
            for (int t = 0; t < a.tokens().size(); t++)
                cell(s.tokens().get(n), a.tokens().get(t), a.scores()[n][t], scale);
            for (int m = 0; m < n; m++) cell(s.tokens().get(n), s.tokens().get(m), s.earlier()[n][m], scale);
            page.raw("</tr>\n");
        }
        page.raw("</tbody>\n</table></div>\n<p class=\"legend\"><span class=\"n\">−" + Digits.of(scale, 4)
            + "</span><i role=\"img\" aria-label=\"blue for negative, neutral for 0, orange for positive\"></i>"
            + "<span class=\"n\">+" + Digits.of(scale, 4)
            + "</span><span>one scale for all rows: " + by.label() + "</span></p>\n</section>\n");
    }

    private void head(Token t) {
        page.raw("<th scope=\"col\"><span>").text(Visible.alone(t.text())).raw("</span></th>");
    }

    private void cell(Token said, Token read, double score, double scale) {
        page.raw("<td").attribute("class", HtmlStyle.step(Palette.share(score, scale))).attribute("title",
            Visible.alone(said.text()) + " ← " + read.index() + " " + Visible.alone(read.text()) + " "
                + Digits.of(score, 4)).raw("></td>");
    }
}
