package clew.training;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/// The loss over the steps as an SVG picture: each point the mean of its stretch, axes with numbers.
public final class LossCurve {
    private static final int W = 640, H = 320, LEFT = 56, RIGHT = 16, TOP = 28, BOTTOM = 40;
    private static final int POINTS = 240;

    private LossCurve() {}

    /// @param losses one per step
    public static String svg(String title, List<Double> losses) {
        var points = means(losses);
        double top = Math.ceil(points.stream().mapToDouble(d -> d).max().orElse(1));
        var s = new StringBuilder();
        s.append(format("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\""
            + " font-family=\"sans-serif\" font-size=\"12\">%n", W, H));
        s.append(format("<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>%n<text x=\"%d\" y=\"18\""
            + " fill=\"#222\">%s</text>%n", W, H, LEFT, escaped(title)));
        for (int i = 0; i <= 4; i++) {
            double y = y(top * i / 4, top);
            s.append(format("<path d=\"M%d %.1fH%d\" stroke=\"#ddd\"/>"
                + "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\" fill=\"#555\">%.2f</text>%n",
                LEFT, y, W - RIGHT, LEFT - 6, y + 4, top * i / 4));
            double x = LEFT + (double) (W - LEFT - RIGHT) * i / 4;
            s.append(format("<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\" fill=\"#555\">%d</text>%n", x,
                    H - BOTTOM + 18, losses.size() * i / 4));
        }
        s.append(format("<text x=\"%d\" y=\"%d\" text-anchor=\"end\" fill=\"#555\">step</text>%n<path"
            + " fill=\"none\" stroke=\"#2166ac\" stroke-width=\"1.5\" d=\"",
            W - RIGHT, H - 6));
        for (int i = 0; i < points.size(); i++) {
            double x = LEFT + (double) (W - LEFT - RIGHT) * i / Math.max(1, points.size() - 1);
            s.append(format("%s%.1f %.1f", i == 0 ? "M" : "L", x, y(points.get(i), top)));
        }
        return s.append("\"/>\n</svg>\n").toString();
    }

    private static double y(double loss, double top) {
        return TOP + (H - TOP - BOTTOM) * (1 - Math.min(loss, top) / top);
    }

    private static List<Double> means(List<Double> losses) {
        var stretch = Math.max(1, losses.size() / POINTS);
        return IntStream.range(0, (losses.size() + stretch - 1) / stretch).mapToObj(i ->
            losses.subList(i * stretch, Math.min(losses.size(),
                    (i + 1) * stretch)).stream().mapToDouble(d -> d).average().orElse(0)).toList();
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern.replace("%n", "\n"), values);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
