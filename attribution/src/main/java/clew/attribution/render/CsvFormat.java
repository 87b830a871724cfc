package clew.attribution.render;

import clew.attribution.Attribution;
import clew.attribution.Explained;
import clew.model.token.Token;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/// One line per target and token, of a continuation also for its own tokens before the target, quoted as RFC 4180 asks,
/// in UTF-8, with a header; lines end with `\n` alone.
///
/// Where a method draws, a score has its standard error and its 95 % interval behind it, empty for a continuation's own
/// tokens. The last column says what all was made with, the same in every line, so that it stays with lines that are
/// picked out or put together with others. Scores read back as the same doubles; one that is not finite is an empty
/// field, as are offsets without a tokenizer. Text is written as it is: a spreadsheet may take a token that begins with
/// `=`, `+`, `-` or `@` for a formula, so import the text columns as text.
public record CsvFormat() implements Renderer {
    static final String COLUMNS =
        "target_index,target_id,target_text,position,token_index,token_id,token_text,start,end,score";
    private static final String DRAWN = ",standard_error,interval_low,interval_high", ORIGIN = ",made_with\n";

    @Override
    public void write(Attribution a, OutputStream out) throws IOException {
        var drawn = a.diagnostics().drawn();
        var intervals = drawn.intervals(a.scores());
        var csv = new StringBuilder(COLUMNS).append(drawn.isKnown() ? DRAWN : "").append(ORIGIN);
        var origin = "," + quoted(Origin.of(a)) + "\n";
        for (int i = 0; i < a.targets().size(); i++) {
            for (int t = 0; t < a.tokens().size(); t++) {
                line(csv, target(a, i), a.tokens().get(t), a.scores()[i][t]);
                if (drawn.isKnown()) numbers(csv, drawn.errors()[i][t], intervals[i][t][0], intervals[i][t][1]);
                csv.append(origin);
            }
            var s = a.sequence();
            if (s == null) continue;
            for (int n = 0; n < s.earlier()[i].length; n++) {
                line(csv, target(a, i), s.tokens().get(n), s.earlier()[i][n]);
                csv.append(drawn.isKnown() ? ",,," : "").append(origin);
            }
        }
        out.write(csv.toString().getBytes(StandardCharsets.UTF_8));
    }

    static String target(Attribution a, int i) {
        Explained t = a.targets().get(i);
        return i + "," + t.id() + "," + quoted(a.target(i)) + "," + t.position();
    }

    private static void line(StringBuilder csv, String target, Token t, double score) {
        csv.append(target).append(',').append(t.index()).append(',').append(t.id()).append(',').append(quoted(t.text()))
            .append(',').append(offset(t.start())).append(',').append(offset(t.end()))
            .append(',').append(number(score));
    }

    private static void numbers(StringBuilder csv, double... values) {
        for (double v : values) csv.append(',').append(number(v));
    }

    static String number(double v) {
        return Double.isFinite(v) ? Double.toString(v) : "";
    }

    private static String offset(int at) {
        return at < 0 ? "" : Integer.toString(at);
    }

    static String quoted(String raw) {
        var text = Visible.wellFormed(raw);
        var plain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
    }
}
