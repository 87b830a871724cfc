package clew.attribution.render;

import clew.attribution.Attribution;
import clew.attribution.Contrast;
import clew.attribution.Explained;
import clew.attribution.Provenance;
import clew.attribution.Score;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// One web page that needs nothing else: no script, no font, no address; a policy in its head forbids them all.
///
/// Light and dark as the reader's system says. Colours show `score / max |score|` of their target, in 20 steps to
/// either side; the numbers are in a table and under the pointer. The model's folder is named without its path.
///
/// @param scale what the colours and bars are scaled by
public record HtmlFormat(Scale scale) implements Renderer {
    static final String HEAD = """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width,initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
        """;

    /// Scaled by all tokens.
    public HtmlFormat() {
        this(Scale.ALL);
    }

    @Override
    public void write(Attribution a, OutputStream out) throws IOException {
        out.write(text(a).getBytes(StandardCharsets.UTF_8));
    }

    /// The same as a string.
    public String text(Attribution a) {
        var page = new Html().raw(HEAD).raw("<title>").text(a.method().name() + " · " + Wording.model(a))
            .raw("</title>\n<style>\n").raw(HtmlStyle.sheet()).raw("</style>\n</head>\n<body>\n<main>\n");
        header(page, a);
        warnings(page, a);
        if (a.sequence() != null && a.targets().size() > 1) new HtmlSequence(a, scale, page).write();
        for (int i = 0; i < a.targets().size(); i++) new HtmlTarget(a, i, scale, page).write();
        provenance(page, a);
        return page.raw("</main>\n</body>\n</html>\n").toString();
    }

    private static void header(Html page, Attribution a) {
        page.raw("<header>\n<h1>");
        headline(page, a);
        page.raw("</h1>\n<p class=\"under\">").text(a.method().name()).raw(" · ").text(Wording.model(a)).raw(" · ")
            .text(Wording.tokens(a)).raw("</p>\n");
        if (a.targets().size() > 1) {
            page.raw("<nav aria-label=\"Targets\">");
            for (int i = 0; i < a.targets().size(); i++)
                page.raw("<a href=\"#t" + i + "\">").word(a.target(i)).raw("</a>");
            page.raw("</nav>\n");
        }
        page.raw("</header>\n");
    }

    private static void headline(Html page, Attribution a) {
        var sequence = a.sequence();
        if (sequence != null && a.targets().size() > 1) {
            page.raw("What led to ").word(sequence.text());
            return;
        }
        if (a.targets().size() != 1) {
            page.raw("What led to these " + a.targets().size() + " tokens");
            return;
        }
        Explained t = a.targets().getFirst();
        if (t.score() == Score.ENTROPY) page.raw("What made the next token uncertain");
        else if (t.score() == Score.KL) page.raw("What moves the prediction of the next token");
        else page.raw("What led to ").word(a.target(0));
        if (t.contrast() instanceof Contrast.Foil(int foil)) page.raw(" rather than ").word(a.text(foil));
    }

    private static void warnings(Html page, Attribution a) {
        if (a.warnings().isEmpty()) return;
        page.raw("<aside class=\"note\" aria-label=\"Warnings\">\n<ul>\n");
        a.warnings().forEach(w -> page.raw("<li>").text(w).raw("</li>\n"));
        page.raw("</ul>\n</aside>\n");
    }

    private static void provenance(Html page, Attribution a) {
        page.raw("<footer class=\"from\">\n<dl>\n");
        entry(page, "model", Wording.model(a));
        entry(page, "family", a.model().family());
        entry(page, "fingerprint", a.model().fingerprint());
        from(page, a.model().provenance());
        entry(page, "method", a.method().name());
        a.method().parameters().forEach((name, value) -> entry(page, name, String.valueOf(value)));
        entry(page, "cost", Wording.cost(a));
        page.raw("</dl>\n</footer>\n");
    }

    static void from(Html page, @Nullable Provenance from) {
        if (from == null) return;
        if (from.tokenizer() != null) entry(page, "tokenizer", from.tokenizer());
        entry(page, "made with", "clew " + from.clew() + ", Java " + from.java() + ", " + from.device() + ", "
            + from.dtype());
    }

    static void entry(Html page, String name, String value) {
        page.raw("<dt>").text(name).raw("</dt><dd class=\"n\">").text(value).raw("</dd>\n");
    }
}
