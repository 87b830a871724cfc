package clew.model.template;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/// Python's `str` and `repr`.
final class Repr {
    private static final int DIGITS = 4300;             // Python's own limit for whole numbers

    private final Weave out;
    private final Map<Value, Value> open = new IdentityHashMap<>();

    private Repr(Weave out) {
        this.out = out;
    }

    /// `str(value)`: texts as they are, anything else as `repr` has it.
    static Text str(Value value, Room room) {
        return switch (value) {
            case Text t            -> t.plain();
            case Value.Undefined _ -> Text.EMPTY;
            default                -> repr(value, room);
        };
    }

    static Text repr(Value value, Room room) {
        var out = new Weave(room);
        new Repr(out).add(value);
        return out.text();
    }

    private void add(Value value) {
        out.room().enter();
        inside(value);
        out.room().leave();
    }

    private void inside(Value value) {
        switch (value) {
            case Text t             -> text(t);
            case Value.Undefined _  -> out.add("Undefined");
            case Value.None _       -> out.add("None");
            case Value.Bool(var b)  -> out.add(b ? "True" : "False");
            case Value.Int(var i)   -> out.add(whole(new Value.Int(i)));
            case Value.Real(var x)  -> out.add(real(x));
            case Value.Items i      -> items(i);
            case Value.Dict(var m)  -> pairs("{", m, "}");
            case Value.Range r      -> out.add("range(" + r.start() + ", " + r.stop()
                + (r.step() == 1 ? ")" : ", " + r.step() + ")"));
            case Value.View v       -> {
                out.add(v.type() + "(");
                list("[", v.all(), "])");
            }
            case Value.Namespace n  -> namespace(n);
            case Value.Stream s     -> out.add("<" + s.type() + " object>");
            case Value.Callable c   -> out.add("<" + c.type() + " '" + c.name() + "'>");
            case Loop l             -> out.add(l.toString());
        }
    }

    private void items(Value.Items items) {
        if (items.kind() == Value.Items.Kind.LIST) list("[", items.all(), "]");
        else list("(", items.all(), items.all().size() == 1 ? ",)" : ")");
    }

    private void list(String begin, List<Value> all, String end) {
        out.add(begin);
        for (int i = 0; i < all.size(); i++) {
            if (i > 0) out.add(", ");
            add(all.get(i));
        }
        out.add(end);
    }

    private void pairs(String begin, Map<Value, Value> map, String end) {
        out.add(begin);
        var first = true;
        for (var entry : map.entrySet()) {
            if (!first) out.add(", ");
            first = false;
            add(entry.getKey());
            out.add(": ");
            add(entry.getValue());
        }
        out.add(end);
    }

    private void namespace(Value.Namespace n) {
        if (open.put(n, n) != null) {
            out.add("<Namespace {...}>");
            return;
        }
        var attributes = new java.util.LinkedHashMap<Value, Value>();
        n.attributes.forEach((name, value) -> attributes.put(Text.of(name), value));
        pairs("<Namespace {", attributes, "}>");
        open.remove(n);
    }

    /// In single quotes, unless it has some and no double ones.
    private void text(Text t) {
        var s = t.string();
        var quote = s.indexOf('\'') >= 0 && s.indexOf('"') < 0 ? '"' : '\'';
        out.add(t.isMarkup() ? "Markup(" + quote : String.valueOf(quote));
        for (int i = 0; i < s.length(); ) {
            var c = s.codePointAt(i);
            out.add(escaped(c, quote), t.role(i));
            i += Character.charCount(c);
        }
        out.add(t.isMarkup() ? quote + ")" : String.valueOf(quote));
    }

    private static String escaped(int c, char quote) {
        return switch (c) {
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            case '\\' -> "\\\\";
            default   -> {
                if (c == quote) yield "\\" + quote;
                if (Python.isPrintable(c)) yield Character.toString(c);
                yield c < 0x100 ? "\\x%02x".formatted(c) : c < 0x10000 ? "\\u%04x".formatted(c)
                    : "\\U%08x".formatted(c);
            }
        };
    }

    /// Java's shortest digits are at least two, so that one may do.
    private static BigDecimal shortest(double x) {
        var made = new BigDecimal(Double.toString(x)).stripTrailingZeros();
        if (made.precision() != 2) return made;
        var one = made.round(new MathContext(1));
        return one.doubleValue() == x ? one.stripTrailingZeros() : made;
    }

    static String whole(Value.Number n) {
        var i = Value.whole(n);
        if (i.bitLength() > 3.33 * DIGITS)
            throw new TemplateException("a whole number of more than " + DIGITS + " digits cannot be written");
        return i.toString();
    }

    /// The shortest digits that read back as the same number; an exponent below 1e-4 and from 1e16 on.
    static String real(double x) {
        if (Double.isNaN(x)) return "nan";
        if (Double.isInfinite(x)) return x > 0 ? "inf" : "-inf";
        if (x == 0) return 1 / x < 0 ? "-0.0" : "0.0";
        var shortest = shortest(x);
        var digits = shortest.unscaledValue().abs().toString();
        var exponent = digits.length() - 1 - shortest.scale();              // of the first digit
        var sign = x < 0 ? "-" : "";
        if (exponent >= -4 && exponent < 16) {
            var plain = shortest.toPlainString();
            return plain.indexOf('.') < 0 ? plain + ".0" : plain;
        }
        return sign + digits.charAt(0) + (digits.length() > 1 ? "." + digits.substring(1) : "")
            + "e" + (exponent < 0 ? "-" : "+") + (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
    }
}
