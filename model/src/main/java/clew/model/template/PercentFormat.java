package clew.model.template;

import java.util.List;
import java.util.regex.Pattern;

/// `"%s: %5.2f" % values`
final class PercentFormat {
    private static final Pattern FIELD = Pattern.compile(
        "%(?:\\(([^)]*)\\))?([-#0 +]*)(\\*|\\d+)?(?:\\.(\\*|\\d*))?[hlL]?(.?)", Pattern.DOTALL);

    private final Text format;
    private final Value values;
    private final List<Value> positional;
    private final Room room;
    private final Weave out;
    private int next;
    private boolean byName;

    private PercentFormat(Text format, Value values, Room room) {
        this.format = format;
        this.values = values;
        this.room = room;
        this.out = new Weave(room);
        this.positional = values instanceof Value.Items i && i.kind() == Value.Items.Kind.TUPLE ? i.all()
            : List.of(values);
    }

    static Text of(Text format, Value values, Room room) {
        var made = new PercentFormat(format, values, room).run();
        return format.isMarkup() ? made.markup() : made;
    }

    private Text run() {
        var m = FIELD.matcher(format.string());
        int done = 0;
        while (done < format.string().length() && m.find(done)) {
            out.add(format, done, m.start());
            done = m.end();
            field(m.group(1), m.group(2), m.group(3), m.group(4), m.group(5));
        }
        if (next < positional.size() && !byName && !isMapping())
            throw new TemplateException("not all arguments converted during string formatting");
        return out.add(format, done, format.string().length()).text();
    }

    /// What Python takes for a mapping here: whatever has elements by key, save tuples and strings.
    private boolean isMapping() {
        return switch (values) {
            case Value.Items i -> i.kind() == Value.Items.Kind.LIST;
            case Value.Dict _, Value.Range _, Value.Undefined _ -> true;
            default -> false;
        };
    }

    private void field(String name, String flags, String width, String precision, String kind) {
        if (kind.equals("%")) {
            out.add("%");
            return;
        }
        int wide = width == null ? 0 : width.equals("*") ? Types.whole(take(), "%") : number(width);
        int digits = precision == null ? -1 : precision.equals("*") ? Types.whole(take(), "%")
            : precision.isEmpty() ? 0 : number(precision);
        if (kind.isEmpty()) throw new TemplateException("incomplete format");
        var value = name == null ? take() : named(name);
        var left = flags.indexOf('-') >= 0 || wide < 0;
        var spec = new BraceFormat.Spec(" ", left ? '<' : '>', flags.indexOf('+') >= 0 ? '+'
            : flags.indexOf(' ') >= 0 ? ' ' : '-', flags.indexOf('#') >= 0, "", Math.abs(wide), digits, kind.charAt(0));
        if ("srac".contains(kind)) out.add(spec.padded(text(value, kind.charAt(0), digits), room));
        else out.add(number(value, spec, flags.indexOf('0') >= 0 && !left));
    }

    private static int number(String digits) {
        return digits.length() > 9 ? Integer.MAX_VALUE : Integer.parseInt(digits);
    }

    private Value take() {
        if (next >= positional.size()) throw new TemplateException("not enough arguments for format string");
        return positional.get(next++);
    }

    private Value named(String name) {
        byName = true;
        if (!(values instanceof Value.Dict(var map))) throw new TemplateException("format requires a mapping");
        var found = map.get(Text.of(name));
        if (found == null) throw new TemplateException("the mapping has no '" + name + "'");
        return found;
    }

    private Text text(Value value, char kind, int digits) {
        var text = switch (kind) {
            case 's' -> Repr.str(value, room);
            case 'c' -> character(value);
            default  -> Repr.repr(value, room);
        };
        if (format.isMarkup()) text = Html.escape(value instanceof Text t && t.isMarkup() ? t : text, room);
        return digits >= 0 && digits < text.length() ? text.slice(0, digits) : text;
    }

    private Text character(Value value) {
        if (value instanceof Text t && t.length() == 1) return t;
        var code = Types.whole(value, "%c");
        if (code < 0 || code > Character.MAX_CODE_POINT) throw new TemplateException("%c arg not in range(0x110000)");
        return Text.of(Character.toString(code));
    }

    private Text number(Value value, BraceFormat.Spec spec, boolean zeros) {
        if (!(value instanceof Value.Number n))
            throw Types.not(value, "no number for %" + spec.kind());
        var filled = zeros ? spec.filled() : spec;
        return switch (spec.kind()) {
            case 'd', 'i', 'u'                     -> filled.whole(Numbers.truncated(n).value(), 'd', room);
            case 'x', 'X', 'o'                     -> {
                if (n instanceof Value.Real) throw new TemplateException("%" + spec.kind() + " wants a whole number");
                yield filled.whole(Value.whole(n), spec.kind(), room);
            }
            case 'e', 'E', 'f', 'F', 'g', 'G'      -> filled.real(n.real(), spec.kind(), room);
            default -> throw new TemplateException("unsupported format character '" + spec.kind() + "'");
        };
    }
}
