package clew.model.template;

import clew.model.template.Arguments.Bound;
import clew.model.template.Value.Callable.Body;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Filters that go through values. What Python makes lazily is lazy here: it can be gone through once.
final class ListFilters {
    private ListFilters() {}

    static void into(Map<String, Body> all) {
        for (var name : new String[] {"length", "count"})
            all.put(name, a -> Value.of(Sequences.length(a.bind("filter '" + name + "'", "obj/").at(0))));
        all.put("list", a -> Value.list(Sequences.all(a.bind("filter 'list'", "value/").at(0), a.room())));
        all.put("items", a -> stream(pairs(a.bind("filter 'items'", "value/").at(0), a.room())));
        all.put("first", a -> {
            var it = Sequences.iterate(a.bind("filter 'first'", "seq/").at(0), a.room());
            return it.hasNext() ? it.next() : new Value.Undefined("No first item, sequence was empty.");
        });
        all.put("last", a -> {
            var of = a.bind("filter 'last'", "seq/").at(0);
            var it = Sequences.reversed(of, a.room());
            return it.hasNext() ? it.next() : new Value.Undefined("No last item, sequence was empty.");
        });
        all.put("reverse", a -> reverse(a.bind("filter 'reverse'", "value/").at(0), a.room()));
        all.put("join", ListFilters::join);
        all.put("sum", ListFilters::sum);
        all.put("map", ListFilters::map);
        all.put("select", a -> select(a, "select", false, true));
        all.put("reject", a -> select(a, "reject", false, false));
        all.put("selectattr", a -> select(a, "selectattr", true, true));
        all.put("rejectattr", a -> select(a, "rejectattr", true, false));
        all.put("batch", ListFilters::batch);
        all.put("slice", ListFilters::slice);
        all.put("unique", ListFilters::unique);
        Sorting.into(all);
    }

    private static Value.Stream stream(Iterator<Value> rest) {
        return new Value.Stream("generator", rest);
    }

    /// The pairs of a mapping; another value is refused when it is gone through.
    private static Iterator<Value> pairs(Value of, Room room) {
        return switch (of) {
            case Value.Undefined _ -> List.<Value>of().iterator();
            case Value.Dict d      -> DictMethods.items(d, room).iterator();
            default                -> new Kept(List.<Value>of(of).iterator(), _ -> {
                throw new TemplateException("Can only get item pairs from a mapping.");
            });
        };
    }

    private static Value reverse(Value of, Room room) {
        if (of instanceof Text t) {
            var out = new Weave(room);
            room.take(t.length());
            for (int i = t.string().length(); i > 0; ) {
                int from = i - Character.charCount(t.string().codePointBefore(i));
                out.add(t, from, i);
                i = from;
            }
            return out.text();
        }
        if (of instanceof Value.Stream s) return Value.list(Sequences.all(s, room).reversed());
        if (!Sequences.isIterable(of) && !(of instanceof Value.Undefined))
            throw new TemplateException("argument must be iterable");
        return new Value.Stream(Types.name(of) + "_reverseiterator", Sequences.reversed(of, room));
    }

    /// What an attribute by name is of an element: `"a.b.0"`. Where there is none: the fallback.
    static UnaryOperator<Value> attribute(Value name, @Nullable Value fallback, Room room) {
        if (name instanceof Value.None) return v -> v;
        var parts = new ArrayList<Value>();
        if (name instanceof Text t)
            for (var part : t.string().split("\\.", -1))
                parts.add(part.matches("\\d{1,18}") ? Value.of(Long.parseLong(part)) : Text.of(part));
        else parts.add(name);
        var access = new Access(room);
        return element -> {
            var value = element;
            for (var part : parts) {
                value = access.subscript(value, part);
                if (value instanceof Value.Undefined && fallback != null && !(fallback instanceof Value.None))
                    value = fallback;
            }
            return value;
        };
    }

    private static Value join(Arguments a) {
        var b = a.bind("filter 'join'", "value/", "d?", "attribute?");
        var between = Repr.str(b.or(1, Text.EMPTY), a.room());
        var of = attribute(b.or(2, Value.NONE), null, a.room());
        var out = new Weave(a.room());
        var first = true;
        for (var it = Sequences.iterate(b.at(0), a.room()); it.hasNext(); first = false) {
            if (!first) out.add(between);
            out.add(Repr.str(of.apply(it.next()), a.room()));
        }
        return out.text();
    }

    private static Value sum(Arguments a) {
        var b = a.bind("filter 'sum'", "iterable/", "attribute?", "start?");
        var of = attribute(b.or(1, Value.NONE), null, a.room());
        var sum = b.or(2, Value.of(0));
        if (sum instanceof Text) throw new TemplateException("sum() can't sum strings");
        var operators = new Operators(a.room());
        for (var it = Sequences.iterate(b.at(0), a.room()); it.hasNext(); )
            sum = operators.apply("+", sum, of.apply(it.next()));
        return sum;
    }

    private static Value map(Arguments a) {
        var of = of(a, "map");
        if (!Truth.of(of)) return stream(List.<Value>of().iterator());
        var rest = a.positional().subList(1, a.positional().size());
        UnaryOperator<Value> each;
        if (rest.isEmpty() && a.named().containsKey("attribute")) {
            var b = new Arguments(List.of(), a.named(), a.room()).bind("filter 'map'", "attribute", "default?");
            each = attribute(b.at(0), b.or(1, Value.NONE), a.room());
        } else if (rest.isEmpty()) throw new TemplateException("map requires a filter argument");
        else {
            var name = Types.text(rest.getFirst(), "filter 'map'").string();
            each = v -> Filters.call(name, with(v, rest.subList(1, rest.size()), a));
        }
        var it = Sequences.iterate(of, a.room());
        return stream(new Iterator<>() {
            @Override
            public boolean hasNext() {
                return it.hasNext();
            }

            @Override
            public Value next() {
                return each.apply(it.next());
            }
        });
    }

    private static Value of(Arguments a, String filter) {
        if (a.positional().isEmpty()) throw new TemplateException("filter '" + filter + "' lacks its value");
        return a.positional().getFirst();
    }

    private static Arguments with(Value first, List<Value> rest, Arguments a) {
        var all = new ArrayList<>(List.of(first));
        all.addAll(rest);
        return new Arguments(all, a.named(), a.room());
    }

    /// @param byAttribute whether the test looks at an attribute, named first
    /// @param wanted      what the test says of elements that stay
    private static Value select(Arguments a, String name, boolean byAttribute, boolean wanted) {
        var of = of(a, name);
        if (!Truth.of(of)) return stream(List.<Value>of().iterator());
        var rest = a.positional().subList(1, a.positional().size());
        if (byAttribute && rest.isEmpty()) throw new TemplateException("Missing parameter for attribute name");
        var look = byAttribute ? attribute(rest.getFirst(), null, a.room()) : UnaryOperator.<Value>identity();
        var tested = byAttribute ? rest.subList(1, rest.size()) : rest;
        Predicate<Value> test = tested.isEmpty() ? Truth::of
            : v -> Tests.call(Types.text(tested.getFirst(), "filter '" + name + "'").string(),
                with(v, tested.subList(1, tested.size()), a));
        return stream(new Kept(Sequences.iterate(of, a.room()), v -> test.test(look.apply(v)) == wanted));
    }

    private static Value unique(Arguments a) {
        var b = a.bind("filter 'unique'", "value/", "case_sensitive?", "attribute?");
        var key = key(b, 1, 2, a.room());
        var seen = new HashSet<Value>();
        return stream(new Kept(Sequences.iterate(b.at(0), a.room()),
            v -> seen.add(Types.hashable(key.apply(v), a.room()))));
    }

    /// What an element is compared by: its attribute, if one is named, without its case unless that counts.
    static UnaryOperator<Value> key(Bound b, int sensitive, int attribute, Room room) {
        var look = attribute(b.or(attribute, Value.NONE), null, room);
        return b.flag(sensitive) ? look : v -> Cases.ignored(look.apply(v));
    }

    private static Value batch(Arguments a) {
        var b = a.bind("filter 'batch'", "value/", "linecount", "fill_with?");
        int size = b.whole(1, 0);
        var out = new ArrayList<Value>();
        List<Value> row = new ArrayList<>();
        for (var it = Sequences.iterate(b.at(0), a.room()); it.hasNext(); ) {
            if (row.size() == size) {
                out.add(Value.list(row));
                row = new ArrayList<>();
            }
            row.add(it.next());
        }
        if (!row.isEmpty()) {
            var fill = b.or(2, Value.NONE);
            if (!(fill instanceof Value.None)) {
                a.room().take(Math.max(0, size));
                while (row.size() < size) row.add(fill);
            }
            out.add(Value.list(row));
        }
        return stream(out.iterator());
    }

    private static Value slice(Arguments a) {
        var b = a.bind("filter 'slice'", "value/", "slices", "fill_with?");
        var all = Sequences.all(b.at(0), a.room());
        int slices = b.whole(1, 0);
        if (slices == 0) throw new TemplateException("division by zero");
        a.room().take(Math.max(0, slices));
        int each = Math.floorDiv(all.size(), slices), longer = Math.floorMod(all.size(), slices), at = 0;
        var out = new ArrayList<Value>();
        for (int i = 0; i < slices; i++) {
            int end = at + each + (i < longer ? 1 : 0);
            var part = new ArrayList<>(all.subList(at, end));
            if (!(b.or(2, Value.NONE) instanceof Value.None) && i >= longer) part.add(b.at(2));
            out.add(Value.list(part));
            at = end;
        }
        return stream(out.iterator());
    }
}
