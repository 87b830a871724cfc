package clew.weights;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;

/// `config.json`, read strictly: a value of the wrong kind or range is refused with the file and the key named.
///
/// Every getter takes one or more names and reads the first that is present and not null, because the same number goes
/// by several names: `requireInt("n_embd", "hidden_size")`.
///
/// @param at   the path of this object inside the file, `rope_scaling.` for a child and empty for the file itself
/// @param json the object
public record Config(Path file, String at, JsonNode json) {
    /// Real configs have a few kilobytes.
    private static final long MAX_BYTES = 4L << 20;

    /// `config.json` of a model directory.
    ///
    /// @throws WeightsException if it is missing or not a strict JSON object
    public static Config ofModel(Path dir) {
        return read(dir.resolve("config.json"));
    }

    /// `generation_config.json` of a model directory, if it has one.
    public static Optional<Config> ofGeneration(Path dir) {
        var file = dir.resolve("generation_config.json");
        return Files.exists(file) ? Optional.of(read(file)) : Optional.empty();
    }

    public static Config read(Path file) {
        var json = Json.tree(file, MAX_BYTES);
        if (!json.isObject()) throw new WeightsException(file + " is not a JSON object; download it again");
        return new Config(file, "", json);
    }

    /// Whether the key is there and not null.
    public boolean has(String name) {
        return json.hasNonNull(name);
    }

    /// Whether the key is there, be it null.
    public boolean says(String name) {
        return json.has(name);
    }

    /// That none of the keys is there and null, where null is no value and leaving the key out means a default.
    public void requireNoNull(String... names) {
        for (var name : names) if (says(name) && !has(name)) throw fault(name, "is null, which is no value");
    }

    /// The first of the names that is present and not null.
    public Optional<String> firstOf(String... names) {
        for (var name : names) if (has(name)) return Optional.of(name);
        return Optional.empty();
    }

    /// A whole number from 1 to 2³¹−1: a width, a count, a length.
    public int requireInt(String... names) {
        return count(required(names));
    }

    /// The same, and if the file has the number under several names, they agree.
    public int requireAgreed(String... names) {
        var first = required(names);
        for (var name : names)
            if (has(name) && count(name) != count(first))
                throw fault(name, "contradicts " + Quote.line(at + first) + " " + shown(first).strip());
        return count(first);
    }

    public OptionalInt optInt(String... names) {
        var name = firstOf(names);
        return name.isPresent() ? OptionalInt.of(count(name.get())) : OptionalInt.empty();
    }

    /// A whole number from 0 to 2³¹−1.
    public OptionalInt optWhole(String name) {
        return has(name) ? OptionalInt.of(whole(name, json.get(name), 0)) : OptionalInt.empty();
    }

    /// A finite number.
    public double requireDouble(String... names) {
        return number(required(names));
    }

    public OptionalDouble optDouble(String... names) {
        var name = firstOf(names);
        return name.isPresent() ? OptionalDouble.of(number(name.get())) : OptionalDouble.empty();
    }

    public String requireString(String... names) {
        return text(required(names));
    }

    public Optional<String> string(String... names) {
        return firstOf(names).map(this::text);
    }

    /// `true` or `false`, or the fallback where the key is absent or null.
    public boolean flag(String name, boolean fallback) {
        if (!has(name)) return fallback;
        if (!json.get(name).isBoolean()) throw fault(name, "is not true or false");
        return json.get(name).booleanValue();
    }

    /// Token ids, each from 0 to 2³¹−1: one number, or a list of them; empty where the key is absent or null.
    public List<Integer> ids(String name) {
        if (!has(name)) return List.of();
        var node = json.get(name);
        return node.isArray() ? ids(name, node) : List.of(whole(name, node, 0));
    }

    /// Lists of token ids, none of them empty; none at all where the key is absent or null.
    public List<List<Integer>> idLists(String name) {
        var lists = new ArrayList<List<Integer>>();
        for (var element : list(name)) {
            if (!element.isArray() || element.isEmpty()) throw fault(name, "is not a list of lists of ids");
            lists.add(ids(name, element));
        }
        return List.copyOf(lists);
    }

    /// A list of finite numbers; empty where the key is absent or null.
    public List<Double> numbers(String name) {
        var numbers = new ArrayList<Double>();
        for (var element : list(name)) numbers.add(finite(name, element));
        return List.copyOf(numbers);
    }

    /// A list of strings; empty where the key is absent or null.
    public List<String> strings(String name) {
        var strings = new ArrayList<String>();
        for (var element : list(name)) {
            if (!element.isString()) throw fault(name, "is not a list of strings");
            strings.add(element.stringValue());
        }
        return List.copyOf(strings);
    }

    /// An object inside this one, such as `rope_scaling`.
    public Optional<Config> child(String... names) {
        return firstOf(names).map(name -> {
            if (!json.get(name).isObject()) throw fault(name, "is not an object");
            return new Config(file, at + name + ".", json.get(name));
        });
    }

    /// The sentence for a value that only the caller can judge, such as an activation nobody implements.
    public WeightsException fault(String name, String what) {
        return new WeightsException(file + ": " + Quote.line(at + name) + " " + shown(name) + what
                + "; correct it or download the file again");
    }

    private String required(String... names) {
        return firstOf(names).orElseThrow(() -> new WeightsException(file + " has no "
                + Quote.line(at + String.join(" or " + at, names)) + "; complete it or download it again"));
    }

    private int count(String name) {
        return whole(name, json.get(name), 1);
    }

    private List<Integer> ids(String name, JsonNode list) {
        var ids = new ArrayList<Integer>();
        for (var element : list) ids.add(whole(name, element, 0));
        return List.copyOf(ids);
    }

    private int whole(String name, JsonNode node, int least) {
        if (!node.isIntegralNumber()) throw fault(name, "is not a whole number");
        if (!node.canConvertToInt() || node.intValue() < least)
            throw fault(name, "is not from " + least + " to " + Integer.MAX_VALUE);
        return node.intValue();
    }

    private double number(String name) {
        return finite(name, json.get(name));
    }

    private double finite(String name, JsonNode node) {
        if (!node.isNumber()) throw fault(name, "is not a number");
        if (!Double.isFinite(node.asDouble())) throw fault(name, "is beyond the range of a double");
        return node.asDouble();
    }

    private String text(String name) {
        if (!json.get(name).isString()) throw fault(name, "is not a string");
        return json.get(name).stringValue();
    }

    private Iterable<JsonNode> list(String name) {
        if (!has(name)) return List.of();
        if (!json.get(name).isArray()) throw fault(name, "is not a list");
        return json.get(name);
    }

    private String shown(String name) {
        return has(name) && json.get(name).isValueNode() ? Quote.name(json.get(name).asString()) + " " : "";
    }
}
