package clew.attribution.render;

/// A colour of sRGB, 8 bits a channel.
public record Rgb(int red, int green, int blue) {
    public static final Rgb BLACK = new Rgb(0, 0, 0);
    public static final Rgb WHITE = new Rgb(255, 255, 255);

    private static final int[] CUBE = {0, 95, 135, 175, 215, 255};

    /// `#rrggbb`.
    public String hex() {
        return "#%02x%02x%02x".formatted(red, green, blue);
    }

    /// `Y = 0.2126 R + 0.7152 G + 0.0722 B` of the linear channels: WCAG's relative luminance.
    public double luminance() {
        return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
    }

    /// `(Y₁ + 0.05) / (Y₂ + 0.05)`, the lighter first: from 1 to 21; WCAG asks 4.5 of text.
    public double contrast(Rgb other) {
        double a = luminance(), b = other.luminance();
        return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    }

    /// Black or white, whichever reads better on this colour; the contrast is at least √21 = 4.58.
    public Rgb ink() {
        return contrast(BLACK) >= contrast(WHITE) ? BLACK : WHITE;
    }

    /// OKLab `(L, a, b)` (Ottosson 2020): equal distances look equally different.
    double[] oklab() {
        double r = linear(red), g = linear(green), b = linear(blue);
        var l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
        var m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
        var s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
        return new double[] {
            0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
            1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
            0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s,
        };
    }

    static Rgb ofOklab(double lightness, double a, double b) {
        var l = cube(lightness + 0.3963377774 * a + 0.2158037573 * b);
        var m = cube(lightness - 0.1055613458 * a - 0.0638541728 * b);
        var s = cube(lightness - 0.0894841775 * a - 1.2914855480 * b);
        return new Rgb(
            channel( 4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
            channel(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
            channel(-0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s));
    }

    /// The nearest of xterm's 256 colours, its first 16 left out: users change those.
    int xterm() {
        var lab = oklab();
        var best = 16;
        for (int i = 17; i < 256; i++) if (distance(lab, ofXterm(i).oklab()) < distance(lab, ofXterm(best).oklab())) best = i;
        return best;
    }

    /// Colour 16 … 255 of xterm: a cube of 6³, then 24 greys.
    static Rgb ofXterm(int i) {
        if (i >= 232) return new Rgb(8 + 10 * (i - 232), 8 + 10 * (i - 232), 8 + 10 * (i - 232));
        return new Rgb(CUBE[(i - 16) / 36], CUBE[(i - 16) / 6 % 6], CUBE[(i - 16) % 6]);
    }

    private static double distance(double[] a, double[] b) {
        return Math.hypot(a[0] - b[0], Math.hypot(a[1] - b[1], a[2] - b[2]));
    }

    private static double cube(double v) {
        return v * v * v;
    }

    private static double linear(int channel) {
        var v = channel / 255.0;
        return v <= 0.04045 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4);
    }

    private static int channel(double linear) {
        var v = linear <= 0.0031308 ? 12.92 * linear : 1.055 * Math.pow(linear, 1 / 2.4) - 0.055;
        return Math.clamp(Math.round(255 * v), 0, 255);
    }
}
