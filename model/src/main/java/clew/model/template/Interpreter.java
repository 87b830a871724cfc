package clew.model.template;

import clew.model.template.Statement.Flow;
import clew.model.template.Statement.Target;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// Runs a template.
final class Interpreter {
    private final Room room;
    private final Evaluator evaluator;

    Interpreter(Room room) {
        this.room = room;
        this.evaluator = new Evaluator(room);
    }

    Text render(List<Statement> template, Scope scope) {
        var out = new Weave(room);
        run(template, scope, out);
        return out.text();
    }

    private Flow run(List<Statement> body, Scope scope, Weave out) {
        room.enter();
        try {
            for (var statement : body) {
                room.step();
                var flow = run(statement, scope, out);
                if (flow != Flow.ON) return flow;
            }
            return Flow.ON;
        } finally {
            room.leave();
        }
    }

    private Flow run(Statement statement, Scope scope, Weave out) {
        switch (statement) {
            case Statement.Data(var text)       -> out.add(text);
            case Statement.Output(var values)   -> {
                for (var v : values) output(v, scope, out);
            }
            case Statement.If i                 -> {
                for (var branch : i.branches())
                    if (evaluator.truth(branch.test(), scope)) return run(branch.body(), scope, out);
                return run(i.otherwise(), scope, out);
            }
            case Statement.For f                -> { return loop(f, scope, out); }
            case Statement.Set s                ->
                placed(s.line(), "set", () -> assign(s.target(), evaluator.value(s.value(), scope), scope));
            case Statement.SetBlock s           -> { return setBlock(s, scope); }
            case Statement.Macro m              ->
                scope.set(m.name(), new Macro(m.name(), m.signature(), m.body(), scope, m.line()).callable());
            case Statement.CallBlock c          ->
                placed(c.line(), "call", () -> out.add(Repr.str(call(c, scope), room)));
            case Statement.FilterBlock(var filter, var body) -> {
                var inside = new Weave(room);
                var flow = run(body, new Scope(scope), inside);
                out.add(Repr.str(filtered(filter, inside.text(), scope), room));
                return flow;
            }
            case Statement.With w               -> { return with(w, scope, out); }
            case Statement.Scoped(var body, var reach) -> {
                var around = reach == Statement.Reach.AROUND ? scope : scope.outermost();
                run(body, new Scope(around), out);
            }
            case Statement.Jump(var to)         -> { return to; }
        }
        return Flow.ON;
    }

    private void output(Expression v, Scope scope, Weave out) {
        try {
            out.add(Repr.str(evaluator.value(v, scope), room));
        } catch (TemplateException fault) {
            throw fault.at(v.line(), "output");
        }
    }

    private static void placed(int line, String statement, Runnable work) {
        try {
            work.run();
        } catch (TemplateException fault) {
            throw fault.at(line, "statement '" + statement + "'");
        }
    }

    private Value filtered(Expression.Filter filter, Value of, Scope scope) {
        var inner = filter.of() instanceof Expression.Filter f ? filtered(f, of, scope) : of;
        return evaluator.filter(filter, inner, scope);
    }

    private Flow setBlock(Statement.SetBlock s, Scope scope) {
        var inside = new Weave(room);
        var flow = run(s.body(), new Scope(scope), inside);
        if (flow != Flow.ON) return flow;
        Value value = inside.text();
        if (s.filter() != null) value = filtered(s.filter(), value, scope);
        var made = value;
        placed(s.line(), "set", () -> assign(s.target(), made, scope));
        return flow;
    }

    private Flow with(Statement.With w, Scope scope, Weave out) {
        var inside = new Scope(scope);
        for (int i = 0; i < w.targets().size(); i++) {
            var value = evaluator.value(w.values().get(i), scope);
            var target = w.targets().get(i);
            placed(w.line(), "with", () -> assign(target, value, inside));
        }
        return run(w.body(), inside, out);
    }

    private void assign(Target target, Value value, Scope scope) {
        switch (target) {
            case Target.Name(var name) -> scope.set(name, value);
            case Target.Attribute(var namespace, var name) -> {
                if (!(scope.get(namespace) instanceof Value.Namespace n))
                    throw new TemplateException("'" + namespace + "' is no namespace, so '" + name
                        + "' of it cannot be set");
                n.attributes.put(name, value);
            }
            case Target.Several(var parts) -> {
                var values = Sequences.all(value, room);
                if (values.size() != parts.size())
                    throw new TemplateException("there are " + parts.size() + " names for " + values.size()
                        + " values");
                for (int i = 0; i < parts.size(); i++) assign(parts.get(i), values.get(i), scope);
            }
        }
    }

    private Flow loop(Statement.For f, Scope scope, Weave out) {
        loop(f, evaluator.value(f.over(), scope), 0, scope, out);
        return Flow.ON;
    }

    private void loop(Statement.For f, Value over, int depth, Scope scope, Weave out) {
        placed(f.line(), "for", () -> {
            var all = Sequences.iterate(over, room);
            var passing = passing(f, all, scope);
            var counted = f.filter() == null ? over : new Value.Stream("generator", passing);
            var loop = new Loop(counted, passing, depth, inside(f, scope));
            if (!loop.hasNext()) {
                run(f.none(), new Scope(scope), out);
                return;
            }
            while (loop.hasNext()) {
                room.step();
                var each = new Scope(scope);
                assign(f.target(), loop.next(), each);
                each.set("loop", loop);
                if (run(f.body(), each, out) == Flow.BREAK) break;
            }
        });
    }

    /// What `loop(…)` writes.
    private @Nullable BiFunction<Value, Integer, Value> inside(Statement.For f, Scope scope) {
        if (f.depth() == Statement.Depth.FLAT) return null;
        return (over, depth) -> {
            var out = new Weave(room);
            loop(f, over, depth, scope, out);
            return out.text();
        };
    }

    /// The elements that the statement's own test lets through, each tested when its turn comes.
    private Iterator<Value> passing(Statement.For f, Iterator<Value> all, Scope scope) {
        var test = f.filter();
        if (test == null) return all;
        return new Kept(all, value -> {
            var each = new Scope(scope);
            assign(f.target(), value, each);
            return evaluator.truth(test, each);
        });
    }

    private Value call(Statement.CallBlock c, Scope scope) {
        var caller = new Macro("caller", c.signature(), c.body(), scope, c.line()).callable();
        var callee = evaluator.value(c.call().callee(), scope);
        var given = evaluator.arguments(c.call().given(), null, scope);
        var named = new LinkedHashMap<>(given.named());
        named.put("caller", caller);
        return evaluator.call(callee, new Arguments(given.positional(), named, room));
    }

    /// A macro with the scope that it was made in.
    private final class Macro {
        private final String name;
        private final Statement.Signature signature;
        private final List<Statement> body;
        private final Scope around;
        private final int line;

        Macro(String name, Statement.Signature signature, List<Statement> body, Scope around, int line) {
            this.name = name;
            this.signature = signature;
            this.body = body;
            this.around = around;
            this.line = line;
        }

        Value.Callable callable() {
            return new Value.Callable("Macro", name, this::call);
        }

        private Value call(Arguments given) {
            try {
                var scope = new Scope(around);
                bind(given, scope);
                var out = new Weave(room);
                run(body, scope, out);
                return out.text();
            } catch (TemplateException fault) {
                throw fault.at(line, "macro '" + name + "'");
            }
        }

        private void bind(Arguments given, Scope scope) {
            var names = signature.names();
            var named = new LinkedHashMap<>(given.named());
            int from = names.size() - signature.defaults().size(), count = given.positional().size();
            for (int i = 0; i < names.size(); i++) {
                var parameter = names.get(i);
                var value = i < count ? given.positional().get(i) : named.remove(parameter);
                if (value == null) value = i >= from ? evaluator.value(signature.defaults().get(i - from), scope)
                    : new Value.Undefined("parameter '" + parameter + "' was not provided");
                scope.set(parameter, value);
            }
            extras(given, named, scope);
        }

        /// `caller`, `kwargs` and `varargs`, for a body that reads them; other arguments are refused.
        private void extras(Arguments given, LinkedHashMap<String, Value> named, Scope scope) {
            var reads = signature.extras();
            var names = signature.names();
            if (reads.contains("caller") && !names.contains("caller")) {
                var caller = named.remove("caller");
                scope.set("caller", caller != null ? caller : new Value.Undefined("No caller defined"));
            }
            if (reads.contains("kwargs") && !names.contains("kwargs")) {
                var rest = new Value.Dict();
                named.forEach((n, v) -> rest.map().put(Text.of(n), v));
                scope.set("kwargs", rest);
            } else if (!named.isEmpty())
                throw new TemplateException("it takes no argument '" + named.keySet().iterator().next() + "'");
            var more = given.positional().subList(Math.min(names.size(), given.positional().size()),
                given.positional().size());
            if (reads.contains("varargs") && !names.contains("varargs"))
                scope.set("varargs", new Value.Items(List.copyOf(more), Value.Items.Kind.TUPLE));
            else if (!more.isEmpty())
                throw new TemplateException("it takes at most " + names.size() + " arguments");
        }
    }
}
