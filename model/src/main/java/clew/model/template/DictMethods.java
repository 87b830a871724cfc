package clew.model.template;

import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The methods of a mapping that do not change it.
final class DictMethods {
    private DictMethods() {}

    static @Nullable Value of(Value.Dict dict, String name, Room room) {
        return switch (name) {
            case "get"    -> method(name, a -> {
                var b = a.bind(name, "key/", "default/?");
                var found = dict.map().get(Types.hashable(b.at(0), room));
                return found != null ? found : b.or(1, Value.NONE);
            });
            case "items"  -> view(name, items(dict, room));
            case "keys"   -> view(name, List.copyOf(dict.map().keySet()));
            case "values" -> view(name, List.copyOf(dict.map().values()));
            case "copy"   -> method(name, a -> {
                a.bind(name);
                var map = new LinkedHashMap<Value, Value>();
                dict.map().forEach((key, value) -> map.put(Types.hashable(key, room), value));
                return new Value.Dict(map);
            });
            case "fromkeys" -> throw new TemplateException("method 'fromkeys' of a mapping is not supported");
            default       -> null;
        };
    }

    static List<Value> items(Value.Dict dict, Room room) {
        room.take(dict.map().size());
        return dict.map().entrySet().stream().<Value>map(e -> Value.tuple(e.getKey(), e.getValue())).toList();
    }

    private static Value view(String name, List<Value> all) {
        return method(name, a -> {
            a.bind(name);
            return new Value.View("dict_" + name, all);
        });
    }

    private static Value method(String name, Value.Callable.Body body) {
        return new Value.Callable("builtin_function_or_method", name, body);
    }
}
