package clew.attribution.render;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clew.attribution.Attribution;
import clew.attribution.evaluation.Band;
import clew.attribution.evaluation.Curve;
import clew.attribution.render.Picture.Area;
import clew.attribution.render.Picture.Box;
import clew.attribution.render.Picture.Line;
import clew.attribution.render.Picture.Words;
import clew.model.token.Token;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Pictures of explanations.
final class PicturesTest {
    private static final Pictures ALL = new Pictures(Scale.ALL);
    private static final Pattern TAG =
        Pattern.compile("<(/?)(svg|title|metadata|rect|polyline|polygon|text)(?: [a-zA-Z:-]+=\"[^\"<>]*\")*(/?)>");

    private static List<Box> boxes(Picture p) {
        return p.shapes().stream().filter(Box.class::isInstance).map(Box.class::cast).toList();
    }

    private static List<String> words(Picture p) {
        return p.shapes().stream().filter(Words.class::isInstance).map(s -> ((Words) s).text()).toList();
    }

    /// A well-formed document: tags of five names with quoted attributes, closed in order, and between them nothing
    /// that XML forbids.
    private static void isXml(Picture p) {
        var open = new ArrayDeque<String>();
        var tags = TAG.matcher(p.svg());
        var between = new StringBuilder();
        while (tags.find()) {
            tags.appendReplacement(between, "");
            if (tags.group(1).equals("/")) assertEquals(open.pop(), tags.group(2));
            else if (!tags.group(3).equals("/")) open.push(tags.group(2));
        }
        tags.appendTail(between);
        assertTrue(open.isEmpty(), open.toString());
        var text = between.toString().replaceAll("&(amp|lt|gt|quot|#39);", "");
        assertFalse(text.contains("<") || text.contains(">") || text.contains("&"), text);
        assertTrue(p.svg().codePoints().allMatch(c -> c == '\n' || c >= 0x20
            && Character.getType(c) != Character.SURROGATE
            && c != 0xFFFE && c != 0xFFFF));
    }

    @Test
    void whateverStandsInAPromptEveryPictureIsXml() {
        var a = Samples.of(Samples.HOSTILE, 3);
        var mapped = mapped(a);
        var methods = new LinkedHashMap<String, Attribution>();
        methods.put("lrp <b>", a);
        methods.put("\u001b[31m", Samples.of(Samples.HOSTILE, 4));
        for (var p : List.of(ALL.heatmap(a, 0), ALL.bars(a, 0), ALL.matrix(mapped), ALL.panels(methods, 0),
            ALL.combined(methods, 0))) isXml(p);
    }

    @Test
    void everyPictureOfAnExplanationSaysWhatItWasMadeWith() {
        var a = mapped(Samples.of(List.of("a", "b"), 1, -2));
        var methods = new LinkedHashMap<String, Attribution>();
        methods.put("one", a);
        methods.put("two", a);
        var made = "(aggregate sum, rules attnlrp) · model tiny \"<b> · weights " + "ab".repeat(32);
        for (var p : List.of(ALL.heatmap(a, 0), ALL.bars(a, 0), ALL.matrix(a))) assertEquals("lrp " + made, p.made());
        for (var p : List.of(ALL.panels(methods, 0), ALL.combined(methods, 0)))
            assertEquals("one (aggregate sum, rules attnlrp); two " + made, p.made());
        assertTrue(ALL.bars(a, 0).svg().contains("</title>\n<metadata>lrp (aggregate sum, rules attnlrp) · model tiny"
            + " &quot;&lt;b&gt; · weights ab"), ALL.bars(a, 0).svg());
    }

    private static Attribution mapped(Attribution a) {
        var T = a.tokens().size();
        var map = IntStream.range(0, T * T).mapToDouble(i -> i % T <= i / T ? 1.0 / (1 + i / T) : 0).toArray();
        return new Attribution(a.model(), a.method(), a.tokens(), a.targets(), a.texts(), a.scores(), null, map,
            a.diagnostics(), a.warnings());
    }

    @Test
    void aTokensColourIsItsShareOfTheScale() {
        var p = ALL.heatmap(Samples.of(List.of("a", "b", "c"), 4, -2, 0), 0);
        var told = boxes(p).stream().filter(b -> !b.about().isEmpty()).toList();
        assertEquals(List.of(Palette.LIGHT.at(1), Palette.LIGHT.at(-0.5), Palette.LIGHT.at(0)),
            told.stream().map(Box::fill).toList());
        assertTrue(words(p).containsAll(List.of("−4.000", "0", "+4.000")), words(p).toString());
    }

    /// Wide characters take two columns and tokens touch, so that the next begins where one ends.
    @Test
    void wideCharactersHaveTwiceTheRoom() {
        var told = boxes(ALL.heatmap(Samples.of(List.of("ab", "漢字", "👩‍👩‍👧‍👦", "x"), 1, 1, 1, 1), 0)).stream()
            .filter(b -> !b.about().isEmpty()).toList();
        var column = told.get(3).width();
        assertEquals(List.of(2L, 4L, 2L, 1L), told.stream().map(b -> Math.round(b.width() / column)).toList());
        for (int i = 1; i < 4; i++) assertEquals(told.get(i - 1).x() + told.get(i - 1).width(), told.get(i).x(), 1e-9);
    }

    @Test
    void nothingLeavesThePaper() {
        var words = IntStream.range(0, 300).mapToObj(i -> " word" + i).toList();
        var long1 = new ArrayList<>(words);
        long1.add("x".repeat(500));
        var p = ALL.heatmap(Samples.of(long1, 5), 0);
        for (var b : boxes(p))
            assertTrue(b.x() + b.width() <= p.width() && b.y() + b.height() <= p.height(), b.toString());
    }

    @Test
    void barsGoFromTheAxisByTheirSign() {
        var p = ALL.bars(Samples.of(List.of("a", "b", "c"), 4, -2, 0), 0);
        var told = boxes(p);
        var axis = p.shapes().stream().filter(Line.class::isInstance).map(Line.class::cast).findFirst().orElseThrow()
            .points().getFirst();
        assertEquals(axis, told.get(0).x(), 1e-9);
        assertEquals(axis, told.get(1).x() + told.get(1).width(), 1e-9);
        assertEquals(told.get(0).width(), 2 * told.get(1).width(), 1e-9);
        assertEquals(0, told.get(2).width(), 1e-9);
    }

    @Test
    void aMatrixHasACellForEveryTwoTokensAndOnlyMapsHaveOne() {
        var a = Samples.of(List.of("a", "b", "c"), 1, 2, 3);
        assertEquals(9, boxes(ALL.matrix(mapped(a))).stream().filter(b -> !b.about().isEmpty()).count());
        var refused = assertThrows(IllegalArgumentException.class, () -> ALL.matrix(a));
        assertEquals("lrp has no matrix of tokens by tokens; take another picture, several targets, or --method"
            + " attention",
            refused.getMessage());
    }

    @Test
    void severalTargetsHaveARowEach() {
        var two = Samples.of(List.of("a", "b", "c"), List.of("x", "y"), 1, -2, 4);
        var cells = boxes(ALL.matrix(two)).stream().filter(b -> !b.about().isEmpty()).toList();
        assertEquals(6, cells.size());
        assertEquals("y ← b -2.000", cells.get(4).about());
        assertEquals(Palette.LIGHT.at(-0.5), cells.get(4).fill());
    }

    @Test
    void theCombinedHeatmapWritesSharesAndTheirMean() {
        var methods = new LinkedHashMap<String, Attribution>();
        methods.put("one", Samples.of(List.of("a", "b"), 4, -1));
        methods.put("two", Samples.of(List.of("a", "b"), 0.5, 0.5));
        var texts = words(ALL.combined(methods, 0));
        assertTrue(texts.containsAll(List.of("1.00", "-0.25", "0.38", "mean", "one", "two")), texts.toString());
    }

    @Test
    void curvesRunFromTheLeftToTheRight() {
        var curve = new Curve(new double[] {0, 0.5, 1}, new double[] {3, 1, -1}, new double[] {1, 0.5, 0});
        var methods = new LinkedHashMap<String, List<Curve>>();
        methods.put("lrp", List.of(curve, curve));
        var chance = new Band(20, curve.shares(), new double[] {3, 0, -1}, new double[] {3, -5, -1},
            new double[] {3, 2, -1});
        var picture = Pictures.curves(methods, chance);
        isXml(picture);
        var lines = picture.shapes().stream().filter(Line.class::isInstance).map(Line.class::cast)
            .filter(l -> l.points().size() == 6).toList();
        assertEquals(3, lines.size(), "chance and two of the method");
        var p = lines.get(1).points();
        assertTrue(p.get(0) < p.get(2) && p.get(2) < p.get(4) && p.get(1) < p.get(3) && p.get(3) < p.get(5));
        assertEquals(p.get(3) - p.get(1), p.get(5) - p.get(3), 1e-9);
        var band = picture.shapes().stream().filter(Area.class::isInstance).map(Area.class::cast).findFirst()
            .orElseThrow().points();
        assertEquals(12, band.size(), "there and back");
        assertEquals(List.of(p.get(0), p.get(1)), List.of(band.get(10), band.get(11)), "both end where they began");
        assertTrue(band.get(3) < lines.get(0).points().get(3) && lines.get(0).points().get(3) < band.get(9));
        assertEquals(64 + 330, band.get(9), 1e-9, "the lowest there is");
        assertTrue(words(picture).contains("grey: the mean and the middle 95 % of 20 random orders"));
    }

    @Test
    void theFirstTokenCanBeLeftOutOfTheScale() {
        var a = Samples.of(List.of("<s>", "a", "b"), 100, -2, 1);
        var first = new Token(0, 1, "<s>", "<s>", 0, 0, true);
        var special = new Attribution(a.model(), a.method(), List.of(first, a.tokens().get(1), a.tokens().get(2)),
            a.targets(), a.texts(), a.scores(), null, null, a.diagnostics(), a.warnings());
        assertEquals(100, Scale.ALL.of(special, special.scores()[0]));
        assertEquals(2, Scale.WITHOUT_BOS.of(special, special.scores()[0]));
        assertEquals(100, Scale.WITHOUT_BOS.of(a, a.scores()[0]), "an ordinary first token counts");
        var text = new TextFormat(Colours.NONE, 80, List.of(), Scale.WITHOUT_BOS).text(special);
        assertTrue(text.contains("scale ±2.000 (absmax without the first token)"), text);
        var bars = text.lines().filter(l -> l.contains("│")).map(l -> l.chars().filter(c -> c == '█').count()).toList();
        assertEquals(bars.get(0), bars.get(1), "cut off at the end of the scale");
        var page = new HtmlFormat(Scale.WITHOUT_BOS).text(special);
        assertTrue(page.contains("absmax without the first token") && page.contains("class=\"p20 s\""), page);
        assertFalse(page.contains("class=\"p1000"), "beyond the end there is no colour");
        var map = new double[] {1, 0, 0, 0.75, 0.25, 0, 0.5, 0.375, 0.125};
        var mapped = new Attribution(a.model(), a.method(), special.tokens(), a.targets(), a.texts(), a.scores(), null,
            map, a.diagnostics(), a.warnings());
        var legend = words(new Pictures(Scale.WITHOUT_BOS).matrix(mapped));
        assertTrue(legend.containsAll(List.of("+0.3750", "absmax without the first token")), legend.toString());
    }

    @Test
    void aPictureTooLargeIsRefused() {
        var many = IntStream.range(0, 600).mapToObj(i -> "t").toList();
        var refused = assertThrows(IllegalArgumentException.class, () -> ALL.matrix(mapped(Samples.of(many, 1))));
        assertTrue(refused.getMessage().contains("more than 12000 to a side; explain a shorter prompt"),
            refused.getMessage());
    }
}
