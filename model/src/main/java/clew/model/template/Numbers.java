package clew.model.template;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Optional;
import java.util.regex.Pattern;

/// Reading and rounding numbers, as Python does.
final class Numbers {
    private static final Pattern REAL = Pattern.compile(
        "[+-]?(?:(?:\\d[\\d_]*)?\\.\\d[\\d_]*|\\d[\\d_]*\\.?)(?:[eE][+-]?\\d[\\d_]*)?");
    private static final Pattern STRAY = Pattern.compile("(?<!\\d)_|_(?!\\d)");
    private static final int LONGEST = 4300;

    private Numbers() {}

    /// `int(text, base)`
    static Optional<BigInteger> whole(String text, int base) {
        var s = text.substring(Python.skipSpace(text, 0), Math.max(Python.skipSpace(text, 0),
            Python.trimmedEnd(text, 0, text.length())));
        var negative = s.startsWith("-");
        if (negative || s.startsWith("+")) s = s.substring(1);
        var radix = base;
        var prefix = s.length() > 2 && s.charAt(0) == '0' ? switch (s.charAt(1)) {
            case 'x', 'X' -> 16;
            case 'o', 'O' -> 8;
            case 'b', 'B' -> 2;
            default       -> 0;
        } : 0;
        if (prefix != 0 && (base == prefix || base == 0)) {
            s = s.substring(s.charAt(2) == '_' ? 3 : 2);
            radix = prefix;
        } else if (base == 0) radix = 10;
        if (s.length() > LONGEST || !s.matches("[0-9a-zA-Z]+(_[0-9a-zA-Z]+)*")) return Optional.empty();
        try {
            var n = new BigInteger(s.replace("_", ""), radix);
            return Optional.of(negative ? n.negate() : n);
        } catch (NumberFormatException _) {
            return Optional.empty();
        }
    }

    /// `float(text)`
    static Optional<Double> real(String text) {
        var s = text.strip();
        if (REAL.matcher(s).matches() && !STRAY.matcher(s).find())
            return Optional.of(Double.parseDouble(s.replace("_", "")));
        var name = s.toLowerCase(java.util.Locale.ROOT).replaceFirst("^[+-]", "");
        var sign = s.startsWith("-") ? -1 : 1;
        return switch (name) {
            case "inf", "infinity" -> Optional.of(sign * Double.POSITIVE_INFINITY);
            case "nan"             -> Optional.of(Double.NaN);
            default                -> Optional.empty();
        };
    }

    /// `round(n, places)`: halves to the even neighbour, by the number's exact value.
    static Value round(Value.Number n, int places, RoundingMode mode) {
        if (n instanceof Value.Real(var x) && !Double.isFinite(x)) return n;
        var bounded = Math.clamp(places, -400, 400);
        var rounded = Value.exact(n).setScale(bounded, mode);
        if (n instanceof Value.Real) return new Value.Real(rounded.doubleValue());
        return places >= 0 ? new Value.Int(Value.whole(n)) : new Value.Int(rounded.setScale(0).toBigIntegerExact());
    }

    /// `int(n)`: towards zero.
    static Value.Int truncated(Value.Number n) {
        if (!(n instanceof Value.Real(var x))) return new Value.Int(Value.whole(n));
        if (!Double.isFinite(x)) throw new TemplateException("cannot convert float " + Repr.real(x) + " to integer");
        return new Value.Int(new BigDecimal(x).toBigInteger());
    }
}
