package clew.model.template;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/// Numbers with a precision, for `%.2f` and `{:.2f}`.
final class NumberFormat {
    private static final int MOST = 1000;

    private NumberFormat() {}

    /// Digits without a sign.
    ///
    /// @param kind      `e`, `f` or `g`, or their capitals
    /// @param alternate whether a point stands although no digit follows it
    static String real(double x, char kind, int precision, boolean alternate) {
        if (precision > MOST) throw new TemplateException("a precision of more than " + MOST + " is not supported");
        var lower = Character.toLowerCase(kind);
        String made;
        if (Double.isNaN(x)) made = "nan";
        else if (Double.isInfinite(x)) made = "inf";
        else made = switch (lower) {
            case 'f' -> point(new BigDecimal(Math.abs(x)).setScale(precision, RoundingMode.HALF_EVEN).toPlainString(),
                alternate);
            case 'e' -> exponent(Math.abs(x), precision, alternate);
            case 'g' -> general(Math.abs(x), Math.max(1, precision), alternate);
            default  -> throw new IllegalStateException(String.valueOf(kind));
        };
        return kind == lower ? made : made.toUpperCase(Locale.ROOT);
    }

    private static String point(String digits, boolean alternate) {
        return alternate && digits.indexOf('.') < 0 ? digits + "." : digits;
    }

    private static String exponent(double x, int precision, boolean alternate) {
        if (x == 0) return point("0" + (precision > 0 ? "." + "0".repeat(precision) : ""), alternate) + "e+00";
        var rounded = new BigDecimal(x).round(new MathContext(precision + 1, RoundingMode.HALF_EVEN));
        var digits = rounded.unscaledValue().toString();
        int power = digits.length() - 1 - rounded.scale();
        digits = (digits + "0".repeat(precision + 1)).substring(0, precision + 1);
        return point(digits.charAt(0) + (precision > 0 ? "." + digits.substring(1) : ""), alternate)
            + "e" + (power < 0 ? "-" : "+") + (Math.abs(power) < 10 ? "0" : "") + Math.abs(power);
    }

    /// Significant digits, without zeros at the end.
    private static String general(double x, int precision, boolean alternate) {
        var scientific = exponent(x, precision - 1, false);
        int power = Integer.parseInt(scientific.substring(scientific.indexOf('e') + 1));
        if (power < -4 || power >= precision) {
            if (alternate) return exponent(x, precision - 1, true);
            return trimmed(scientific.substring(0, scientific.indexOf('e'))) + scientific.substring(
                scientific.indexOf('e'));
        }
        var plain = new BigDecimal(x).setScale(Math.max(0, precision - 1 - power), RoundingMode.HALF_EVEN)
            .toPlainString();
        return alternate ? point(plain, true) : trimmed(plain);
    }

    private static String trimmed(String digits) {
        return digits.indexOf('.') < 0 ? digits : digits.replaceAll("\\.?0+$", "");
    }

    /// Digits of a whole number without its sign: `d x X o b`.
    static String whole(BigInteger n, char kind, boolean alternate) {
        var size = n.abs();
        return switch (kind) {
            case 'x' -> (alternate ? "0x" : "") + size.toString(16);
            case 'X' -> (alternate ? "0X" : "") + size.toString(16).toUpperCase(Locale.ROOT);
            case 'o' -> (alternate ? "0o" : "") + size.toString(8);
            case 'b' -> (alternate ? "0b" : "") + size.toString(2);
            default  -> Repr.whole(new Value.Int(size));
        };
    }
}
