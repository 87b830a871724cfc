package clew.attribution.render;

import java.math.BigDecimal;
import java.math.MathContext;

/// Numbers for readers: so many significant digits, plain between 0.0001 and a million, else with an exponent.
final class Digits {
    private Digits() {}

    /// `1.235`, `-0.0001235`, `1.235e-07`, `0`, `NaN`.
    static String of(double v, int significant) {
        if (v == 0) return "0";
        if (Double.isNaN(v)) return "NaN";
        if (Double.isInfinite(v)) return v > 0 ? "∞" : "-∞";
        var rounded = new BigDecimal(v).round(new MathContext(significant));
        var exponent = rounded.precision() - rounded.scale() - 1;
        if (exponent < -4 || exponent > 5) return scientific(rounded, exponent, significant);
        return rounded.setScale(Math.max(0, significant - 1 - exponent)).toPlainString();
    }

    private static String scientific(BigDecimal v, int exponent, int significant) {
        var mantissa = v.scaleByPowerOfTen(-exponent).setScale(significant - 1).toPlainString();
        return mantissa + "e" + (exponent < 0 ? "-" : "+") + (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
    }
}
