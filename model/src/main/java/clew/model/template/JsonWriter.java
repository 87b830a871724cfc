package clew.model.template;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `tojson` as Hugging Face sets it: Python's `json.dumps`, characters beyond ASCII as they are, nothing escaped for
/// HTML.
///
/// @param indent    what a level is indented by; null for one line
/// @param ascii     whether characters beyond ASCII are escaped
/// @param item      what stands between elements
/// @param key       what stands behind a key
/// @param sort      whether keys are sorted
record JsonWriter(Weave out, @Nullable Text indent, boolean ascii, Text item, Text key, boolean sort) {
    static Text write(Value value, Arguments given) {
        var a = given.bind("filter 'tojson'", "ensure_ascii?", "indent?", "separators?", "sort_keys?");
        var indent = indent(a.or(1, Value.NONE), given.room());
        Text item = Text.of(indent == null ? ", " : ","), key = Text.of(": ");
        if (a.has(2) && !(a.at(2) instanceof Value.None)) {
            var two = Sequences.all(a.at(2), given.room());
            if (two.size() != 2) throw new TemplateException("separators are two strings");
            item = Types.text(two.get(0), "separators");
            key = Types.text(two.get(1), "separators");
        }
        var out = new Weave(given.room());
        new JsonWriter(out, indent, a.flag(0), item, key, a.flag(3)).add(value, 0);
        return out.text();
    }

    private static @Nullable Text indent(Value indent, Room room) {
        return switch (indent) {
            case Value.None _ -> null;
            case Text t       -> t;
            default           -> new Weave(room).repeat(" ", Types.whole(indent, "indent")).text();
        };
    }

    private void add(Value value, int depth) {
        out.room().enter();
        inside(value, depth);
        out.room().leave();
    }

    private void inside(Value value, int depth) {
        switch (value) {
            case Text t             -> string(t);
            case Value.None _       -> out.add("null");
            case Value.Bool(var b)  -> out.add(b ? "true" : "false");
            case Value.Int i        -> out.add(Repr.whole(i));
            case Value.Real(var x)  -> out.add(real(x));
            case Value.Items i      -> list(i.all(), depth);
            case Value.Dict(var m)  -> object(m, depth);
            case Value.Undefined _, Value.Range _, Value.View _, Value.Stream _, Value.Namespace _, Value.Callable _,
                 Loop _ ->
                throw new TemplateException("Object of type " + Types.name(value) + " is not JSON serializable");
        }
    }

    private static String real(double x) {
        if (Double.isNaN(x)) return "NaN";
        if (Double.isInfinite(x)) return x > 0 ? "Infinity" : "-Infinity";
        return Repr.real(x);
    }

    private void list(List<Value> all, int depth) {
        if (all.isEmpty()) {
            out.add("[]");
            return;
        }
        out.add("[");
        for (int i = 0; i < all.size(); i++) {
            if (i > 0) out.add(item);
            line(depth + 1);
            add(all.get(i), depth + 1);
        }
        line(depth);
        out.add("]");
    }

    private void object(Map<Value, Value> map, int depth) {
        if (map.isEmpty()) {
            out.add("{}");
            return;
        }
        var entries = new ArrayList<>(map.entrySet());
        if (sort) entries.sort(Comparator.comparing(Map.Entry::getKey, new Operators(out.room())::compare));
        out.add("{");
        for (int i = 0; i < entries.size(); i++) {
            if (i > 0) out.add(item);
            line(depth + 1);
            string(name(entries.get(i).getKey()));
            out.add(key);
            add(entries.get(i).getValue(), depth + 1);
        }
        line(depth);
        out.add("}");
    }

    private static Text name(Value key) {
        return switch (key) {
            case Text t             -> t;
            case Value.None _       -> Text.of("null");
            case Value.Bool(var b)  -> Text.of(b ? "true" : "false");
            case Value.Int i        -> Text.of(Repr.whole(i));
            case Value.Real(var x)  -> Text.of(real(x));
            default                 -> throw new TemplateException("keys must be str, int, float, bool or None, not "
                + Types.name(key));
        };
    }

    private void line(int depth) {
        if (indent == null) return;
        out.add("\n").repeat(indent, depth);
    }

    private void string(Text t) {
        out.add("\"");
        var s = t.string();
        for (int i = 0; i < s.length(); i++) out.add(escaped(s.charAt(i)), t.role(i));
        out.add("\"");
    }

    private String escaped(char c) {
        return switch (c) {
            case '"'  -> "\\\"";
            case '\\' -> "\\\\";
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            case '\f' -> "\\f";
            case '\b' -> "\\b";
            default   -> c < 0x20 || ascii && c > 0x7E ? "\\u%04x".formatted((int) c) : String.valueOf(c);
        };
    }
}
