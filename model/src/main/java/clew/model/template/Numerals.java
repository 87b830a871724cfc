package clew.model.template;

import clew.model.template.Lexeme.Kind;
import java.math.BigInteger;
import java.util.Optional;

/// Numbers as a template writes them: `42`, `1_000`, `0x1F`, `0b1`, `0o7`, `1.5`, `2e3`.
final class Numerals {
    private Numerals() {}

    /// @param digits without underscores, in the base that they name
    record Numeral(Kind kind, String digits, int end) {}

    /// The numeral that begins there, read by hand: an expression that repeats a group would nest as often.
    static Optional<Numeral> at(String source, int at) {
        if (source.charAt(at) < '0' || source.charAt(at) > '9') return Optional.empty();
        int real = at > 0 && source.charAt(at - 1) == '.' ? at : realEnd(source, at);
        int end = real > at ? real : integerEnd(source, at);
        if (end == at) return Optional.empty();
        return Optional.of(new Numeral(real > at ? Kind.REAL : Kind.INTEGER,
            source.substring(at, end).replace("_", ""), end));
    }

    /// Behind `12.5`, `12e3` or `12.5e3`, or where it begins if it is none.
    private static int realEnd(String s, int at) {
        int whole = digits(s, at), fraction = whole;
        if (whole < s.length() && s.charAt(whole) == '.') fraction = digits(s, whole + 1);
        if (fraction == whole + 1) fraction = whole;
        int sign = fraction + 1, exponent = fraction;
        if (fraction < s.length() && (s.charAt(fraction) == 'e' || s.charAt(fraction) == 'E')) {
            if (sign < s.length() && (s.charAt(sign) == '+' || s.charAt(sign) == '-')) sign++;
            exponent = digits(s, sign);
            if (exponent == sign) exponent = fraction;
        }
        return exponent == whole ? at : exponent;
    }

    /// Behind digits, with an underscore between two of them or without.
    private static int digits(String s, int at) {
        return at < s.length() && isDigit(s.charAt(at), 10) ? more(s, at + 1, 10) : at;
    }

    private static int more(String s, int at, int radix) {
        int end = at;
        while (true) {
            int next = end < s.length() && s.charAt(end) == '_' ? end + 1 : end;
            if (next >= s.length() || !isDigit(s.charAt(next), radix)) return end;
            end = next + 1;
        }
    }

    private static boolean isDigit(char c, int radix) {
        return c < 0x80 && Character.digit(c, radix) >= 0;
    }

    private static int integerEnd(String s, int at) {
        if (s.charAt(at) != '0') return more(s, at + 1, 10);
        int radix = at + 1 == s.length() ? 1 : switch (s.charAt(at + 1)) {
            case 'b', 'B' -> 2;
            case 'o', 'O' -> 8;
            case 'x', 'X' -> 16;
            default       -> 1;
        };
        int end = radix == 1 ? at : more(s, at + 2, radix);
        if (end > at + 2) return end;
        int zeros = at + 1;
        while (zeros < s.length() && (s.charAt(zeros) == '0' || s.startsWith("_0", zeros)))
            zeros += s.charAt(zeros) == '0' ? 1 : 2;
        return zeros;
    }

    /// The number that the digits of an integer say.
    static BigInteger integer(Lexeme digits) {
        var text = digits.text();
        if (text.length() > 4300)
            throw new TemplateException("it has more than 4300 digits").at(digits.line(), "number");
        if (text.length() < 2 || Character.isDigit(text.charAt(1))) return new BigInteger(text);
        return new BigInteger(text.substring(2), switch (text.charAt(1)) {
            case 'b', 'B' -> 2;
            case 'o', 'O' -> 8;
            default       -> 16;
        });
    }
}
