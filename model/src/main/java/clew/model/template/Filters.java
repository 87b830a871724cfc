package clew.model.template;

import clew.model.template.Value.Callable.Body;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/// Filters by name. A filter's value is its first argument.
final class Filters {
    private static final Map<String, Body> ALL = all();

    /// Jinja's own that are not here; what they make means nothing to a chat.
    private static final Set<String> LEFT_OUT = Set.of("filesizeformat", "pprint", "random", "striptags", "urlize",
        "wordwrap", "xmlattr");

    private Filters() {}

    private static Map<String, Body> all() {
        var all = new HashMap<String, Body>();
        TextFilters.into(all);
        ListFilters.into(all);
        all.put("default", a -> {
            var b = a.bind("filter 'default'", "value/", "default_value?", "boolean?");
            var missing = b.at(0) instanceof Value.Undefined || b.flag(2) && !Truth.of(b.at(0));
            return missing ? b.or(1, Text.EMPTY) : b.at(0);
        });
        all.put("d", all.get("default"));
        all.put("tojson", a -> JsonWriter.write(a.positional().getFirst(),
            new Arguments(a.positional().subList(1, a.positional().size()), a.named(), a.room())));
        all.put("attr", a -> {
            var b = a.bind("filter 'attr'", "obj/", "name");
            return new Access(a.room()).attributeOnly(b.at(0), b.text(1).string());
        });
        all.put("abs", a -> switch (a.bind("filter 'abs'", "x/").at(0)) {
            case Value.Real(var x)  -> new Value.Real(Math.abs(x));
            case Value.Number n     -> new Value.Int(Value.whole(n).abs());
            case Value v            -> throw Types.not(v, "no number");
        });
        all.put("int", Filters::whole);
        all.put("float", a -> {
            var b = a.bind("filter 'float'", "value/", "default?");
            return switch (b.at(0)) {
                case Value.Undefined u -> throw u.fault();
                case Value.Number n    -> new Value.Real(n.real());
                case Text t            -> Numbers.real(t.string()).<Value>map(Value.Real::new)
                    .orElseGet(() -> b.or(1, new Value.Real(0)));
                default                -> b.or(1, new Value.Real(0));
            };
        });
        all.put("round", Filters::round);
        return Map.copyOf(all);
    }

    static boolean exists(String name) {
        return ALL.containsKey(name);
    }

    static Value call(String name, Arguments given) {
        var filter = ALL.get(name);
        if (filter == null) throw unknown(name);
        return filter.call(given);
    }

    static TemplateException unknown(String name) {
        return new TemplateException(LEFT_OUT.contains(name) ? "filter '" + name + "' is not supported"
            : "no filter has the name '" + name + "'");
    }

    private static Value whole(Arguments a) {
        var b = a.bind("filter 'int'", "value/", "default?", "base?");
        var fallback = b.or(1, Value.of(0));
        return switch (b.at(0)) {
            case Value.Undefined u -> throw u.fault();
            case Value.Real(var x) -> Double.isNaN(x) || Double.isInfinite(x) ? infinite(x, fallback)
                : Numbers.truncated(new Value.Real(x));
            case Value.Number n    -> new Value.Int(Value.whole(n));
            case Text t            -> {
                var whole = Numbers.whole(t.string(), b.whole(2, 10));
                if (whole.isPresent()) yield new Value.Int(whole.get());
                var real = Numbers.real(t.string()).filter(Double::isFinite);
                yield real.<Value>map(x -> Numbers.truncated(new Value.Real(x))).orElse(fallback);
            }
            default                -> fallback;
        };
    }

    /// Python's `int` of an infinity raises what Jinja does not expect.
    private static Value infinite(double x, Value fallback) {
        if (Double.isNaN(x)) return fallback;
        throw new TemplateException("cannot convert float infinity to integer");
    }

    private static Value round(Arguments a) {
        var b = a.bind("filter 'round'", "value/", "precision?", "method?");
        var method = b.has(2) ? b.text(2).string() : "common";
        if (!(b.at(0) instanceof Value.Number n)) throw Types.not(b.at(0), "no number");
        int places = b.whole(1, 0);
        if (method.equals("common")) return Numbers.round(n, places, java.math.RoundingMode.HALF_EVEN);
        if (!method.equals("ceil") && !method.equals("floor"))
            throw new TemplateException("method must be common, ceil or floor");
        if (places < 0 || places > 300) throw new TemplateException("a precision of " + places + " is not supported");
        double scale = Math.pow(10, places), scaled = n.real() * scale;
        return new Value.Real((method.equals("ceil") ? Math.ceil(scaled) : Math.floor(scaled)) / scale);
    }
}
