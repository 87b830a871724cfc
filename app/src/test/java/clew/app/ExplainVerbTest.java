package clew.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ExplainVerbTest {
    @Test
    void severalMethodsGiveOneObjectEachOnALineEach() {
        var cli = Cli.run("explain", "--model", Shared.path("models/stories260k"), "Once upon a time",
            "--format", "json", "--method", "lrp,attention");
        assertEquals(0, cli.exit(), cli.err());
        var lines = cli.out().lines().map(JsonText.MAPPER::readTree).toList();
        assertEquals(2, lines.size());
        assertEquals("lrp", lines.get(0).at("/method/name").stringValue());
        assertEquals("attention", lines.get(1).at("/method/name").stringValue());
        assertTrue(lines.get(0).at("/diagnostics/peakBytes").longValue() > 0);
    }
}
