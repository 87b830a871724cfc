package clew.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Characters of which the model has nothing but the bytes.
class CharactersTest {
    private static final Path model = Tiny.model();

    private static JsonNode json(Object... more) {
        var args = new ArrayList<Object>(List.of("explain", "--model", model, "--format", "json"));
        args.addAll(List.of(more));
        return Cli.run(args.toArray()).object();
    }

    @Test
    void mergedBytesAreTheirCharacters() {
        var words = json("中国 😀 é", "--group", "word").get("tokens");
        assertEquals(List.of("<s>", " ", "中国", " ", "😀", " ", "é"),
            words.valueStream().map(t -> t.get("text").stringValue()).toList());
        assertEquals("中国", json("中国", "--merge", "2-7").at("/tokens/2/text").stringValue());
        assertEquals("\uFFFD\uFFFD", json("中国", "--merge", "2-3").at("/tokens/2/text").stringValue());
        assertEquals("中", json("{x} a", "--slot", "x=中").at("/tokens/0/text").stringValue().strip());
        var sum = json("a", "--continuation", " é", "--continuation-sum");
        assertEquals(" é", sum.at("/targets/0/text").stringValue());
        for (var format : List.of("text", "html", "svg", "csv")) {
            var out = Cli.run("explain", "--model", model, "中国 😀", "--target-id", Tiny.A, "--group", "word",
                "--format", format).out();
            assertTrue(out.contains("中国") && out.contains("😀") && !out.contains("\uFFFD"), out);
        }
    }

    /// One by one, a character is written once over its bytes; a program reads each byte as it is.
    @Test
    void aCharacterIsWrittenOnceOverItsBytes() {
        var text = Cli.run("explain", "--model", model, "中 a").out();
        assertTrue(text.lines().anyMatch(l -> l.matches("  2  中  .*"))
            && text.lines().filter(l -> l.matches("  [34]  ·   .*")).count() == 2, text);
        var seen = Cli.seen(Map.of("TERM", "xterm", "COLORTERM", "truecolor"), "explain", "--model", model, "中 a");
        assertTrue(seen.out().replaceAll("\u001b\\[[0-9;]*m", "").contains("  <s> 中·· a\n"), seen.out());
        assertTrue(Cli.run("explain", "--model", model, "中 a", "--format", "html").out().contains(">中</span>"));
        assertEquals("\uFFFD", json("中 a").at("/tokens/2/text").stringValue());
        assertTrue(Cli.run("explain", "--model", model, "中 a", "--format", "csv").out().contains(",\uFFFD,"));
        var panels = Cli.run("compare", "--model", model, "--draws", 1, "--method", "lrp,saliency", "--target-id",
            Tiny.A, "中 a").out();
        assertTrue(panels.contains("中") && !panels.contains("\uFFFD"), panels);
    }
}
