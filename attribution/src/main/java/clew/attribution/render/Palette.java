package clew.attribution.render;

/// Blue for −1, neutral for 0, orange for +1: straight lines in OKLab whose two ends are equally light, so that scores
/// of opposite sign differ in hue alone, and in a hue that the common colour blindnesses tell apart.
public enum Palette {
    /// For white paper and for terminals; black ink.
    LIGHT(0.97, 0.65, new Hue(0.15, 255), new Hue(0.17, 45)),
    /// For dark pages; white ink.
    DARK(0.28, 0.55, new Hue(0.14, 255), new Hue(0.15, 42));

    private final double neutral;
    private final double end;
    private final Hue blue;
    private final Hue orange;

    /// Chroma and angle in degrees.
    private record Hue(double chroma, double angle) {
        double a() { return chroma * Math.cos(Math.toRadians(angle)); }
        double b() { return chroma * Math.sin(Math.toRadians(angle)); }
    }

    Palette(double neutral, double end, Hue blue, Hue orange) {
        this.neutral = neutral;
        this.end     = end;
        this.blue    = blue;
        this.orange  = orange;
    }

    /// The background of a score that is `share` of the scale, −1 … 1; beyond that the end's colour.
    public Rgb at(double share) {
        var s   = Math.min(1, Math.abs(share));
        var hue = share < 0 ? blue : orange;
        return Rgb.ofOklab(neutral + s * (end - neutral), s * hue.a(), s * hue.b());
    }

    /// `max |v|` over the numbers that are finite: what a heatmap divides by; 0 if all are 0.
    public static double scale(double[] scores) {
        var max = 0.0;
        for (double v : scores) if (Double.isFinite(v)) max = Math.max(max, Math.abs(v));
        return max;
    }

    /// `v / scale`, 0 where the scale is.
    public static double share(double v, double scale) {
        return scale == 0 ? 0 : v / scale;
    }
}
