package clew.attribution.render;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clew.attribution.Attribution;
import clew.attribution.Contrast;
import clew.attribution.Explained;
import clew.attribution.Score;
import clew.model.token.Token;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// A continuation in the formats for readers: the sum over its tokens, and the matrix.
final class SequenceFormatsTest {
    /// Row n gives 1, 2, … hundredths to the prompt and nothing but −0.5 to the token before it.
    private static Attribution of(List<String> prompt, List<String> said) {
        int T = prompt.size(), N = said.size();
        var base = Samples.of(prompt, new double[T]);
        var targets = IntStream.range(0, N).mapToObj(n ->
            new Explained(T - 1 + n, 1000 + n, Score.LOGPROB, new Contrast.None(), n + 1, -0.5 * (n + 1))).toList();
        var tokens = IntStream.range(0, N).mapToObj(n ->
            new Token(T + n, 1000 + n, said.get(n), said.get(n), -1, -1, false)).toList();
        double[][] scores = new double[N][T], earlier = new double[N][];
        var sum = new double[T];
        for (int n = 0; n < N; n++) {
            earlier[n] = new double[n];
            if (n > 0) earlier[n][n - 1] = -0.5;
            for (int t = 0; t < T; t++) {
                scores[n][t] = (n + 1) * (t + 1) / 100.0;
                sum[t] += scores[n][t];
            }
        }
        var d = new Attribution.Diagnostics(List.of(), List.of(), 1, 0.25);
        return new Attribution(base.model(), new Attribution.Method("lrp", Map.of()), base.tokens(), targets, Map.of(),
            scores, null, new double[0][], null, d, List.of(),
            new Attribution.Sequence(tokens, String.join("", said), sum, earlier));
    }

    @Test
    void theFirstTokenCanBeLeftOutOfTheMatrixScale() {
        var a = of(List.of("<s>", " cat"), List.of(" on", "."));
        var first = new Token(0, 1, "<s>", "<s>", 0, 0, true);
        a.scores()[0][0] = -123;
        var special = new Attribution(a.model(), a.method(), List.of(first, a.tokens().get(1)), a.targets(), Map.of(),
            a.scores(), null, new double[0][], null, a.diagnostics(), List.of(), a.sequence());
        var text = new TextFormat(Colours.NONE, 80, List.of(), Scale.WITHOUT_BOS).text(special);
        assertTrue(text.contains("in hundredths of 0.5000 (absmax without the first token)"), text);
        assertTrue(text.contains("  0  <s>     ≪    4\n"), text);
        var page = new HtmlFormat(Scale.WITHOUT_BOS).text(special);
        assertTrue(page.contains("+0.5000</span><span>one scale for all rows: absmax without the first token"), page);
    }

    @Test
    void textIsTheSumAndTheMatrix() {
        assertEquals("""
            tiny "<b> · llama · 3 tokens
            lrp

            continuation ␣on. (2 tokens, worst rank 2): logprob -1.5000

              0  The   0.03000  │██████▌
              1  ␣cat  0.06000  │█████████████▌
              2  ␣sat  0.09000  │████████████████████

            scale ±0.09000 (absmax)

              3  ␣on  logprob -0.5000, rank 1
              4  .    logprob -1.000, rank 2, of earlier ones -0.500

            what led to each of them, in hundredths of 0.5000

                         3    4
              0  The     2    4
              1  ␣cat    4    8
              2  ␣sat    6   12
              3  ␣on       -100

            1 evaluation · 0.250 s
            weights abababab
            """, Samples.render(new TextFormat(Colours.NONE, 80),
            of(List.of("The", " cat", " sat"), List.of(" on", "."))));
    }

    /// Columns that do not fit stand below; of a long prompt the rows of the largest scores.
    @Test
    void aWideMatrixIsCutAndALongOneShortened() {
        var wide = of(List.of("a", "b"), IntStream.range(0, 40).mapToObj(n -> "w" + n).toList());
        var lines = Samples.render(new TextFormat(Colours.NONE, 60), wide).lines().toList();
        assertTrue(lines.stream().allMatch(l -> Columns.of(l) <= 60), "no line is wider than the page");
        assertEquals(4, lines.stream().filter(l -> l.matches(" +\\d+( +\\d+)+")).count(), "blocks of ten columns");
        var deep = of(IntStream.range(0, 100).mapToObj(n -> "t" + n).toList(), List.of("x", "y"));
        assertTrue(Samples.render(new TextFormat(Colours.NONE, 80), deep)
            .contains("the 32 rows of the largest |score| of 101"));
    }

    @Test
    void theSumIsOneTarget() {
        var a = of(List.of("The", " cat"), List.of(" on", "."));
        var sum = a.summed();
        assertEquals(1, sum.targets().size());
        assertEquals(-1.5, sum.targets().getFirst().value());
        assertEquals(" on.", sum.target(0));
        assertEquals(List.of(0.03, 0.06), List.of(sum.scores()[0][0], sum.scores()[0][1]));
        assertSame(sum, sum.summed());
        assertTrue(Samples.render(JsonFormat.compact(), sum).contains("\"continuationScores\":[[-0.5]]"));
    }

    /// No text of prompt or continuation is markup.
    @Test
    void hostileTextsStayText() {
        var page = new HtmlFormat().text(of(Samples.HOSTILE, Samples.HOSTILE));
        assertFalse(page.contains("<script") || page.contains("<img"));
        assertTrue(page.contains("Token by token"));
        assertFalse(page.chars().anyMatch(c -> c < 0x20 && c != '\n'));
        var picture = new Pictures(Scale.ALL).matrix(of(Samples.HOSTILE, Samples.HOSTILE)).svg();
        assertFalse(picture.contains("<script") || picture.contains("<img"));
        var text = Samples.render(new TextFormat(Colours.NONE, 100), of(Samples.HOSTILE, Samples.HOSTILE));
        assertFalse(text.chars().anyMatch(c -> c < 0x20 && c != '\n' || c >= 0x7f && c < 0xa0));
    }

    @Test
    void whatARowDidNotSeeStaysWhite() {
        var a = of(List.of("The", " cat"), List.of(" on", ".", "!"));
        var boxes = new Pictures(Scale.ALL).matrix(a).shapes().stream().filter(s -> s instanceof Picture.Box b
            && b.about().contains("←")).map(Picture.Box.class::cast).toList();
        assertEquals(3 * 4, boxes.size());
        var white = new Rgb(255, 255, 255);
        assertEquals(3, boxes.stream().filter(b -> b.fill().equals(white)).count(),
            "two of the first row, one of the next");
        var message = assertThrows(IllegalArgumentException.class, () -> new Pictures(Scale.ALL).matrix(a.summed()))
            .getMessage();
        assertTrue(message.startsWith("a sum has no matrix"));
    }
}
