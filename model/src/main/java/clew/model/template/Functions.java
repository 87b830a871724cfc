package clew.model.template;

import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The functions that every template may call.
final class Functions {
    private static final int LONGEST_RANGE = 100_000;

    private Functions() {}

    /// @param now what `strftime_now` tells
    static Map<String, Value> all(LocalDateTime now) {
        var all = new HashMap<String, Value>();
        add(all, "range", Functions::range);
        add(all, "dict", a -> new Value.Dict(mapping(a)));
        add(all, "namespace", a -> {
            var made = new Value.Namespace();
            mapping(a).forEach((name, value) -> made.attributes.put(Repr.str(name, a.room()).string(), value));
            return made;
        });
        add(all, "joiner", a -> {
            var between = a.bind("joiner", "sep?").or(0, Text.of(", "));
            var used = new boolean[1];
            return new Value.Callable("Joiner", "joiner", _ -> {
                var first = !used[0];
                used[0] = true;
                return first ? Text.EMPTY : between;
            });
        });
        add(all, "cycler", Functions::cycler);
        add(all, "lipsum", _ -> {
            throw new TemplateException("function 'lipsum' is not supported");
        });
        add(all, "raise_exception", a -> {
            throw new TemplateException(Repr.str(a.bind("raise_exception", "message").at(0), a.room()).string());
        });
        add(all, "strftime_now", a ->
            Text.of(Strftime.format(a.bind("strftime_now", "format").text(0).string(), now)));
        return all;
    }

    private static void add(Map<String, Value> all, String name, Value.Callable.Body body) {
        all.put(name, new Value.Callable("function", name, body));
    }

    private static Value range(Arguments a) {
        var b = a.bind("range", "start/", "stop/?", "step/?");
        long start = b.has(1) ? b.whole(0, 0) : 0, stop = b.whole(b.has(1) ? 1 : 0, 0), step = b.whole(2, 1);
        if (step == 0) throw new TemplateException("range() arg 3 must not be zero");
        long length = Math.max(0, step > 0 ? (stop - start + step - 1) / step : (start - stop - step - 1) / -step);
        if (length > LONGEST_RANGE)
            throw new TemplateException("range too big: a template's ranges end at " + LONGEST_RANGE + " elements");
        return new Value.Range(start, step, (int) length);
    }

    /// Python's `dict(mapping or pairs, **named)`.
    private static Map<Value, Value> mapping(Arguments a) {
        var map = new LinkedHashMap<Value, Value>();
        if (a.positional().size() > 1) throw new TemplateException("dict expected at most 1 argument");
        for (var given : a.positional()) {
            a.room().take(1);
            if (given instanceof Value.Dict(var other))
                other.forEach((key, value) -> map.put(Types.hashable(key, a.room()), value));
            else for (var pair : Sequences.all(given, a.room())) {
                var two = Sequences.all(pair, a.room());
                if (two.size() != 2) throw new TemplateException("a mapping is made of pairs");
                map.put(Types.hashable(two.get(0), a.room()), two.get(1));
            }
        }
        a.named().forEach((name, value) -> map.put(Text.of(name), value));
        a.room().take(map.size());
        return map;
    }

    private static Value cycler(Arguments a) {
        var items = List.copyOf(a.positional());
        if (items.isEmpty()) throw new TemplateException("at least one item has to be provided");
        var at = new int[1];
        var made = new Value.Namespace();
        made.attributes.put("next", new Value.Callable("method", "next", _ -> {
            var current = items.get(at[0]);
            at[0] = (at[0] + 1) % items.size();
            made.attributes.put("current", items.get(at[0]));
            return current;
        }));
        made.attributes.put("reset", new Value.Callable("method", "reset", _ -> {
            at[0] = 0;
            made.attributes.put("current", items.getFirst());
            return Value.NONE;
        }));
        made.attributes.put("current", items.getFirst());
        return made;
    }
}
