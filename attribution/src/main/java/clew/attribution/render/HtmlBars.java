package clew.attribution.render;

import java.util.Locale;

/// Bars on a common axis from `low` to `high`, as SVG as wide as its cell.
record HtmlBars(double low, double high) {
    /// From one amount to another: upwards in one colour, downwards in the other.
    String bar(double from, double to) {
        return draw(from, to, to < from ? "down" : "up");
    }

    /// From 0.
    String total(double to) {
        return draw(0, to, "whole");
    }

    private String draw(double from, double to, String colour) {
        if (!Double.isFinite(from) || !Double.isFinite(to) || !(low < high)) return "";
        double a = x(Math.min(from, to)), b = x(Math.max(from, to));
        return "<svg aria-hidden=\"true\"><rect class=\"" + colour + "\" x=\"" + percent(a)
            + "\" width=\"" + percent(b - a) + "\"/><rect class=\"axis\" x=\"" + percent(x(0)) + "\"/></svg>";
    }

    private double x(double amount) {
        return 100 * (amount - low) / (high - low);
    }

    private static String percent(double v) {
        return String.format(Locale.ROOT, "%.2f%%", v);
    }
}
