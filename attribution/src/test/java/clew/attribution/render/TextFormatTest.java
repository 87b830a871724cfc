package clew.attribution.render;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clew.attribution.Attribution;
import clew.attribution.Contrast;
import clew.attribution.Explained;
import clew.attribution.Ledger;
import clew.attribution.Score;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TextFormatTest {
    private static final String ESCAPE = "\u001b\\[[0-9;]*m";
    private static final List<String> STORY = List.of("<s>", " Once", " upon", " a", " time", ",", " there", " was",
        " a", " li", "ttle", " girl", ".\n", "\n", "She", " 漢", "字");

    /// The heatmap: the third block of the page.
    private static String heatmap(String page) {
        return page.split("\n\n", -1)[2];
    }

    @Test
    void withoutItsEscapesAndBreaksAHeatmapIsThePrompt() {
        for (int seed = 0; seed < 20; seed++)
            for (var colours : List.of(Colours.INDEXED, Colours.TRUE)) {
                var a = Samples.of(STORY, seed);
                var map = TextHeatmap.of(a, a.scores()[0], Scale.ALL, colours, 20 + seed);
                var bare = map.replaceAll(ESCAPE, "").replace("\n  ", "").strip();
                assertEquals(Visible.of(String.join("", STORY)), bare);
            }
    }

    @Test
    void noLineOfAHeatmapIsWiderThanThePage() {
        for (var texts : List.of(STORY, Samples.HOSTILE))
            for (int width = 20; width < 130; width += 7) {
                var a = Samples.of(texts, width);
                var map = TextHeatmap.of(a, a.scores()[0], Scale.ALL, Colours.TRUE, width).replaceAll(ESCAPE, "");
                for (var line : map.split("\n")) assertTrue(Columns.of(line) <= width, line);
            }
    }

    @Test
    void aWordIsNotBrokenWhereItFitsIntoALine() {
        var a = Samples.of(List.of("<s>", " abc", " de", "fgh", "ij", " klm"), 1);
        var lines = TextHeatmap.of(a, a.scores()[0], Scale.ALL, Colours.TRUE, 14).replaceAll(ESCAPE, "");
        assertEquals("  <s> abc\n   defghij klm\n", lines);
    }

    @Test
    void hostileTextSteersNoTerminal() {
        var a = Samples.of(Samples.HOSTILE, Samples.HOSTILE, new double[Samples.HOSTILE.size()]);
        for (var colours : Colours.values()) {
            var bare = Samples.render(new TextFormat(colours, 80), a).replaceAll(ESCAPE, "");
            bare.codePoints().filter(c -> c != '\n').forEach(c -> {
                assertFalse(Character.isISOControl(c), "U+%04X".formatted(c));
                assertFalse(c >= 0x202A && c <= 0x202E || c >= 0x2066 && c <= 0x2069, "U+%04X".formatted(c));
            });
        }
    }

    @Test
    void withoutColoursThereIsNoEscape() {
        var page = Samples.render(new TextFormat(Colours.NONE, 80), Samples.of(STORY, 3));
        assertFalse(page.contains("\u001b") || page.contains("\r"));
        assertTrue(page.contains("│█"));
    }

    @Test
    void everyTokenHasItsRowWithFourDigits() {
        var a = Samples.of(List.of(" girl", "\n", ""), 1.23456, -0.000123456, 1e-9);
        var page = Samples.render(new TextFormat(Colours.NONE, 60), a);
        var rows = page.lines().filter(l -> l.contains("│")).toList();
        assertEquals(3, rows.size());
        assertTrue(rows.get(0).matches("  0  ␣girl   1\\.235 +│█+"), rows.get(0));
        assertTrue(rows.get(1).matches("  1  ↵      -0\\.0001235 +│"), rows.get(1));
        assertTrue(rows.get(2).matches("  2 +1\\.000e-09 +│"), rows.get(2));
        assertTrue(page.contains("scale ±1.235 (absmax)\n"));
    }

    @Test
    void marksStandBeforeTheirTokens() {
        var a = Samples.of(List.of("<s>", "Hi", "</s>"), 1, 2, 3);
        var marked = Samples.render(new TextFormat(Colours.NONE, 80, List.of("template", "user", "template")), a);
        assertTrue(marked.contains("  1  user      Hi"), marked);
        assertTrue(marked.contains("  2  template  </s>"), marked);
    }

    @Test
    void aLongPromptShowsItsLargestScoresInReadingOrder() {
        var scores = IntStream.range(0, 100).mapToDouble(i -> i % 3 == 0 ? i + 1 : -0.5).toArray();
        var story = Samples.of(Collections.nCopies(100, " x"), scores);
        var table = new TextTable(story, scores, new double[0], Scale.ALL, Colours.NONE, 80, List.of()).text();
        var shown = table.lines().filter(l -> l.contains("│")).map(l -> Integer.valueOf(l.strip().split(" ")[0]))
            .toList();
        assertEquals(IntStream.iterate(6, i -> i < 100, i -> i + 3).boxed().toList(), shown);
        assertTrue(table.endsWith("the 32 largest |score| of 100 tokens\n"));
    }

    @Test
    void theLedgerIsAnEquation() {
        var page = Samples.render(new TextFormat(Colours.NONE, 120), Samples.of(STORY, 1));
        var sum = "explained 8.2209 = tokens 3.2563 + positions 0 + biases 0 + softmax 4.9646 + ε 0 (closure 0)\n";
        assertTrue(page.contains(sum), page);
    }

    @Test
    void editsAreBookedWhereThereAreAny() {
        assertEquals("explained 3.0000 = tokens 1.0000 − positions 0.50000 + biases 0 + softmax 2.0000 + edits 0.50000"
            + " + ε 0 (closure 0)", Wording.ledger(new Ledger(3, 1, -0.5, 0, 2, 0.5, 0, 4)));
    }

    @Test
    void aConvergenceDeltaIsShown() {
        var a = Samples.of(STORY, 1);
        var page = Samples.render(new TextFormat(Colours.NONE, 120),
            Samples.with(a, new Attribution.Diagnostics(List.of(-1.2345e-5), List.of(), 51, 0.25), List.of("beware")));
        assertTrue(page.contains("convergence delta -1.234e-05\n"), page);
        assertTrue(page.endsWith("51 evaluations · 0.250 s\nweights abababab\n"), page);
        assertFalse(page.contains("beware"), "warnings are the program's to print");
    }

    @Test
    void aNegativeLogitUnderRelevanceSuggestsAContrast() {
        var hint = "negative logit: try --contrast mean";
        assertTrue(page("lrp", new Explained(0, 1, Score.LOGIT, new Contrast.None(), 1, -2)).contains(hint));
        assertFalse(page("lrp", new Explained(0, 1, Score.LOGIT, new Contrast.Mean(), 1, -2)).contains(hint));
        assertFalse(page("lrp", new Explained(0, 1, Score.LOGPROB, new Contrast.None(), 1, -2)).contains(hint));
        assertFalse(page("saliency", new Explained(0, 1, Score.LOGIT, new Contrast.None(), 1, -2)).contains(hint));
        var foil = new Explained(0, 1, Score.LOGIT, new Contrast.Foil(2), 1, -2);
        assertTrue(page("lrp", foil).contains("logit − logit of 2 -2"));
    }

    private static String page(String method, Explained target) {
        var a = Samples.of(List.of("x"), 1);
        return Samples.render(new TextFormat(Colours.NONE, 80), new Attribution(a.model(),
            new Attribution.Method(method, Map.of()), a.tokens(), List.of(target), Map.of(), a.scores(), null, null,
            a.diagnostics(), List.of()));
    }

    @Test
    void aScoreThatIsNoNumberIsSeenAndUncoloured() {
        var page = Samples.render(new TextFormat(Colours.TRUE, 80), Samples.of(List.of("a", "b"), Double.NaN, 2));
        assertTrue(page.contains("NaN") && page.contains("scale ±2.000"));
        assertEquals("  a", heatmap(page).substring(0, 3));
    }

    @Test
    void aTerminalSaysWhatItCanShow() {
        assertEquals(Colours.NONE, Colours.of(Map.of()));
        assertEquals(Colours.NONE, Colours.of(Map.of("TERM", "dumb")));
        assertEquals(Colours.NONE, Colours.of(Map.of("TERM", "xterm", "COLORTERM", "truecolor", "NO_COLOR", "1")));
        assertEquals(Colours.INDEXED, Colours.of(Map.of("TERM", "xterm-256color", "NO_COLOR", "")));
        assertEquals(Colours.TRUE, Colours.of(Map.of("TERM", "xterm-256color", "COLORTERM", "truecolor")));
        assertEquals(Colours.TRUE, Colours.of(Map.of("WT_SESSION", "x")));
    }

    @Test
    void wideCharactersTakeTwoColumnsAndMarksNone() {
        var columns = Map.of("a", 1, "漢字", 4, "한", 2, "e\u0301", 1, "👩‍👩‍👧‍👦", 2, "❤️", 2, "ｱ", 1, "Ａ", 2,
            "ש", 1, "🇩🇪", 2);
        columns.forEach((text, expected) -> assertEquals(expected, Columns.of(text), text));
        assertEquals("漢… ", Columns.fit("漢字字", 4));
        assertEquals("漢字", Columns.fit("漢字", 4));
        for (var s : STORY) assertEquals(9, Columns.of(Columns.fit(Visible.alone(s), 9)));
    }

    @Test
    void aPageTooNarrowIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new TextFormat(Colours.NONE, 10));
    }
}
