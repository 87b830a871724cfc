package clew.model.template;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.IntFunction;

/// Going through values, and counting what is in them.
final class Sequences {
    private Sequences() {}

    /// Python's `iter`; every element takes a step.
    static Iterator<Value> iterate(Value value, Room room) {
        var elements = switch (value) {
            case Text t             -> characters(t);
            case Value.Undefined _  -> List.<Value>of().iterator();
            case Value.Items i      -> i.all().iterator();
            case Value.Dict(var m)  -> m.keySet().iterator();
            case Value.Range r      -> indexed(r.length(), i -> Value.of(r.at(i)));
            case Value.View v       -> v.all().iterator();
            case Value.Stream s     -> s.rest();
            case Loop l             -> l.pairs();
            case Value.None _, Value.Number _, Value.Namespace _, Value.Callable _ ->
                throw new TemplateException("'" + Types.name(value) + "' object is not iterable");
        };
        return new Counted(elements, room);
    }

    /// What is gone through may itself go through another stream, and so on.
    private record Counted(Iterator<Value> rest, Room room) implements Iterator<Value> {
        @Override
        public boolean hasNext() {
            room.enter();
            try {
                return rest.hasNext();
            } finally {
                room.leave();
            }
        }

        @Override
        public Value next() {
            room.take(1);
            room.enter();
            try {
                return rest.next();
            } finally {
                room.leave();
            }
        }
    }

    static boolean isIterable(Value value) {
        return switch (value) {
            case Text _, Value.Undefined _, Value.Items _, Value.Dict _, Value.Range _, Value.View _, Value.Stream _,
                 Loop _ -> true;
            case Value.None _, Value.Number _, Value.Namespace _, Value.Callable _ -> false;
        };
    }

    private static Iterator<Value> characters(Text text) {
        var t = text.plain();
        return new Iterator<>() {
            private int at;

            @Override
            public boolean hasNext() {
                return at < t.string().length();
            }

            @Override
            public Value next() {
                if (!hasNext()) throw new NoSuchElementException();
                int from = at;
                at += Character.charCount(t.string().codePointAt(at));
                return t.cut(from, at);
            }
        };
    }

    private static Iterator<Value> indexed(int length, IntFunction<Value> at) {
        return java.util.stream.IntStream.range(0, length).mapToObj(at).iterator();
    }

    static List<Value> all(Value value, Room room) {
        var all = new ArrayList<Value>();
        iterate(value, room).forEachRemaining(all::add);
        return all;
    }

    /// Python's `len`.
    static int length(Value value) {
        return switch (value) {
            case Text t             -> t.length();
            case Value.Undefined _  -> 0;
            case Value.Items i      -> i.all().size();
            case Value.Dict(var m)  -> m.size();
            case Value.Range r      -> r.length();
            case Value.View v       -> v.all().size();
            case Loop l             -> l.length();
            case Value.None _, Value.Number _, Value.Stream _, Value.Namespace _, Value.Callable _ ->
                throw new TemplateException("object of type '" + Types.name(value) + "' has no len()");
        };
    }

    /// From its last element to its first.
    static Iterator<Value> reversed(Value value, Room room) {
        return switch (value) {
            case Text _, Value.Items _, Value.Dict _, Value.Range _, Value.View _ -> {
                room.take(length(value));
                yield all(value, room).reversed().iterator();
            }
            case Value.Undefined _ -> List.<Value>of().iterator();
            default -> throw new TemplateException("'" + Types.name(value) + "' object is not reversible");
        };
    }
}
