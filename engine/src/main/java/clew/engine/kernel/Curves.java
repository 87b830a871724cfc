package clew.engine.kernel;

import clew.engine.kernel.Activation.Curve;

/// The activations' curves in float64.
final class Curves {
    private static final double C = Math.sqrt(2 / Math.PI);

    private Curves() {}

    static double at(Activation f, Curve curve, double x) {
        return switch (curve) {
            case VALUE -> f == Activation.TANH ? Math.tanh(x) : x * gate(f, x);
            case GATE  -> gate(f, x);
            case SLOPE -> slope(f, x);
        };
    }

    private static double gate(Activation f, double x) {
        return switch (f) {
            case GELU     -> 0.5 * (1 + erf(x / Math.sqrt(2)));
            case GELU_NEW -> 0.5 * (1 + Math.tanh(C * (x + 0.044715 * x * x * x)));
            case SILU     -> 1 / (1 + Math.exp(-x));
            case RELU     -> x > 0 ? 1 : 0;
            case TANH     -> Math.abs(x) < 1e-4 ? 1 - x * x / 3 : Math.tanh(x) / x;
        };
    }

    private static double slope(Activation f, double x) {
        var y = gate(f, x);
        return switch (f) {
            case GELU     -> y + x * Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
            case GELU_NEW -> y + x * 2 * y * (1 - y) * C * (1 + 3 * 0.044715 * x * x);
            case SILU     -> y + x * y * (1 - y);
            case RELU     -> y;
            case TANH     -> 1 - Math.tanh(x) * Math.tanh(x);
        };
    }

    /// `2/√π ∫₀ˣ e^{−t²} dt` — Abramowitz & Stegun 7.1.6 (all terms positive) below 3, the continued fraction 7.1.14
    /// above.
    static double erf(double x) {
        double a = Math.abs(x), scale = 2 / Math.sqrt(Math.PI) * Math.exp(-a * a);
        if (a < 3) {
            double term = a, sum = a;
            for (int n = 1; term > 1e-17 * sum; n++) sum += term *= 2 * a * a / (2 * n + 1);
            return Math.copySign(scale * sum, x);
        }
        var tail = a;
        for (int n = 60; n > 0; n--) tail = a + n / 2.0 / tail;
        return Math.copySign(1 - scale / 2 / tail, x);
    }
}
