package clew.model.template;

import clew.model.template.Lexeme.Kind;
import java.math.BigInteger;
import java.util.Optional;
import java.util.regex.Pattern;

/// Numbers as a template writes them: `42`, `1_000`, `0x1F`, `0b1`, `0o7`, `1.5`, `2e3`.
final class Numerals {
    private static final Pattern REAL = Pattern.compile("(?<!\\.)(?:\\d+_)*+\\d++"
        + "(?:(?:\\.(?:\\d+_)*+\\d++)?[eE][+-]?(?:\\d+_)*+\\d++|\\.(?:\\d+_)*+\\d++)");
    private static final Pattern INTEGER = Pattern.compile(
        "0[bB](?:_?[01])++|0[oO](?:_?[0-7])++|0[xX](?:_?[0-9a-fA-F])++|[1-9](?:_?\\d)*+|0(?:_?0)*+");

    private Numerals() {}

    /// @param digits without underscores, in the base that they name
    record Numeral(Kind kind, String digits, int end) {}

    static Optional<Numeral> at(String source, int at) {
        if (source.charAt(at) < '0' || source.charAt(at) > '9') return Optional.empty();
        for (var pattern : new Pattern[] {REAL, INTEGER}) {
            var m = pattern.matcher(source).useTransparentBounds(true).region(at, source.length());
            if (m.lookingAt())
                return Optional.of(new Numeral(pattern == REAL ? Kind.REAL : Kind.INTEGER,
                    m.group().replace("_", ""), m.end()));
        }
        return Optional.empty();
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
