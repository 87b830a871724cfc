package clew.attribution.render;

import clew.attribution.Attribution;
import clew.attribution.Contrast;
import clew.attribution.Explained;
import clew.attribution.Ledger;
import clew.attribution.Score;
import clew.model.token.Token;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Explanations that no model made.
final class Samples {
    /// What a hostile or unlucky prompt may hold.
    static final List<String> HOSTILE = List.of(
        "</script><script>alert(1)</script>", "<img src=x onerror=alert(1)>", "\"", "'", "&amp;", "a,b", "a\nb",
        "a\r\nb", "\t", "\u001b[31mred", "\u009b31m", "\u0000", "\u0007", "\u007f", "\u202Egnp.exe", "\u2066", "\u200B",
        "\uFEFF", "\u2028", "\uD83D", "\uDE00", "e\u0301", "\u0301", "漢字", "한국어", "👩‍👩‍👧‍👦", "❤️", "שלום", "مرحبا",
        "می‌خواهم", "\\", "`${x}`", "{{x}}", "%s", "=1+1", "", " ", "\u00AD", "\uDB40\uDC41", "\uFFFD",
        "x".repeat(300));

    private Samples() {}

    /// Tokens of these texts, scored by a normal distribution from the seed.
    static Attribution of(List<String> texts, long seed) {
        var random = new Random(seed);
        return of(texts, random.doubles(texts.size(), -3, 3).toArray());
    }

    static Attribution of(List<String> texts, double... scores) {
        return of(texts, List.of("␣ball"), scores);
    }

    /// One target per text of `says`, with the same scores each.
    static Attribution of(List<String> texts, List<String> says, double... scores) {
        var targets = IntStream.range(0, says.size()).mapToObj(i ->
            new Explained(texts.size() - 1, 1000 + i, Score.LOGIT, new Contrast.None(), i + 1, 8.2209)).toList();
        var names = new HashMap<Integer, String>();
        for (int i = 0; i < says.size(); i++) names.put(1000 + i, says.get(i));
        var rows = Stream.generate(scores::clone).limit(says.size()).toArray(double[][]::new);
        var ledger = new Ledger(8.2209, 3.2563, 0, 0, 4.9646, 0, 0, 10);
        var model = new Attribution.Model(Path.of("models/tiny \"<b>"), "llama", "ab".repeat(32));
        var method = new Attribution.Method("lrp", Map.of("rules", "attnlrp", "aggregate", "sum"));
        var d = new Attribution.Diagnostics(List.of(), targets.stream().map(_ -> ledger).toList(), 1, 0.25);
        return new Attribution(model, method, tokens(texts), targets, names, rows, null, null, d, List.of());
    }

    static List<Token> tokens(List<String> texts) {
        var tokens = new ArrayList<Token>();
        for (int i = 0, at = 0; i < texts.size(); i++) {
            var end = at + texts.get(i).codePointCount(0, texts.get(i).length());
            tokens.add(new Token(i, 100 + i, texts.get(i), texts.get(i), at, end, false));
            at = end;
        }
        return tokens;
    }

    static Attribution with(Attribution a, Attribution.Diagnostics d, List<String> warnings) {
        return new Attribution(a.model(), a.method(), a.tokens(), a.targets(), a.texts(), a.scores(), a.features(),
            a.map(), d, warnings);
    }

    static String render(Renderer renderer, Attribution a) {
        var out = new ByteArrayOutputStream();
        try {
            renderer.write(a, out);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return out.toString(StandardCharsets.UTF_8);
    }
}
