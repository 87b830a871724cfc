package clew.attribution.render;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clew.attribution.Attribution;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HtmlFormatTest {
    private static final Pattern TAG = Pattern.compile("<(/?)(\\w+)((?: [\\w-]+=\"[^\"<>]*\")*)(/?)>");

    private static String page(Attribution a) {
        return Samples.render(new HtmlFormat(), a);
    }

    /// The elements in order, their attributes' names with them, their values not.
    private static List<String> elements(String page) {
        return TAG.matcher(page).results()
            .map(m -> m.group(1) + m.group(2) + m.group(3).replaceAll("\"[^\"]*\"", "")).toList();
    }

    private static String heatmap(String page) {
        var from = page.indexOf("<p class=\"heat\"");
        return page.substring(from, page.indexOf("</p>", from));
    }

    private static String unescape(String text) {
        return text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'")
            .replace("&amp;", "&");
    }

    @Test
    void hostileTextAddsNoElementAndNoAttribute() {
        var scores = IntStream.range(0, Samples.HOSTILE.size()).mapToDouble(i -> i + 1).toArray();
        var plain = Collections.nCopies(scores.length, "x");
        var benign = page(Samples.of(plain, plain, scores));
        var hostile = page(Samples.of(Samples.HOSTILE, Samples.HOSTILE, scores));
        assertEquals(elements(benign), elements(hostile));
        var bare = TAG.matcher(hostile.substring(hostile.indexOf("</style>"))).replaceAll("");
        assertFalse(bare.contains("<") || bare.contains("\"") || bare.contains("'"), "markup that no tag explains");
    }

    @Test
    void hostileTextIsMadeVisible() {
        page(Samples.of(Samples.HOSTILE, Samples.HOSTILE, new double[Samples.HOSTILE.size()])).codePoints()
            .filter(c -> c != '\n').forEach(c -> {
                assertFalse(Character.isISOControl(c), "U+%04X".formatted(c));
                assertFalse(c >= 0x202A && c <= 0x202E || c >= 0x2066 && c <= 0x2069, "U+%04X".formatted(c));
            });
    }

    @Test
    void everyElementIsClosed() {
        var open = new ArrayDeque<String>();
        var page = page(Samples.of(List.of("a", "\n", "b"), 1, -2, Double.NaN));
        for (var tag : TAG.matcher(page).results().toList()) {
            if (!tag.group(1).isEmpty()) assertEquals(open.pop(), tag.group(2));
            else if (tag.group(4).isEmpty() && !tag.group(2).equals("meta")) open.push(tag.group(2));
        }
        assertTrue(open.isEmpty(), open.toString());
    }

    @Test
    void thePageAsksForNothing() {
        var page = page(Samples.of(List.of("a", "b"), List.of("x", "y"), 1, 2));
        for (var word : List.of("<script", "http:", "https:", "//", "url(", "@import", "src=", "<link", "style=\""))
            assertFalse(page.contains(word), word);
        assertTrue(page.contains("default-src 'none'"));
    }

    @Test
    void theHeatmapReadsAsThePrompt() {
        var texts = List.of("<s>", " Once", " upon\n", "\n", "a \"b\" & <c>", "漢字", "e", "\u0301");
        var heat = TAG.matcher(heatmap(page(Samples.of(texts, 1)))).replaceAll("");
        assertEquals(Visible.of(String.join("", texts)), unescape(heat).replace("↵\n", "↵"));
    }

    @Test
    void everyTokenSaysItsNumbers() {
        var heat = heatmap(page(Samples.of(List.of("a", " girl"), -0.5, 1.23456)));
        var about = "token 1  ␣girl · score 1.235 · id 101 · characters 1–6";
        assertTrue(heat.contains("<span class=\"p20\" data-i=\"" + about + "\"> girl</span>"), heat);
        assertTrue(heat.contains("<span class=\"n8\""), heat);
    }

    @Test
    void aPageOfTwoHundredTokensIsSmall() {
        var page = page(Samples.of(Collections.nCopies(200, " internationalization"), 5));
        var bytes = page.getBytes(StandardCharsets.UTF_8).length;
        assertTrue(bytes < 100_000, bytes + " bytes");
    }

    @Test
    void rightToLeftPromptsRunRightToLeft() {
        assertTrue(page(Samples.of(List.of("שלום", " abc"), 1)).contains("dir=\"rtl\""));
        assertTrue(page(Samples.of(List.of("12", " مرحبا"), 1)).contains("dir=\"rtl\""));
        assertTrue(page(Samples.of(List.of("12", " abc", "שלום"), 1)).contains("dir=\"ltr\""));
        assertTrue(page(Samples.of(List.of("12"), 1)).contains("dir=\"ltr\""));
    }

    @Test
    void theFolderIsNamedWithoutItsPath() {
        var page = page(Samples.of(List.of("a"), 1));
        assertTrue(page.contains("tiny &quot;&lt;b&gt;"));
        assertFalse(page.contains("models/"));
    }

    @Test
    void aLedgerIsAWaterfall() {
        var page = page(Samples.of(List.of("a"), 1));
        var softmax = "<svg aria-hidden=\"true\"><rect class=\"up\" x=\"39.61%\" width=\"60.39%\"/>";
        assertTrue(page.contains("4.9646</td><td>" + softmax));
    }

    @Test
    void warningsAndDeltasAreShown() {
        var d = new Attribution.Diagnostics(List.of(-0.25), List.of(), 51, 0.1);
        var page = page(Samples.with(Samples.of(List.of("a"), 1), d, List.of("zero <is> singular")));
        assertTrue(page.contains("<li>zero &lt;is&gt; singular</li>"));
        assertTrue(page.contains("convergence delta <b class=\"n\">-0.2500</b>"));
        assertFalse(page.contains("class=\"ledger\""));
    }

    @Test
    void aResultRendersItself() {
        var a = Samples.of(List.of("a", "b"), 1, -1);
        assertEquals(page(a), a.toHtml());
        assertEquals(Samples.render(new TextFormat(Colours.TRUE, 100), a), a.toAnsi());
    }
}
