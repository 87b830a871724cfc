package clew.model.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Attributes, subscripts and slices. What is not there is undefined, and says so when it is used.
///
/// @param room what slices are taken from
record Access(Room room) {
    /// Methods that would change their object.
    private static final Set<String> LIST_CHANGING = Set.of("append", "clear", "extend", "insert", "pop", "remove",
        "reverse", "sort");
    private static final Set<String> DICT_CHANGING = Set.of("clear", "pop", "popitem", "setdefault", "update");

    /// What Python's numbers have and no chat needs.
    private static final Set<String> NUMERIC = Set.of("as_integer_ratio", "bit_count", "bit_length", "conjugate",
        "denominator", "fromhex", "from_bytes", "hex", "imag", "is_integer", "numerator", "real", "to_bytes");

    /// `of.name`: an attribute, or else a key.
    Value attribute(Value of, String name) {
        if (of instanceof Value.Undefined u) throw u.fault();
        var found = own(of, name);
        if (found == null && of instanceof Value.Dict(var map)) found = map.get(Text.of(name));
        return found != null ? found : missing(of, name);
    }

    /// An attribute, never a key.
    Value attributeOnly(Value of, String name) {
        if (of instanceof Value.Undefined u) throw u.fault();
        var found = own(of, name);
        return found != null ? found : missing(of, name);
    }

    /// `of[key]`: a key or a place, or else an attribute.
    Value subscript(Value of, Value key) {
        if (of instanceof Value.Undefined u) throw u.fault();
        var found = element(of, key);
        if (found == null && key instanceof Text name) found = own(of, name.string());
        if (found != null) return found;
        return key instanceof Text name ? missing(of, name.string())
            : new Value.Undefined(object(of) + " has no element " + Repr.repr(key, room));
    }

    private static Value.Undefined missing(Value of, String name) {
        return new Value.Undefined("'" + object(of) + "' has no attribute '" + name + "'");
    }

    private static String object(Value of) {
        return of instanceof Value.None ? "None" : Types.name(of) + " object";
    }

    private @Nullable Value own(Value of, String name) {
        if (name.startsWith("_"))
            return new Value.Undefined("access to attribute '" + name + "' of '" + Types.name(of)
                + "' object is unsafe");
        return switch (of) {
            case Text t            -> TextMethods.of(t, name);
            case Value.Dict d      -> DICT_CHANGING.contains(name) ? unsafe(of, name) : DictMethods.of(d, name, room);
            case Value.Items i     -> items(i, name);
            case Value.Namespace n -> n.attributes.get(name);
            case Loop l            -> l.attribute(name);
            case Value.Callable c  -> name.equals("name") && c.type().equals("Macro") ? Text.of(c.name()) : null;
            case Value.Number n when NUMERIC.contains(name) ->
                throw new TemplateException("attribute '" + name + "' of a number is not supported");
            default                -> null;
        };
    }

    private static Value.Undefined unsafe(Value of, String name) {
        return new Value.Undefined("'" + name + "' would change a " + Types.name(of)
            + ", which a template may not; make a new one");
    }

    private @Nullable Value items(Value.Items of, String name) {
        var list = of.kind() == Value.Items.Kind.LIST;
        if (list && LIST_CHANGING.contains(name)) return unsafe(of, name);
        return switch (name) {
            case "index" -> new Value.Callable("builtin_function_or_method", name, a -> {
                var wanted = a.bind("index", "value/").at(0);
                for (int at = 0; at < of.all().size(); at++)
                    if (new Operators(room).same(of.all().get(at), wanted)) return Value.of(at);
                throw new TemplateException("the value is not in the " + Types.name(of));
            });
            case "count" -> new Value.Callable("builtin_function_or_method", name, a -> {
                var wanted = a.bind("count", "value/").at(0);
                return Value.of(of.all().stream().filter(v -> new Operators(room).same(v, wanted)).count());
            });
            case "copy"  -> list ? new Value.Callable("builtin_function_or_method", name, _ -> of) : null;
            default      -> null;
        };
    }

    private @Nullable Value element(Value of, Value key) {
        if (of instanceof Value.Dict(var map)) {
            return Types.isHashable(key, room) ? map.get(key) : null;
        }
        if (!(key instanceof Value.Number n) || n instanceof Value.Real || !isSequence(of)) return null;
        int length = Sequences.length(of), at = Types.clamp(Value.whole(n));
        if (at < 0) at += length;
        if (at < 0 || at >= length) return null;
        return switch (of) {
            case Text t        -> {
                if (!t.isFlat()) room.take(length);
                yield t.slice(at, at + 1);
            }
            case Value.Items i -> i.all().get(at);
            case Value.Range r -> Value.of(r.at(at));
            default            -> null;
        };
    }

    private static boolean isSequence(Value of) {
        return of instanceof Text || of instanceof Value.Items || of instanceof Value.Range;
    }

    /// `of[from:to:step]`, each of which may be missing.
    Value slice(Value of, Value from, Value to, Value step) {
        if (of instanceof Value.Undefined u) throw u.fault();
        if (!isSequence(of)) throw new TemplateException("'" + Types.name(of) + "' object cannot be cut");
        if (!isBound(from) || !isBound(to) || !isBound(step))
            throw new TemplateException("slice indices must be integers or None");
        int stride = step instanceof Value.None ? 1 : Types.whole(step, "slice");
        if (stride == 0) throw new TemplateException("slice step cannot be zero");
        var length = Sequences.length(of);
        int begin = bound(from, stride > 0 ? 0 : length - 1, length, stride);
        int end = bound(to, stride > 0 ? length : -1, length, stride);
        long count = Math.max(0, ((long) end - begin + stride - Integer.signum(stride)) / stride);
        room.take(count);
        return switch (of) {
            case Text t when stride == 1 -> t.slice(begin, begin + (int) count);
            case Text t                  -> {
                var out = new Weave(room);
                if (!t.isFlat()) room.take(count * length);
                for (long i = begin, k = 0; k < count; i += stride, k++) out.add(t.slice((int) i, (int) i + 1));
                yield t.isMarkup() ? out.text().markup() : out.text();
            }
            case Value.Items items       -> new Value.Items(picked(items.all(), begin, stride, count), items.kind());
            case Value.Range r           -> new Value.Range(count == 0 ? r.start() : r.at(begin), r.step() * stride,
                (int) count);
            default                      -> throw new IllegalStateException();
        };
    }

    private static boolean isBound(Value v) {
        return v instanceof Value.None || v instanceof Value.Int || v instanceof Value.Bool;
    }

    /// Python's rule: a negative place counts from the end, one beyond an end is that end.
    private static int bound(Value value, int fallback, int length, int stride) {
        if (value instanceof Value.None) return fallback;
        int at = Types.whole(value, "slice");
        if (at < 0) at += length;
        if (at < 0) return stride > 0 ? 0 : -1;
        return Math.min(at, stride > 0 ? length : length - 1);
    }

    private static List<Value> picked(List<Value> all, int begin, int stride, long count) {
        var out = new ArrayList<Value>();
        for (long i = begin, k = 0; k < count; i += stride, k++) out.add(all.get((int) i));
        return out;
    }
}
