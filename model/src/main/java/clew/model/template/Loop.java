package clew.model.template;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// `loop`: where a `for` statement is.
final class Loop implements Value {
    private final Value over;
    private final int depth;
    private final @Nullable BiFunction<Value, Integer, Value> inside;
    private Iterator<Value> rest;
    private @Nullable Value before, current, after;
    private @Nullable List<Value> changed;
    private int index = -1, length = -1;

    /// @param inside what `loop(…)` does, if the loop is recursive
    Loop(Value over, Iterator<Value> rest, int depth, @Nullable BiFunction<Value, Integer, Value> inside) {
        this.over = over;
        this.rest = rest;
        this.depth = depth;
        this.inside = inside;
    }

    boolean hasNext() {
        return after != null || rest.hasNext();
    }

    Value next() {
        var value = after != null ? after : rest.next();
        after = null;
        index++;
        before = current;
        current = value;
        return value;
    }

    private @Nullable Value peek() {
        if (after == null && rest.hasNext()) after = rest.next();
        return after;
    }

    /// Elements, as far as they must be gone through to be counted.
    int length() {
        if (length < 0) {
            try {
                length = Sequences.length(over);
            } catch (TemplateException _) {                                  // a stream: what is left of it is kept
                var left = new ArrayList<Value>();
                rest.forEachRemaining(left::add);
                rest = left.iterator();
                length = left.size() + index + 1 + (after == null ? 0 : 1);
            }
        }
        return length;
    }

    /// Python lets a loop be gone through as the pairs that its statement sees.
    Iterator<Value> pairs() {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return Loop.this.hasNext();
            }

            @Override
            public Value next() {
                return Value.tuple(Loop.this.next(), Loop.this);
            }
        };
    }

    @Nullable Value attribute(String name) {
        return switch (name) {
            case "index"     -> Value.of(index + 1);
            case "index0"    -> Value.of(index);
            case "revindex"  -> Value.of(length() - index);
            case "revindex0" -> Value.of(length() - index - 1);
            case "first"     -> Value.of(index == 0);
            case "last"      -> Value.of(peek() == null);
            case "length"    -> Value.of(length());
            case "depth"     -> Value.of(depth + 1);
            case "depth0"    -> Value.of(depth);
            case "previtem"  -> before == null ? new Undefined("there is no previous item") : before;
            case "nextitem"  -> peek() == null ? new Undefined("there is no next item") : peek();
            case "cycle"     -> new Callable("method", "cycle", this::cycle);
            case "changed"   -> new Callable("method", "changed", this::changed);
            default          -> null;
        };
    }

    private Value cycle(Arguments given) {
        if (given.positional().isEmpty()) throw new TemplateException("no items for cycling given");
        return given.positional().get(Math.floorMod(index, given.positional().size()));
    }

    private Value changed(Arguments given) {
        var same = changed != null
            && new Operators(given.room()).same(Value.list(given.positional()), Value.list(changed));
        changed = given.positional();
        return Value.of(!same);
    }

    Value call(Arguments given) {
        if (inside == null)
            throw new TemplateException("the loop must have the 'recursive' marker to be called recursively");
        return inside.apply(given.bind("loop", "iterable").at(0), depth + 1);
    }

    @Override
    public String toString() {
        return "<LoopContext " + (index + 1) + "/" + length() + ">";
    }
}
