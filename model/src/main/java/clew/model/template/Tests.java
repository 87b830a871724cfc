package clew.model.template;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/// Tests by name: what `is` asks.
final class Tests {
    private static final Map<String, Predicate<Arguments>> ALL = all();

    private Tests() {}

    private static Map<String, Predicate<Arguments>> all() {
        var all = new HashMap<String, Predicate<Arguments>>();
        one(all, "defined",   v -> !(v instanceof Value.Undefined));
        one(all, "undefined", v -> v instanceof Value.Undefined);
        one(all, "none",      v -> v instanceof Value.None);
        one(all, "boolean",   v -> v instanceof Value.Bool);
        one(all, "true",      v -> v instanceof Value.Bool(var b) && b);
        one(all, "false",     v -> v instanceof Value.Bool(var b) && !b);
        one(all, "integer",   v -> v instanceof Value.Int);
        one(all, "float",     v -> v instanceof Value.Real);
        one(all, "number",    v -> v instanceof Value.Number);
        one(all, "string",    v -> v instanceof Text);
        one(all, "mapping",   v -> v instanceof Value.Dict);
        one(all, "iterable",  Sequences::isIterable);
        one(all, "sequence",  v -> v instanceof Text || v instanceof Value.Undefined || v instanceof Value.Items
            || v instanceof Value.Dict || v instanceof Value.Range);
        one(all, "callable",  v -> v instanceof Value.Callable || v instanceof Value.Undefined || v instanceof Loop);
        one(all, "escaped",   v -> v instanceof Text t && t.isMarkup());
        one(all, "filter",    v -> v instanceof Text t && Filters.exists(t.string()));
        one(all, "test",      v -> v instanceof Text t && exists(t.string()));
        all.put("lower", a -> {
            var s = Repr.str(a.bind("test 'lower'", "value/").at(0), a.room()).string();
            return Cases.all(s, Character::isLowerCase, Character::isUpperCase);
        });
        all.put("upper", a -> {
            var s = Repr.str(a.bind("test 'upper'", "value/").at(0), a.room()).string();
            return Cases.all(s, Character::isUpperCase, Character::isLowerCase);
        });
        all.put("odd", a -> modulo(a, "odd", Value.of(2)).equals(Value.of(1)));
        all.put("even", a -> modulo(a, "even", Value.of(2)).equals(Value.of(0)));
        all.put("divisibleby", a -> {
            var b = a.bind("test 'divisibleby'", "value/", "num");
            return new Operators(a.room()).apply("%", b.at(0), b.at(1)).equals(Value.of(0));
        });
        all.put("sameas", a -> {
            var b = a.bind("test 'sameas'", "value/", "other");
            return same(b.at(0), b.at(1));
        });
        two(all, "in", "in");
        two(all, "==", "==", "eq", "equalto");
        two(all, "!=", "!=", "ne");
        two(all, "<", "<", "lt", "lessthan");
        two(all, "<=", "<=", "le");
        two(all, ">", ">", "gt", "greaterthan");
        two(all, ">=", ">=", "ge");
        return Map.copyOf(all);
    }

    private static void one(Map<String, Predicate<Arguments>> all, String name, Predicate<Value> test) {
        all.put(name, a -> test.test(a.bind("test '" + name + "'", "value/").at(0)));
    }

    private static void two(Map<String, Predicate<Arguments>> all, String operator, String... names) {
        for (var name : names)
            all.put(name, a -> {
                var b = a.bind("test '" + name + "'", "value/", "other");
                return new Operators(a.room()).holds(operator, b.at(0), b.at(1));
            });
    }

    private static Value modulo(Arguments a, String name, Value by) {
        return new Operators(a.room()).apply("%", a.bind("test '" + name + "'", "value/").at(0), by);
    }

    /// The same object; constants and small numbers have one each.
    private static boolean same(Value a, Value b) {
        return a == b || a instanceof Value.None && b instanceof Value.None
            || a instanceof Value.Bool && b instanceof Value.Bool && a.equals(b)
            || a instanceof Value.Int x && b instanceof Value.Int && a.equals(b) && x.value().bitLength() < 9
            || a instanceof Text && b instanceof Text && a.equals(b);
    }

    static boolean exists(String name) {
        return ALL.containsKey(name);
    }

    static boolean call(String name, Arguments given) {
        var test = ALL.get(name);
        if (test == null) throw unknown(name);
        return test.test(given);
    }

    static TemplateException unknown(String name) {
        return new TemplateException("no test has the name '" + name + "'");
    }
}
