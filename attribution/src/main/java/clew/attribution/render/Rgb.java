package clew.attribution.render;

/// A colour of sRGB, 8 bits a channel.
public record Rgb(int red, int green, int blue) {
    public static final Rgb BLACK = new Rgb(0, 0, 0);

    /// `#rrggbb`.
    public String hex() {
        return "#%02x%02x%02x".formatted(red, green, blue);
    }

    /// From OKLab `(L, a, b)` (Ottosson 2020), in which equal distances look equally different.
    static Rgb ofOklab(double lightness, double a, double b) {
        var l = cube(lightness + 0.3963377774 * a + 0.2158037573 * b);
        var m = cube(lightness - 0.1055613458 * a - 0.0638541728 * b);
        var s = cube(lightness - 0.0894841775 * a - 1.2914855480 * b);
        return new Rgb(
            channel( 4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
            channel(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
            channel(-0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s));
    }

    private static double cube(double v) {
        return v * v * v;
    }

    private static int channel(double linear) {
        var v = linear <= 0.0031308 ? 12.92 * linear : 1.055 * Math.pow(linear, 1 / 2.4) - 0.055;
        return Math.clamp(Math.round(255 * v), 0, 255);
    }
}
