package clew.attribution.render;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PaletteTest {
    /// `Y = 0.2126 R + 0.7152 G + 0.0722 B` of the linear channels: WCAG's relative luminance.
    private static double luminance(Rgb c) {
        return 0.2126 * linear(c.red()) + 0.7152 * linear(c.green()) + 0.0722 * linear(c.blue());
    }

    /// `(Y₁ + 0.05) / (Y₂ + 0.05)`, the lighter first: from 1 to 21; WCAG asks 4.5 of text.
    private static double contrast(Rgb one, Rgb other) {
        double a = luminance(one), b = luminance(other);
        return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    }

    /// OKLab `(L, a, b)`.
    private static double[] oklab(Rgb c) {
        double r = linear(c.red()), g = linear(c.green()), b = linear(c.blue());
        var l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
        var m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
        var s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
        return new double[] {
            0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
            1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
            0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s,
        };
    }

    private static double linear(int channel) {
        var v = channel / 255.0;
        return v <= 0.04045 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4);
    }

    @Test
    void everyBackgroundIsReadable() {
        for (var palette : Palette.values())
            for (int i = -1000; i <= 1000; i++) {
                var paper = palette.at(i / 1000.0);
                var ink = palette == Palette.LIGHT ? Rgb.BLACK : new Rgb(255, 255, 255);
                assertTrue(contrast(paper, ink) >= 4.5, palette + " " + paper);
                var indexed = xterm(Colours.indexed(i / 1000.0));
                assertTrue(contrast(indexed, Rgb.BLACK) >= 4.5, "xterm " + indexed);
            }
    }

    /// Colour 16 … 255 of xterm: a cube of 6³, then 24 greys.
    private static Rgb xterm(int i) {
        if (i >= 232) return new Rgb(8 + 10 * (i - 232), 8 + 10 * (i - 232), 8 + 10 * (i - 232));
        int[] cube = {0, 95, 135, 175, 215, 255};
        return new Rgb(cube[(i - 16) / 36], cube[(i - 16) / 6 % 6], cube[(i - 16) % 6]);
    }

    /// xterm's cube is coarse: a step of it is 0.1 or so in lightness.
    @Test
    void theIndexedColoursFollowThePalette() {
        for (int i = -4; i <= 4; i++) {
            double[] indexed = oklab(xterm(Colours.indexed(i / 4.0))), wanted = oklab(Palette.LIGHT.at(i / 4.0));
            assertEquals(wanted[0], indexed[0], 0.1, "lightness at " + i);
            if (i != 0) assertTrue(indexed[1] * wanted[1] + indexed[2] * wanted[2] > 0, "hue at " + i);
        }
        assertEquals(Colours.indexed(-1), Colours.indexed(-9));
    }

    /// Channels are rounded to 1/255, which moves L by at most 0.004 where it moves most, near black.
    @Test
    void scoresOfOppositeSignAreEquallyLight() {
        for (var palette : Palette.values())
            for (int i = 0; i <= 1000; i++) {
                double up = oklab(palette.at(i / 1000.0))[0], down = oklab(palette.at(-i / 1000.0))[0];
                assertEquals(up, down, 0.004, palette + " at " + i);
            }
    }

    @Test
    void coloursMoveAwayFromNeutralWithTheScore() {
        for (var palette : Palette.values())
            for (int sign = -1; sign <= 1; sign += 2)
                for (int i = 1; i <= 20; i++) {
                    double[] a = oklab(palette.at(sign * (i - 1) / 20.0)), b = oklab(palette.at(sign * i / 20.0));
                    assertTrue(Math.hypot(b[1], b[2]) > Math.hypot(a[1], a[2]), palette + " " + i);
                }
    }

    @Test
    void coloursSurviveTheWayThroughOklab() {
        for (int i = 0; i < 4096; i++) {
            var c = new Rgb((i & 15) * 17, (i >> 4 & 15) * 17, (i >> 8) * 17);
            var lab = oklab(c);
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
