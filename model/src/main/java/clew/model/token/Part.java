package clew.model.token;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// One JSON object of a file, with its path, read key by key; what is missing, of the wrong type or unknown is refused.
record Part(JsonNode node, String path) {
    Part {
        if (!node.isObject()) throw new IllegalArgumentException(path + " is not an object");
    }

    String type() {
        return string("type");
    }

    /// The part itself, after a look at its keys: one that is not known could change the result.
    Part only(String... keys) {
        return only(Set.of(keys));
    }

    Part only(Set<String> known) {
        for (var entry : node.properties())
            if (!known.contains(entry.getKey()) && !entry.getKey().equals("type"))
                throw new IllegalArgumentException(path + " has the unsupported key '" + entry.getKey() + "'");
        return this;
    }

    boolean has(String key) {
        var value = node.get(key);
        return value != null && !value.isNull();
    }

    String string(String key) {
        var value = need(key);
        if (!value.isString()) throw wrong(key, "a string");
        return Unicode.wellFormed(value.stringValue());
    }

    boolean flag(String key) {
        var value = need(key);
        if (!value.isBoolean()) throw wrong(key, "true or false");
        return value.booleanValue();
    }

    boolean flag(String key, Default whenAbsent) {
        return node.has(key) ? flag(key) : whenAbsent == Default.TRUE;
    }

    /// A flag that may also be null, which then says nothing.
    boolean flagOrNull(String key, Default whenAbsent) {
        return has(key) ? flag(key) : whenAbsent == Default.TRUE;
    }

    enum Default { TRUE, FALSE }

    int count(String key) {
        var value = need(key);
        if (!value.isInt() || value.intValue() < 0) throw wrong(key, "a number from 0 to 2³¹−1");
        return value.intValue();
    }

    /// Requires a whole number without sign of so many bits.
    Part unsigned(String key, int bits) {
        var value = need(key);
        var number = value.isIntegralNumber() ? value.bigIntegerValue() : BigInteger.ONE.negate();
        if (number.signum() < 0 || number.bitLength() > bits) throw wrong(key, "a whole number below 2^" + bits);
        return this;
    }

    /// One of some words.
    String word(String key, String... words) {
        var word = string(key);
        if (!List.of(words).contains(word)) throw wrong(key, "one of " + String.join(", ", words));
        return word;
    }

    Part part(String key) {
        return new Part(need(key), path + "." + key);
    }

    Optional<Part> optional(String key) {
        return has(key) ? Optional.of(part(key)) : Optional.empty();
    }

    List<Part> parts(String key) {
        var list = new ArrayList<Part>();
        var array = array(key);
        for (int i = 0; i < array.size(); i++) list.add(new Part(array.get(i), path + "." + key + "[" + i + "]"));
        return list;
    }

    JsonNode array(String key) {
        var value = need(key);
        if (!value.isArray()) throw wrong(key, "an array");
        return value;
    }

    IllegalArgumentException unsupported(String supported) {
        return new IllegalArgumentException(
            path + " of type '" + type() + "' is not supported; supported are " + supported);
    }

    IllegalArgumentException wrong(String key, String wanted) {
        return new IllegalArgumentException(path + "." + key + " is not " + wanted);
    }

    private JsonNode need(String key) {
        var value = node.get(key);
        if (value == null || value.isNull()) throw new IllegalArgumentException(path + " lacks '" + key + "'");
        return value;
    }
}
