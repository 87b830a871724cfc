package clew.model.token;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Reads the `model` of tokenizer.json as a stream: vocabulary and merges go straight into their tables.
final class BpeReader {
    private static final Set<String> KEYS = Set.of("type", "dropout", "unk_token", "continuing_subword_prefix",
        "end_of_word_suffix", "fuse_unk", "byte_fallback", "ignore_merges");

    private @Nullable Map<String, Integer> vocab;
    private @Nullable List<String> merges;
    private final ObjectNode settings = JsonNodeFactory.instance.objectNode();

    /// The model, and the piece that stands for unknown characters.
    record Read(Bpe model, @Nullable String unknown) {}

    /// Reads from the opening brace of the model to its closing one.
    static Read read(JsonParser parser) {
        var reader = new BpeReader();
        if (parser.currentToken() != JsonToken.START_OBJECT)
            throw new IllegalArgumentException("model is not an object");
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) reader.property(parser);
        return reader.model();
    }

    private void property(JsonParser parser) {
        var name = parser.currentName();
        parser.nextToken();
        switch (name) {
            case "vocab"  -> vocab = vocab(parser);
            case "merges" -> merges = merges(parser);
            default -> {
                if (!KEYS.contains(name))
                    throw new IllegalArgumentException("model has the unsupported key '" + name + "'");
                JsonNode value = parser.readValueAsTree();
                if (name.equals("type")) requireBpe(value);
                settings.set(name, value);
            }
        }
    }

    private static void requireBpe(JsonNode type) {
        if (!type.isString() || !type.stringValue().equals("BPE"))
            throw new IllegalArgumentException("model of type " + type + " is not supported; supported is BPE");
    }

    static Map<String, Integer> vocab(JsonParser parser) {
        if (parser.currentToken() != JsonToken.START_OBJECT)
            throw new IllegalArgumentException("the vocabulary is not an object of pieces and ids");
        var vocab = new HashMap<String, Integer>(1 << 17);
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            var piece = parser.currentName();
            if (!Unicode.wellFormed(piece).equals(piece))
                throw new IllegalArgumentException("the vocabulary has a piece with an unpaired surrogate");
            if (parser.nextToken() != JsonToken.VALUE_NUMBER_INT)
                throw new IllegalArgumentException("piece '" + piece + "' has no whole number as its id");
            vocab.put(piece, parser.getIntValue());
        }
        return vocab;
    }

    /// Left and right halves in turn.
    private static List<String> merges(JsonParser parser) {
        if (parser.currentToken() != JsonToken.START_ARRAY)
            throw new IllegalArgumentException("model.merges is not an array");
        var halves = new ArrayList<String>(1 << 17);
        for (var token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            int before = halves.size();
            if (token == JsonToken.VALUE_STRING) addHalves(parser.getString(), halves);
            else if (token == JsonToken.START_ARRAY)
                while (parser.nextToken() == JsonToken.VALUE_STRING) halves.add(parser.getString());
            boolean closed = token == JsonToken.VALUE_STRING || parser.currentToken() == JsonToken.END_ARRAY;
            if (!closed || halves.size() != before + 2)
                throw new IllegalArgumentException("merge " + before / 2 + " is not a pair of pieces");
        }
        return halves;
    }

    /// Splits `"left right"`, if it is one.
    static void addHalves(String merge, List<String> halves) {
        int space = merge.indexOf(' ');
        if (space < 0 || merge.indexOf(' ', space + 1) >= 0) return;
        halves.add(merge.substring(0, space));
        halves.add(merge.substring(space + 1));
    }

    private Read model() {
        if (vocab == null || merges == null) throw new IllegalArgumentException("model lacks its vocab or merges");
        var part = new Part(settings, "model");
        if (part.has("dropout") && settings.get("dropout").asDouble(1) != 0)
            throw part.wrong("dropout", "0 (random merges cannot be reproduced)");
        for (var affix : List.of("continuing_subword_prefix", "end_of_word_suffix"))
            if (part.has(affix) && !part.string(affix).isEmpty())
                throw part.wrong(affix, "empty, which alone is supported");
        var vocabulary = new Vocabulary(vocab);
        var unknown = part.has("unk_token") ? part.string("unk_token") : null;
        int unknownId = unknown == null ? -1 : vocabulary.id(unknown);
        if (unknown != null && unknownId < 0) throw part.wrong("unk_token", "a piece of the vocabulary");
        var options = EnumSet.noneOf(Bpe.Option.class);
        if (part.flag("byte_fallback", Part.Default.FALSE)) options.add(Bpe.Option.BYTE_FALLBACK);
        if (part.flag("fuse_unk", Part.Default.FALSE)) options.add(Bpe.Option.FUSE_UNKNOWN);
        if (part.flag("ignore_merges", Part.Default.FALSE)) options.add(Bpe.Option.WHOLE_PIECES);
        return new Read(Bpe.of(vocabulary, table(vocabulary, merges), unknownId, options), unknown);
    }

    /// @throws IllegalArgumentException if a merge's halves or their union are not in the vocabulary
    static MergeTable table(Vocabulary vocabulary, List<String> halves) {
        var table = new MergeTable(halves.size() / 2);
        for (int i = 0; i < halves.size(); i += 2) {
            var left = halves.get(i);
            var right = halves.get(i + 1);
            int leftId = vocabulary.id(left), rightId = vocabulary.id(right), whole = vocabulary.id(left + right);
            if (leftId < 0 || rightId < 0 || whole < 0) throw new IllegalArgumentException(
                "merge " + i / 2 + " ('" + left + "' + '" + right + "') uses or makes a piece the vocabulary lacks");
            table.put(leftId, rightId, i / 2, whole);
        }
        return table;
    }
}
