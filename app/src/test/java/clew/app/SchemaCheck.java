package clew.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// As much of JSON Schema as docs/schema uses, and an error for a keyword beyond that.
record SchemaCheck(JsonNode schema, List<String> faults) {
    private static final List<String> NOTES = List.of("$schema", "$id", "title", "description");

    /// What in the object breaks the schema of that name.
    static List<String> faults(String name, JsonNode object) throws IOException {
        var folder = Path.of(Files.isDirectory(Path.of("docs")) ? "docs/schema" : "../docs/schema");
        var check = new SchemaCheck(JsonText.MAPPER.readTree(Files.readString(folder.resolve(name))),
            new ArrayList<>());
        check.check(check.schema, object, "");
        return check.faults;
    }

    private void check(JsonNode rule, JsonNode value, String at) {
        rule.properties().forEach(entry -> {
            var ok = switch (entry.getKey()) {
                case "type"                 -> anyType(entry.getValue(), value);
                case "const"                -> entry.getValue().equals(value);
                case "enum"                 -> entry.getValue().valueStream().anyMatch(value::equals);
                case "pattern"              -> !value.isString()
                    || Pattern.compile(entry.getValue().stringValue()).matcher(value.stringValue()).find();
                case "minimum"              -> !value.isNumber()
                    || value.doubleValue() >= entry.getValue().doubleValue();
                case "required"             -> entry.getValue().valueStream()
                    .allMatch(key -> value.has(key.stringValue()));
                case "properties", "additionalProperties", "items" -> true;
                default -> NOTES.contains(entry.getKey());
            };
            if (!ok) faults.add(at + " breaks " + entry.getKey() + " " + entry.getValue() + ": " + value);
        });
        if (value.isArray() && rule.has("items"))
            for (int i = 0; i < value.size(); i++) check(rule.get("items"), value.get(i), at + "/" + i);
        if (value.isObject() && rule.has("properties") | rule.has("additionalProperties")) members(rule, value, at);
    }

    private void members(JsonNode rule, JsonNode value, String at) {
        value.properties().forEach(member -> {
            var known = rule.path("properties").path(member.getKey());
            var other = rule.path("additionalProperties");
            if (!known.isMissingNode()) check(known, member.getValue(), at + "/" + member.getKey());
            else if (other.isObject()) check(other, member.getValue(), at + "/" + member.getKey());
            else if (!other.asBoolean(true)) faults.add(at + " has an unknown member " + member.getKey());
        });
    }

    private static boolean anyType(JsonNode types, JsonNode value) {
        return types.isArray() ? types.valueStream().anyMatch(t -> isType(t.stringValue(), value))
            : isType(types.stringValue(), value);
    }

    private static boolean isType(String type, JsonNode value) {
        return switch (type) {
            case "object"  -> value.isObject();
            case "array"   -> value.isArray();
            case "string"  -> value.isString();
            case "number"  -> value.isNumber();
            case "integer" -> value.isIntegralNumber();
            case "boolean" -> value.isBoolean();
            case "null"    -> value.isNull();
            default        -> throw new AssertionError(type);
        };
    }
}
