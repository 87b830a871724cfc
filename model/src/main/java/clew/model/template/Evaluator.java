package clew.model.template;

import clew.model.template.Expression.Given;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The values of expressions. A fault is given the place of the innermost expression that it came out of.
final class Evaluator {
    private final Room room;
    private final Access access;
    private final Operators operators;

    Evaluator(Room room) {
        this.room = room;
        this.access = new Access(room);
        this.operators = new Operators(room);
    }

    Value value(Expression e, Scope scope) {
        room.step();
        try {
            room.enter();
            try {
                return of(e, scope);
            } finally {
                room.leave();
            }
        } catch (TemplateException fault) {
            throw fault.at(e.line(), e.construct());
        }
    }

    boolean truth(Expression e, Scope scope) {
        return Truth.of(value(e, scope));
    }

    private Value of(Expression e, Scope scope) {
        return switch (e) {
            case Expression.Literal l    -> l.value();
            case Expression.Name n       -> name(n, scope);
            case Expression.Sequence s   -> new Value.Items(values(s.elements(), scope), s.kind());
            case Expression.Mapping m    -> mapping(m, scope);
            case Expression.Attribute a  -> access.attribute(value(a.of(), scope), a.name());
            case Expression.Subscript s  -> access.subscript(value(s.of(), scope), value(s.key(), scope));
            case Expression.Slice s      -> access.slice(value(s.of(), scope), bound(s.from(), scope),
                bound(s.to(), scope), bound(s.step(), scope));
            case Expression.Call c       -> call(value(c.callee(), scope), arguments(c.given(), null, scope));
            case Expression.Filter f     -> {
                if (f.of() == null) throw new IllegalStateException("a filter without a value");
                yield filter(f, value(f.of(), scope), scope);
            }
            case Expression.Test t       -> Value.of(test(t, scope));
            case Expression.Unary u      -> u.operator().equals("not") ? Value.of(!truth(u.of(), scope))
                : operators.negative(u.operator(), value(u.of(), scope));
            case Expression.Binary b     -> operators.apply(b.operator(), value(b.left(), scope),
                value(b.right(), scope));
            case Expression.And a        -> {
                var left = value(a.left(), scope);
                yield Truth.of(left) ? value(a.right(), scope) : left;
            }
            case Expression.Or o         -> {
                var left = value(o.left(), scope);
                yield Truth.of(left) ? left : value(o.right(), scope);
            }
            case Expression.Joined j     -> {
                var out = new Weave(room);
                for (var part : values(j.parts(), scope)) out.add(Repr.str(part, room));
                yield out.text();
            }
            case Expression.Comparison c -> comparison(c, scope);
            case Expression.Choice c     -> {
                if (truth(c.test(), scope)) yield value(c.then(), scope);
                yield c.otherwise() != null ? value(c.otherwise(), scope)
                    : new Value.Undefined("the inline if-expression on line " + c.line()
                        + " evaluated to false and no else section was defined.");
            }
        };
    }

    private static Value name(Expression.Name n, Scope scope) {
        var value = scope.get(n.name());
        return value != null ? value : new Value.Undefined("'" + n.name() + "' is undefined");
    }

    private List<Value> values(List<Expression> all, Scope scope) {
        var values = new ArrayList<Value>(all.size());
        for (var e : all) values.add(value(e, scope));
        return values;
    }

    private Value mapping(Expression.Mapping m, Scope scope) {
        var map = new LinkedHashMap<Value, Value>();
        for (int i = 0; i < m.keys().size(); i++)
            map.put(Types.hashable(value(m.keys().get(i), scope), room), value(m.values().get(i), scope));
        return new Value.Dict(map);
    }

    private Value bound(@Nullable Expression e, Scope scope) {
        return e == null ? Value.NONE : value(e, scope);
    }

    private Value comparison(Expression.Comparison c, Scope scope) {
        var left = value(c.first(), scope);
        for (var with : c.rest()) {
            var right = value(with.with(), scope);
            if (!operators.holds(with.operator(), left, right)) return Value.of(false);
            left = right;
        }
        return Value.of(true);
    }

    Value filter(Expression.Filter f, Value of, Scope scope) {
        try {
            return Filters.call(f.name(), arguments(f.given(), of, scope));
        } catch (TemplateException fault) {
            throw fault.at(f.line(), f.construct());
        }
    }

    private boolean test(Expression.Test t, Scope scope) {
        var of = value(t.of(), scope);
        return Tests.call(t.name(), arguments(t.given(), of, scope));
    }

    Arguments arguments(Given given, @Nullable Value first, Scope scope) {
        var positional = new ArrayList<Value>();
        if (first != null) positional.add(first);
        for (var e : given.positional()) positional.add(value(e, scope));
        Map<String, Value> named = new LinkedHashMap<>();
        for (var k : given.named())
            if (named.put(k.name(), value(k.value(), scope)) != null)
                throw new TemplateException("argument '" + k.name() + "' is given twice");
        if (given.more() != null) positional.addAll(Sequences.all(value(given.more(), scope), room));
        if (given.moreNamed() != null) {
            if (!(value(given.moreNamed(), scope) instanceof Value.Dict(var more)))
                throw new TemplateException("what follows ** is no mapping");
            more.forEach((name, value) -> {
                if (named.put(Types.text(name, "**").string(), value) != null)
                    throw new TemplateException("argument '" + name + "' is given twice");
            });
        }
        return new Arguments(positional, named, room);
    }

    Value call(Value callee, Arguments given) {
        return switch (callee) {
            case Value.Callable c  -> c.body().call(given);
            case Loop l            -> l.call(given);
            case Value.Undefined u -> throw u.fault();
            default                ->
                throw new TemplateException("'" + Types.name(callee) + "' object is not callable");
        };
    }
}
