package clew.model.template;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a call was given, by position and by name.
record Arguments(List<Value> positional, Map<String, Value> named, Room room) {
    static Arguments of(Room room, Value... positional) {
        return new Arguments(List.of(positional), Map.of(), room);
    }

    /// In the order of the parameters. One that ends in `?` may be left out; one in `/` has no name.
    ///
    /// @param who for a message
    Bound bind(String who, String... parameters) {
        if (positional.size() > parameters.length)
            throw new TemplateException(who + " takes at most " + parameters.length + " arguments, not "
                + positional.size());
        var values = new @Nullable Value[parameters.length];
        var unused = new LinkedHashSet<>(named.keySet());
        for (int i = 0; i < parameters.length; i++) {
            var name = parameters[i].replaceAll("[/?]", "");
            if (i < positional.size()) values[i] = positional.get(i);
            else if (!parameters[i].contains("/") && unused.remove(name)) values[i] = named.get(name);
            else if (!parameters[i].endsWith("?"))
                throw new TemplateException(who + " lacks its argument '" + name + "'");
        }
        if (!unused.isEmpty())
            throw new TemplateException(who + " takes no further argument '" + unused.iterator().next() + "'");
        return new Bound(who, values);
    }

    /// Values by the places of their parameters.
    record Bound(String who, @Nullable Value[] values) {
        boolean has(int i) {
            return values[i] != null;
        }

        Value at(int i) {
            var value = values[i];
            if (value == null) throw new IllegalStateException(who + " has no argument " + i);
            return value;
        }

        Value or(int i, Value otherwise) {
            var value = values[i];
            return value == null ? otherwise : value;
        }

        boolean flag(int i) {
            return has(i) && Truth.of(at(i));
        }

        /// A string, nothing else.
        Text text(int i) {
            return Types.text(at(i), who);
        }

        /// A whole number that fits; Python's `None` and a missing one are the fallback.
        int whole(int i, int fallback) {
            return !has(i) || at(i) instanceof Value.None ? fallback : Types.whole(at(i), who);
        }
    }
}
