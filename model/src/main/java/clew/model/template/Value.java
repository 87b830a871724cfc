package clew.model.template;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a template computes with: Python's values, as far as templates meet them. `equals` is Python's `==`.
sealed interface Value permits Text, Value.Undefined, Value.None, Value.Number, Value.Items, Value.Dict, Value.Range,
    Value.View, Value.Stream, Value.Namespace, Value.Callable, Loop {

    /// Nothing was found; most uses of it fail, with this message.
    record Undefined(String message) implements Value {
        TemplateException fault() {
            return new TemplateException(message);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Undefined;
        }

        @Override
        public int hashCode() {
            return 0;
        }
    }

    record None() implements Value {}

    None NONE = new None();

    /// Numbers of different kinds are equal if they are the same number, truth values being 1 and 0.
    sealed interface Number extends Value {
        double real();

        private static boolean same(Number a, Object b) {
            if (!(b instanceof Number n)) return false;
            if (a instanceof Real || n instanceof Real) {
                if (!Double.isFinite(a.real()) || !Double.isFinite(n.real())) return a.real() == n.real();
                return exact(a).compareTo(exact(n)) == 0;
            }
            return whole(a).equals(whole(n));
        }

        private static int hash(Number a) {
            if (!(a instanceof Real(var x))) return whole(a).hashCode();
            if (x != Math.rint(x) || Double.isInfinite(x)) return Double.hashCode(x);
            return new BigDecimal(x).toBigInteger().hashCode();
        }
    }

    /// The exact value of a finite number.
    static BigDecimal exact(Number n) {
        return n instanceof Real(var x) ? new BigDecimal(x) : new BigDecimal(whole(n));
    }

    /// The value of a number that is whole by its kind.
    static BigInteger whole(Number n) {
        return switch (n) {
            case Bool(var b) -> b ? BigInteger.ONE : BigInteger.ZERO;
            case Int(var i)  -> i;
            case Real r      -> throw new IllegalArgumentException(r + " is no whole number");
        };
    }

    record Bool(boolean value) implements Number {
        @Override public double real()            { return value ? 1 : 0; }
        @Override public boolean equals(Object o) { return Number.same(this, o); }
        @Override public int hashCode()           { return Number.hash(this); }
    }

    static Bool of(boolean value) {
        return new Bool(value);
    }

    record Int(BigInteger value) implements Number {
        @Override public double real()            { return value.doubleValue(); }
        @Override public boolean equals(Object o) { return Number.same(this, o); }
        @Override public int hashCode()           { return Number.hash(this); }
    }

    static Int of(long value) {
        return new Int(BigInteger.valueOf(value));
    }

    record Real(double value) implements Number {
        @Override public double real()            { return value; }
        @Override public boolean equals(Object o) { return Number.same(this, o); }
        @Override public int hashCode()           { return Number.hash(this); }
    }

    /// A list or a tuple.
    record Items(List<Value> all, Kind kind) implements Value {
        enum Kind { LIST, TUPLE }
    }

    static Items list(List<Value> all) {
        return new Items(all, Items.Kind.LIST);
    }

    static Items tuple(Value... all) {
        return new Items(List.of(all), Items.Kind.TUPLE);
    }

    /// A mapping in the order of its making.
    record Dict(Map<Value, Value> map) implements Value {
        Dict() {
            this(new LinkedHashMap<>());
        }
    }

    /// `range(start, stop, step)` by its first number, its step and its length.
    record Range(long start, long step, int length) implements Value {
        long at(int i) {
            return start + i * step;
        }

        long stop() {
            return stop(this);
        }

        private static long stop(Range r) {
            return r.start + r.length * r.step;
        }
    }

    /// Keys, values or items of a mapping: `dict_items`.
    record View(String type, List<Value> all) implements Value {}

    /// What can be gone through once: what `map` or `select` returns.
    ///
    /// @param type its Python name: `generator`
    record Stream(String type, Iterator<Value> rest) implements Value {}

    /// The one thing that a template may change.
    final class Namespace implements Value {
        final Map<String, Value> attributes = new LinkedHashMap<>();
    }

    /// A function, a method with its object, or a macro.
    record Callable(String type, String name, Body body) implements Value {
        interface Body {
            Value call(Arguments arguments);
        }
    }
}
