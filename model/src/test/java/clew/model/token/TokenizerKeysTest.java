package clew.model.token;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Every key of tokenizer.json with values of every type means here what it means to Hugging Face's library, or is
/// refused: always where that library refuses it, and else only for a reason that stands in [#REASONS].
///
/// `docs/golden/tokenizer_keys.py` asked the library.
final class TokenizerKeysTest {
    private static final String HERE = "@here@", ABSENT = "absent", REFUSED = "is refused";
    private static final JsonNode GOLDEN = golden();

    @TempDir
    private Path folder;

    /// A key in a component, and what the library makes of every value: a dot for a refusal, else the place of a
    /// meaning, counted from 0.
    record Key(JsonNode part, List<JsonNode> path, String line) {
        String type() {
            return part.get("part").path("type").stringValue("");
        }

        String name() {
            return path.stream().map(JsonNode::asString).collect(Collectors.joining("."));
        }
    }

    /// Why values are refused here that the library opens: the type of the component, the key, the values.
    record Reason(String type, String key, String values, String why) {
        boolean covers(Key at, String value) {
            return at.type().matches(type) && at.name().matches(key) && value.matches(values);
        }
    }

    private static final List<Reason> REASONS = List.of(
        new Reason(".*", ".*\\.type", ".*", "no known type: the library guesses one from the keys"),
        new Reason("RobertaProcessing", ".*\\.(trim_offsets|add_prefix_space)", ".*", "it guesses BertProcessing"),
        new Reason(".*", "(normalizer|decoder|post_processor).*", "\\[.*", "an object written as a list"),
        new Reason(".*", ".*(behavior|prepend_scheme|strategy)", "\\{.*null}", "a word written as an object"),
        new Reason(".*", ".*", "-0", "minus zero"),
        new Reason(".*", ".*\\.pattern\\.String", "\"\"", "the empty text is searched for"),
        new Reason(".*", ".*(sep\\.1|cls\\.1|ids\\.0|vocab\\..*)", "\\d{10}", "an id that no vocabulary has"),
        new Reason(".*", "added_tokens\\.0\\.id", "\\d+", "an id other than the vocabulary's or the next free one"),
        new Reason(".*", "added_tokens\\.0\\.content", ".*", "a token of the vocabulary under another id, or empty"),
        new Reason("TemplateProcessing", ".*", ".*", "the text A is not there once, or its special tokens do not fit"),
        new Reason("BPE", "model\\.dropout", ".*", "merges left out at random"),
        new Reason("BPE", "model\\.(continuing_subword_prefix|end_of_word_suffix)", ".*", "affixes"),
        new Reason("BPE|Unigram", "model\\.vocab\\..*", ".*", "a piece or an id is there twice"));

    @Test
    void everyValueMeansTheSameOrIsRefused() {
        var faults = new ArrayList<String>();
        var used = new HashSet<Reason>();
        for (var key : keys().toList()) for (int i = 0; i < key.line().length(); i++) {
            var value = GOLDEN.get("values").get(i).stringValue();
            var fault = fault(key, value, key.line().charAt(i));
            var reason = REASONS.stream().filter(r -> fault.equals(REFUSED) && r.covers(key, value)).findFirst();
            reason.ifPresent(used::add);
            if (reason.isEmpty() && !fault.isEmpty())
                faults.add(key.type() + " " + key.name() + " " + value + " " + fault);
        }
        assertEquals("", String.join("\n", faults));
        assertEquals(Set.copyOf(REASONS), used);
    }

    private static Stream<Key> keys() {
        return elements(GOLDEN.get("parts")).flatMap(part -> elements(part.get("keys"))
            .map(key -> new Key(part, elements(key.get("path")).toList(), key.get("line").stringValue())));
    }

    private String fault(Key key, String value, char meaning) {
        var file = Meaning.write(folder, file(key, value).getBytes(StandardCharsets.UTF_8));
        var ours = Meaning.of(file, elements(GOLDEN.get("texts")).map(JsonNode::stringValue).toList());
        if (meaning == '.') return ours.isEmpty() ? "" : "is accepted wrongly";
        if (ours.isEmpty()) return REFUSED;
        var theirs = elements(key.part().get("meanings").get(meaning - '0')).toList();
        for (int i = 0; i < theirs.size(); i++)                          // 0: a panic of theirs says nothing about us
            if (!theirs.get(i).isNumber() && !Meaning.shown(theirs.get(i)).equals(ours.get(i)))
                return "means " + ours.get(i) + ", there " + theirs.get(i);
        return "";
    }

    /// The file with the value in place of the key's own.
    private static String file(Key key, String value) {
        var file = (ObjectNode) GOLDEN.get("base").deepCopy();
        file.set(key.part().get("key").stringValue(), key.part().get("part").deepCopy());
        JsonNode at = file;
        for (var step : key.path().subList(0, key.path().size() - 1))
            at = step.isInt() ? at.get(step.intValue()) : at.get(step.stringValue());
        var last = key.path().getLast();
        switch (at) {
            case ArrayNode array when value.equals(ABSENT) -> array.remove(last.intValue());
            case ArrayNode array                           -> array.set(last.intValue(), HERE);
            case ObjectNode object when value.equals(ABSENT) -> object.remove(last.stringValue());
            case ObjectNode object                           -> object.put(last.stringValue(), HERE);
            default -> throw new AssertionError(key);
        }
        return file.toString().replace('"' + HERE + '"', value);
    }

    private static JsonNode golden() {
        try (var in = TokenizerKeysTest.class.getResourceAsStream("keys.json")) {
            return Peer.MAPPER.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<JsonNode> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }
}
