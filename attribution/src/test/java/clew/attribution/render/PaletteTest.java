package clew.attribution.render;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PaletteTest {
    @Test
    void everyBackgroundIsReadable() {
        for (var palette : Palette.values())
            for (int i = -1000; i <= 1000; i++) {
                var paper = palette.at(i / 1000.0);
                var ink = palette == Palette.LIGHT ? Rgb.BLACK : Rgb.WHITE;
                assertTrue(paper.contrast(ink) >= 4.5, palette + " " + paper);
                assertEquals(ink, paper.ink());
                var indexed = Rgb.ofXterm(paper.xterm());
                assertTrue(indexed.contrast(indexed.ink()) >= 4.5, "xterm " + indexed);
            }
    }

    /// Channels are rounded to 1/255, which moves L by at most 0.004 where it moves most, near black.
    @Test
    void scoresOfOppositeSignAreEquallyLight() {
        for (var palette : Palette.values())
            for (int i = 0; i <= 1000; i++) {
                double up = palette.at(i / 1000.0).oklab()[0], down = palette.at(-i / 1000.0).oklab()[0];
                assertEquals(up, down, 0.004, palette + " at " + i);
            }
    }

    @Test
    void coloursMoveAwayFromNeutralWithTheScore() {
        for (var palette : Palette.values())
            for (int sign = -1; sign <= 1; sign += 2)
                for (int i = 1; i <= 20; i++) {
                    double[] a = palette.at(sign * (i - 1) / 20.0).oklab(), b = palette.at(sign * i / 20.0).oklab();
                    assertTrue(Math.hypot(b[1], b[2]) > Math.hypot(a[1], a[2]), palette + " " + i);
                }
    }

    @Test
    void coloursSurviveTheWayThroughOklab() {
        for (int i = 0; i < 4096; i++) {
            var c = new Rgb((i & 15) * 17, (i >> 4 & 15) * 17, (i >> 8) * 17);
            var lab = c.oklab();
            assertEquals(c, Rgb.ofOklab(lab[0], lab[1], lab[2]));
        }
    }

    @Test
    void beyondTheScaleIsItsEnd() {
        assertEquals(Palette.LIGHT.at(1), Palette.LIGHT.at(7));
        assertEquals(2, Palette.scale(new double[] {1, -2, Double.NaN, Double.POSITIVE_INFINITY}));
        assertEquals(0, Palette.share(0, 0));
    }
}
