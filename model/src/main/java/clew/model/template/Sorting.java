package clew.model.template;

import clew.model.template.Arguments.Bound;
import clew.model.template.Value.Callable.Body;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/// Filters that put in order.
final class Sorting {
    private Sorting() {}

    static void into(Map<String, Body> all) {
        all.put("dictsort", a -> {
            var b = a.bind("filter 'dictsort'", "value/", "case_sensitive?", "by?", "reverse?");
            var by = b.has(2) ? b.text(2).string() : "key";
            if (!by.equals("key") && !by.equals("value"))
                throw new TemplateException("You can only sort by either \"key\" or \"value\"");
            if (!(b.at(0) instanceof Value.Dict d)) throw Types.not(b.at(0), "no mapping");
            UnaryOperator<Value> key = pair -> {
                var v = ((Value.Items) pair).all().get(by.equals("key") ? 0 : 1);
                return b.flag(1) ? v : Cases.ignored(v);
            };
            return sorted(DictMethods.items(d, a.room()), key, b.flag(3), a.room());
        });
        all.put("sort", a -> {
            var b = a.bind("filter 'sort'", "value/", "reverse?", "case_sensitive?", "attribute?");
            return sorted(Sequences.all(b.at(0), a.room()), several(b, a.room()), b.flag(1), a.room());
        });
        all.put("min", a -> extreme(a, "min", -1));
        all.put("max", a -> extreme(a, "max", 1));
        all.put("groupby", Sorting::groups);
    }

    /// A list of attributes with commas between them is compared one after another.
    private static UnaryOperator<Value> several(Bound b, Room room) {
        if (!(b.or(3, Value.NONE) instanceof Text names)) return ListFilters.key(b, 2, 3, room);
        var keys = new ArrayList<UnaryOperator<Value>>();
        for (var name : names.string().split(",", -1)) keys.add(ListFilters.attribute(Text.of(name), null, room));
        return v -> Value.list(keys.stream().map(k -> b.flag(2) ? k.apply(v) : Cases.ignored(k.apply(v)))
            .collect(Collectors.toList()));
    }

    private static Value sorted(List<Value> all, UnaryOperator<Value> key, boolean reverse, Room room) {
        record Keyed(Value key, Value value) {}
        var keyed = new ArrayList<Keyed>();
        for (var v : all) keyed.add(new Keyed(key.apply(v), v));
        Comparator<Keyed> order = Comparator.comparing(Keyed::key, new Operators(room)::compare);
        keyed.sort(reverse ? order.reversed() : order);
        return Value.list(keyed.stream().map(Keyed::value).collect(Collectors.toList()));
    }

    private static Value extreme(Arguments a, String name, int sign) {
        var b = a.bind("filter '" + name + "'", "value/", "case_sensitive?", "attribute?");
        var key = ListFilters.key(b, 1, 2, a.room());
        Value best = null;
        for (var it = Sequences.iterate(b.at(0), a.room()); it.hasNext(); ) {
            var v = it.next();
            if (best == null || sign * new Operators(a.room()).compare(key.apply(v), key.apply(best)) > 0) best = v;
        }
        return best != null ? best : new Value.Undefined("No aggregated item, sequence was empty.");
    }

    private static Value groups(Arguments a) {
        var b = a.bind("filter 'groupby'", "value/", "attribute", "default?", "case_sensitive?");
        var look = ListFilters.attribute(b.at(1), b.or(2, Value.NONE), a.room());
        UnaryOperator<Value> key = b.flag(3) ? look : v -> Cases.ignored(look.apply(v));
        var all = ((Value.Items) sorted(Sequences.all(b.at(0), a.room()), key, false, a.room())).all();
        var operators = new Operators(a.room());
        var out = new ArrayList<Value>();
        for (int at = 0; at < all.size(); ) {
            int end = at + 1;
            while (end < all.size() && operators.same(key.apply(all.get(end)), key.apply(all.get(at)))) end++;
            out.add(Value.tuple(look.apply(all.get(at)), Value.list(new ArrayList<>(all.subList(at, end)))));
            at = end;
        }
        return Value.list(out);
    }
}
