package clew.model.template;

import java.math.BigInteger;
import java.util.Map;
import java.util.regex.Pattern;

/// `"{} {name[0]:>5}".format(…)`
final class BraceFormat {
    private static final Pattern SPEC = Pattern.compile(
        "(?:(.)?([<>=^]))?([-+ ]?)(#?)(0?)(\\d*)([,_]?)(?:\\.(\\d+))?([bcdeEfFgGnosxX%]?)", Pattern.DOTALL);
    private static final Pattern STEP = Pattern.compile("\\.([^.\\[]+)|\\[([^\\]]+)\\]");

    private final Arguments given;
    private final Weave out;
    private int next;

    private BraceFormat(Arguments given) {
        this.given = given;
        this.out = new Weave(given.room());
    }

    static Text of(Text format, Arguments given) {
        var made = new BraceFormat(given);
        made.write(format, 2);
        return made.out.text();
    }

    static Text map(Text format, Arguments given) {
        if (!(given.bind("format_map", "mapping/").at(0) instanceof Value.Dict(var map)))
            throw new TemplateException("format_map wants a mapping");
        var named = new java.util.HashMap<String, Value>();
        map.forEach((key, value) -> named.put(Repr.str(key, given.room()).string(), value));
        return of(format, new Arguments(java.util.List.of(), Map.copyOf(named), given.room()));
    }

    private void write(Text format, int depth) {
        if (depth == 0) throw new TemplateException("a format nests too deeply");
        var s = format.string();
        for (int i = 0; i < s.length(); i++) {
            var c = s.charAt(i);
            if (c != '{' && c != '}') out.add(format, i, i + 1);
            else if (i + 1 < s.length() && s.charAt(i + 1) == c) out.add(format, i, ++i);
            else if (c == '}') throw new TemplateException("single '}' in a format string");
            else {
                var end = end(s, i);
                field(s.substring(i + 1, end), depth);
                i = end;
            }
        }
    }

    private static int end(String s, int begin) {
        for (int i = begin, open = 0; i < s.length(); i++) {
            if (s.charAt(i) == '{') open++;
            if (s.charAt(i) == '}' && --open == 0) return i;
        }
        throw new TemplateException("single '{' in a format string");
    }

    private void field(String field, int depth) {
        int colon = field.indexOf(':'), bang = field.indexOf('!');
        if (bang > colon && colon >= 0) bang = -1;
        int end = bang >= 0 ? bang : colon >= 0 ? colon : field.length();
        var value = value(field.substring(0, end));
        if (bang >= 0) value = converted(value, field.substring(bang + 1, colon >= 0 ? colon : field.length()));
        var spec = colon >= 0 ? field.substring(colon + 1) : "";
        if (spec.indexOf('{') >= 0) {
            var inner = new BraceFormat(given);
            inner.next = next;
            inner.write(Text.of(spec), depth - 1);
            next = inner.next;
            spec = inner.out.text().string();
        }
        out.add(formatted(value, spec));
    }

    private Value value(String name) {
        int begin = 0;
        while (begin < name.length() && name.charAt(begin) != '.' && name.charAt(begin) != '[') begin++;
        var first = name.substring(0, begin);
        Value value;
        if (first.isEmpty() || first.chars().allMatch(c -> c >= '0' && c <= '9')) {
            long at = first.isEmpty() ? next++ : first.length() > 9 ? Integer.MAX_VALUE : Integer.parseInt(first);
            if (at >= given.positional().size())
                throw new TemplateException("there is no argument " + at + " to format");
            value = given.positional().get((int) at);
        } else {
            var found = given.named().get(first);
            if (found == null) throw new TemplateException("there is no argument '" + first + "' to format");
            value = found;
        }
        var access = new Access(given.room());
        for (var steps = STEP.matcher(name); begin < name.length(); begin = steps.end()) {
            if (!steps.region(begin, name.length()).lookingAt())
                throw new TemplateException("'" + name + "' names no value to format");
            given.room().step();
            value = steps.group(1) != null ? access.attribute(value, steps.group(1)) : access.subscript(value,
                steps.group(2).matches("\\d{1,9}") ? Value.of(Integer.parseInt(steps.group(2)))
                    : Text.of(steps.group(2)));
        }
        return value;
    }

    private Value converted(Value value, String how) {
        return switch (how) {
            case "s" -> Repr.str(value, given.room());
            case "r" -> Repr.repr(value, given.room());
            default  -> throw new TemplateException("'!" + how + "' is not supported in a format string");
        };
    }

    private Text formatted(Value value, String spec) {
        if (spec.isEmpty()) return Repr.str(value, given.room());
        var s = spec(spec);
        var kind = s.kind();
        return switch (value) {
            case Text t when kind == 0 || kind == 's' ->
                s.padded(s.precision() >= 0 && s.precision() < t.length() ? t.slice(0, s.precision()) : t,
                    given.room());
            case Value.Number n when "eEfFgG%".indexOf(kind) >= 0 && kind != 0 -> s.real(n.real(), kind, given.room());
            case Value.Real(var x) when kind == 0 ->
                s.precision() >= 0 ? s.real(x, 'g', given.room())
                    : s.signed(x < 0, Repr.real(Math.abs(x)), given.room());
            case Value.Number n when !(n instanceof Value.Real) && (kind == 0 || "bdnoxX".indexOf(kind) >= 0) ->
                s.whole(Value.whole(n), kind == 0 || kind == 'n' ? 'd' : kind, given.room());
            default -> throw new TemplateException("a value of type '" + Types.name(value)
                + "' has no format '" + spec + "'");
        };
    }

    private static Spec spec(String text) {
        var m = SPEC.matcher(text);
        if (!m.matches()) throw new TemplateException("'" + text + "' is no format");
        var zero = !m.group(5).isEmpty();
        var align = m.group(2) != null ? m.group(2).charAt(0) : zero ? '=' : 0;
        return new Spec(m.group(1) != null ? m.group(1) : zero ? "0" : " ", align,
            m.group(3).isEmpty() ? '-' : m.group(3).charAt(0), !m.group(4).isEmpty(), m.group(7),
            number(m.group(6), 0), number(m.group(8), -1), m.group(9).isEmpty() ? 0 : m.group(9).charAt(0));
    }

    private static int number(String digits, int fallback) {
        if (digits == null || digits.isEmpty()) return fallback;
        return digits.length() > 9 ? Integer.MAX_VALUE : Integer.parseInt(digits);
    }

    /// How a value is laid out.
    ///
    /// @param align     `<`, `>`, `^`, `=` (behind the sign), or 0 for what the value's type has
    /// @param sign      `+`, `-` or a space
    /// @param alternate `#`
    /// @param group     what stands between groups of three digits
    /// @param precision −1 if there is none
    /// @param kind      the letter, or 0
    record Spec(String fill, char align, char sign, boolean alternate, String group, int width, int precision,
        char kind) {
        /// Zeros between the sign and the digits.
        Spec filled() {
            return new Spec("0", '=', sign, alternate, group, width, precision, kind);
        }

        Text padded(Text text, Room room) {
            var how = align == '>' ? "rjust" : align == '^' ? "center" : "ljust";
            if (align != '^') return TextMethods.pad(text, how, width, Text.of(fill), room);
            int missing = Math.max(0, width - text.length()), left = missing / 2;
            return new Weave(room).repeat(fill, left).add(text).repeat(fill, missing - left).text();
        }

        Text whole(BigInteger n, char kind, Room room) {
            var digits = NumberFormat.whole(n, kind, alternate);
            if (precision > digits.length())
                digits = new Weave(room).repeat("0", precision - digits.length()).add(digits).text().string();
            return signed(n.signum() < 0, grouped(digits), room);
        }

        Text real(double x, char kind, Room room) {
            int places = precision < 0 ? 6 : precision;
            var negative = x < 0 || x == 0 && 1 / x < 0;
            var digits = kind == '%' ? NumberFormat.real(x * 100, 'f', places, alternate) + "%"
                : NumberFormat.real(x, kind, places, alternate);
            return signed(negative, grouped(digits), room);
        }

        private String grouped(String digits) {
            if (group.isEmpty()) return digits;
            int end = 0;
            while (end < digits.length() && Character.isDigit(digits.charAt(end))) end++;
            var out = new StringBuilder(digits);
            for (int i = end - 3; i > 0; i -= 3) out.insert(i, group);
            return out.toString();
        }

        Text signed(boolean negative, String digits, Room room) {
            var mark = negative ? "-" : sign == '-' ? "" : String.valueOf(sign);
            if (align != '=') return new Spec(fill, align == 0 ? '>' : align, sign, alternate, group, width, precision,
                kind).padded(Text.of(mark + digits), room);
            var missing = Math.max(0, width - mark.length() - digits.length());
            return new Weave(room).add(mark).repeat(fill, missing).add(digits).text();
        }
    }
}
