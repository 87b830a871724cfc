package clew.app;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import picocli.CommandLine.ParseResult;
import tools.jackson.databind.JsonNode;

/// What someone asked for, still as text: by options, or by a line of a jsonl file, or by both together.
record Given(Map<Key, Value> values) {
    /// No setting is greater.
    static final double MOST = 1e9;

    /// @param name what its giver calls it, so that an error names `--top-k` or `topK`
    record Value(String text, String name) {}

    Given {
        values = Map.copyOf(values);
    }

    /// The options on the command line that belong to requests.
    static Given of(ParseResult parsed) {
        var values = new EnumMap<Key, Value>(Key.class);
        for (var option : parsed.matchedOptions())
            Key.ofOption(option.longestName()).ifPresent(key -> {
                Object value = option.getValue();
                var text = value instanceof List<?> all ? JsonText.MAPPER.writeValueAsString(all) : value.toString();
                values.put(key, new Value(text, key.option()));
            });
        return new Given(values);
    }

    /// The members of a line, without its name.
    ///
    /// @throws UsageException if a member is not allowed, or of the wrong kind
    static Given of(JsonNode line, Set<Key> allowed) {
        var values = new EnumMap<Key, Value>(Key.class);
        line.properties().forEach(member -> {
            var name = member.getKey();
            if (name.equals("name")) return;
            var key = Key.ofProperty(name).filter(allowed::contains).orElseThrow(() -> unknown(name, allowed));
            values.put(key, new Value(text(key, member.getValue()), name));
        });
        return new Given(values);
    }

    private static UsageException unknown(String name, Set<Key> allowed) {
        return new UsageException("unknown key '" + name + "'; known are name, "
            + allowed.stream().sorted().map(Key::property).collect(Collectors.joining(", ")));
    }

    private static String text(Key key, JsonNode node) {
        return switch (key.kind()) {
            case TEXT    -> string(key, node);
            case NUMBER  -> whole(key, node);
            case REAL    -> {
                if (!node.isNumber()) throw new UsageException(key.property() + " is not a number");
                yield node.asString();
            }
            case FLAG    -> {
                if (!node.isBoolean()) throw new UsageException(key.property() + " is not true or false");
                yield node.asString();
            }
            case LIST    -> node.isArray() ? joined(node, e -> string(key, e)) : string(key, node);
            case NUMBERS -> node.isArray() ? joined(node, e -> whole(key, e)) : string(key, node);
            case TEXTS   -> {
                if (node.isArray()) node.forEach(e -> string(key, e));
                yield node.isArray() ? node.toString() : JsonText.MAPPER.writeValueAsString(List.of(string(key, node)));
            }
            case JSON    -> node.toString();
        };
    }

    private static String joined(JsonNode array, Function<JsonNode, String> each) {
        return StreamSupport.stream(array.spliterator(), false).map(each).collect(Collectors.joining(","));
    }

    private static String string(Key key, JsonNode node) {
        if (!node.isString())
            throw new UsageException(key.property()
                + switch (key.kind()) {
                    case LIST, NUMBERS -> " is not a list";
                    case TEXTS         -> " is neither a string nor a list of strings";
                    default            -> " is not a string";
                });
        return node.stringValue();
    }

    private static String whole(Key key, JsonNode node) {
        if (!node.isIntegralNumber())
            throw new UsageException(key.property()
                + (key.kind() == Key.Kind.NUMBERS ? " are not whole numbers" : " is not a whole number"));
        return node.asString();
    }

    /// The same with one more, which takes the place of its alternatives.
    Given with(Key key, String text, String name) {
        return new Given(Map.of(key, new Value(text, name))).over(this);
    }

    /// These, and of the defaults what these say nothing about.
    Given over(Given defaults) {
        var all = new EnumMap<Key, Value>(Key.class);
        defaults.values.forEach((key, value) -> {
            if (key.alternatives().stream().noneMatch(values::containsKey)) all.put(key, value);
        });
        all.putAll(values);
        return new Given(all);
    }

    boolean has(Key key) {
        return values.containsKey(key);
    }

    /// What the giver calls it; the option, if it was not given.
    String name(Key key) {
        return value(key).map(Value::name).orElseGet(key::option);
    }

    Optional<Value> value(Key key) {
        return Optional.ofNullable(values.get(key));
    }

    Optional<String> text(Key key) {
        return value(key).map(Value::text);
    }

    boolean flag(Key key) {
        return text(key).filter("true"::equals).isPresent();
    }

    /// The parts between commas; blanks around them do not count.
    List<String> list(Key key) {
        return text(key).filter(t -> !t.isBlank()).map(t -> Arrays.stream(t.split(",", -1)).map(String::strip).toList())
            .orElse(List.of());
    }

    /// Ids, each from 0 on.
    List<Integer> numbers(Key key) {
        return list(key).stream().map(t -> whole(name(key), t, 0, Integer.MAX_VALUE)).toList();
    }

    /// Texts as they are, whatever is in them.
    List<String> texts(Key key) {
        var texts = new ArrayList<String>();
        text(key).ifPresent(json -> JsonText.MAPPER.readTree(json).forEach(e -> texts.add(e.stringValue())));
        return texts;
    }

    /// A number from `least` to `most`.
    OptionalDouble real(Key key, double least, double most) {
        var value = value(key);
        if (value.isEmpty()) return OptionalDouble.empty();
        try {
            var number = Double.parseDouble(value.get().text().strip());
            if (number >= least && number <= most) return OptionalDouble.of(number);
        } catch (NumberFormatException _) {
            // said below
        }
        throw new UsageException(name(key) + " takes a number from " + JsonText.number(least) + (most < MOST ? " to "
            + JsonText.number(most) : " on") + ", not '" + value.get().text() + "'");
    }

    /// A whole number from `least` to `most`.
    OptionalInt number(Key key, int least, int most) {
        return text(key).map(t -> OptionalInt.of(whole(name(key), t.strip(), least, most))).orElse(OptionalInt.empty());
    }

    static int whole(String name, String text, int least, int most) {
        try {
            var number = Integer.parseInt(text);
            if (number >= least && number <= most) return number;
        } catch (NumberFormatException _) {
            // said below
        }
        var range = most < Integer.MAX_VALUE ? " from " + least + " to " + most
            : least > Integer.MIN_VALUE ? ", at least " + least : "";
        throw new UsageException(name + " takes a whole number" + range + ", not '" + text + "'");
    }

    /// The one of `known` with that label, or the fallback.
    <T> T oneOf(Key key, List<T> known, Function<T, String> label, T fallback) {
        return text(key).map(t -> named(name(key), t, known, label)).orElse(fallback);
    }

    static <T> T named(String name, String text, List<T> known, Function<T, String> label) {
        return known.stream().filter(k -> label.apply(k).equals(text)).findFirst()
            .orElseThrow(() -> new UsageException(name + ": '" + text + "' is unknown; known are "
                + known.stream().map(label).collect(Collectors.joining(", "))));
    }

    /// @throws UsageException if two of the alternatives were given
    void requireOne(Set<Key> alternatives) {
        var given = alternatives.stream().filter(this::has).sorted().map(this::name).toList();
        if (given.size() > 1)
            throw new UsageException(String.join(" and ", given) + " exclude each other; give one of them");
    }
}
