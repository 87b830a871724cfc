package clew.model.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// JSON as a template's values. What a message says is by its role; the names of roles are the template's.
final class Values {
    private Values() {}

    /// @param name the variable's, which tells whose text it is
    static Value of(String name, JsonNode json, Room room) {
        try {
            return switch (name) {
                case "messages"           -> json.isArray() ? messages(json, room) : of(json, Role.USER, room);
                case "tools", "documents" -> of(json, Role.TOOL, room);
                default                   -> of(json, Role.TEMPLATE, room);
            };
        } catch (TemplateException fault) {
            throw TemplateException.whole("its variable '" + name + "': " + fault.getMessage());
        }
    }

    private static Value messages(JsonNode json, Room room) {
        var all = new ArrayList<Value>();
        for (var message : json) {
            var name = message.path("role");
            var role = name.isString() ? Role.ofMessage(name.stringValue()) : Role.TOOL;
            var value = of(message, role, room);
            if (value instanceof Value.Dict(var map) && name.isString())
                map.put(Text.of("role"), Text.of(name.stringValue()));
            all.add(value);
        }
        return Value.list(all);
    }

    private static Value of(JsonNode json, Role role, Room room) {
        room.enter();
        var value = inside(json, role, room);
        room.leave();
        return value;
    }

    private static Value inside(JsonNode json, Role role, Room room) {
        return switch (json.getNodeType()) {
            case STRING  -> Text.of(json.stringValue(), role);
            case BOOLEAN -> Value.of(json.booleanValue());
            case NUMBER  -> json.isIntegralNumber() ? new Value.Int(json.bigIntegerValue())
                : new Value.Real(json.doubleValue());
            case ARRAY   -> {
                List<Value> all = new ArrayList<>();
                for (var element : json) all.add(of(element, role, room));
                yield Value.list(all);
            }
            case OBJECT  -> {
                var map = new LinkedHashMap<Value, Value>();
                json.properties().forEach(p -> map.put(Text.of(p.getKey()), of(p.getValue(), role, room)));
                yield new Value.Dict(map);
            }
            default      -> Value.NONE;
        };
    }
}
