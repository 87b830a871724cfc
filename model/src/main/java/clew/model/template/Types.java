package clew.model.template;

import java.math.BigInteger;
import java.util.List;

/// What a value is, and what it must be.
final class Types {
    private Types() {}

    /// Python's name of the value's type.
    static String name(Value value) {
        return switch (value) {
            case Text t             -> t.isMarkup() ? "Markup" : "str";
            case Value.Undefined _  -> "Undefined";
            case Value.None _       -> "NoneType";
            case Value.Bool _       -> "bool";
            case Value.Int _        -> "int";
            case Value.Real _       -> "float";
            case Value.Items i      -> i.kind() == Value.Items.Kind.LIST ? "list" : "tuple";
            case Value.Dict _       -> "dict";
            case Value.Range _      -> "range";
            case Value.View v       -> v.type();
            case Value.Stream s     -> s.type();
            case Value.Namespace _  -> "Namespace";
            case Value.Callable c   -> c.type();
            case Loop _             -> "LoopContext";
        };
    }

    static TemplateException not(Value value, String what) {
        return value instanceof Value.Undefined u ? u.fault()
            : new TemplateException("a value of type '" + name(value) + "' is " + what);
    }

    static Text text(Value value, String who) {
        if (value instanceof Text text) return text;
        if (value instanceof Value.Undefined u) throw u.fault();
        throw new TemplateException(who + " wants a string, not a value of type '" + name(value) + "'");
    }

    /// A whole number that an `int` holds; a greater one is held at its ends, which no text and no list reaches.
    static int whole(Value value, String who) {
        if (!(value instanceof Value.Number n) || n instanceof Value.Real) {
            if (value instanceof Value.Undefined u) throw u.fault();
            throw new TemplateException(who + " wants a whole number, not a value of type '" + name(value) + "'");
        }
        return clamp(Value.whole(n));
    }

    static int clamp(BigInteger n) {
        if (n.bitLength() < 31) return n.intValue();
        return n.signum() < 0 ? Integer.MIN_VALUE + 1 : Integer.MAX_VALUE;
    }

    /// What can be a key, or an element that must differ from others. Its hash is made of all that is in it, which is
    /// taken from the room.
    static Value hashable(Value value, Room room) {
        if (!isHashable(value, room)) throw new TemplateException("unhashable type: '" + name(value) + "'");
        return value;
    }

    static boolean isHashable(Value value, Room room) {
        room.take(1);
        return switch (value) {
            case Value.Items i -> i.kind() == Value.Items.Kind.TUPLE && areHashable(i.all(), room);
            case Value.Dict _  -> false;
            default            -> true;
        };
    }

    private static boolean areHashable(List<Value> all, Room room) {
        room.enter();
        try {
            for (var e : all) if (!isHashable(e, room)) return false;
            return true;
        } finally {
            room.leave();
        }
    }
}
