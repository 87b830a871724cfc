package clew.model.token;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// What Hugging Face tokenizers and llama.cpp make of the same files and texts.
final class PeerOutputTest {
    private static final Map<String, String> PLACES = Map.of(
        "gpt2", "tokenizers/gpt2", "llama3", "tokenizers/llama3", "qwen2.5", "tokenizers/qwen2.5",
        "tinyllama", "tokenizers/tinyllama", "stories260k", "models/stories260k",
        "tinystories-656k", "models/tinystories-656k", "slm-4096", "models/slm-4096",
        "tinystories-656k-qwen2", "models/tinystories-656k-qwen2");

    private static Tokenizer tokenizer(String name) {
        return Tokenizer.open(Shared.path(PLACES.get(name)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "llama3", "qwen2.5", "tinyllama", "stories260k", "tinystories-656k", "slm-4096",
        "tinystories-656k-qwen2"})
    void idsOffsetsAndDecodingsEqualHuggingFace(String name) throws IOException {
        var rows = Json.tree(Files.readAllBytes(Shared.path("tokenizers/expected/hf/" + name + ".json"))).get("rows");
        var tokenizer = tokenizer(name);
        for (var row : rows) {
            var text = row.get("text").stringValue();
            var encoding = tokenizer.encode(text);
            assertArrayEquals(ints(row.get("ids")), encoding.ids(), () -> "ids of " + text);
            var plain = tokenizer.encodePlain(text).ids();
            assertArrayEquals(ints(row.get("ids_plain")), plain, () -> "plain ids of " + text);
            assertArrayEquals(offsets(row.get("offsets")), offsets(encoding), () -> "offsets of " + text);
            assertEquals(row.get("decoded").stringValue(), tokenizer.decode(encoding.ids()));
            assertEquals(row.get("decoded_skip_special").stringValue(), tokenizer.decodeSkipSpecial(encoding.ids()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "llama3", "qwen2.5", "tinyllama"})
    void plainIdsEqualLlamaCpp(String name) throws IOException {
        var place = "tokenizers/expected/" + name;
        var texts = Files.readString(Shared.path(place + ".inp")).split("\n__ggml_vocab_test__\n", -1);
        var lines = Files.readString(Shared.path(place + ".out")).split("\n", -1);
        var tokenizer = tokenizer(name);
        assertEquals(47, texts.length);                                      // the last of them is empty
        assertEquals(47, lines.length);
        for (int i = 0; i < 47; i++) {
            var expected = lines[i].isBlank() ? new int[0]
                : Arrays.stream(lines[i].strip().split(" ")).mapToInt(Integer::parseInt).toArray();
            var text = texts[i];
            assertArrayEquals(expected, tokenizer.encodePlain(text).ids(), () -> "ids of " + text);
        }
    }

    @Test
    void theOriginalPairOfFilesEqualsTokenizerJson() throws IOException {
        var folder = Shared.path("tokenizers/gpt2");
        var json = Tokenizer.open(folder);
        var pair = Tokenizer.fromVocabAndMerges(folder.resolve("vocab.json"), folder.resolve("merges.txt"),
            Optional.of(folder.resolve("tokenizer_config.json")));
        var rows = Json.tree(Files.readAllBytes(Shared.path("tokenizers/expected/hf/gpt2.json"))).get("rows");
        for (var row : rows) {
            var text = row.get("text").stringValue();
            assertEquals(json.encode(text).tokens(), pair.encode(text).tokens());
        }
    }

    private static int[] ints(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).mapToInt(JsonNode::intValue).toArray();
    }

    private static int[][] offsets(JsonNode pairs) {
        return StreamSupport.stream(pairs.spliterator(), false).map(PeerOutputTest::ints).toArray(int[][]::new);
    }

    private static int[][] offsets(Encoding encoding) {
        return encoding.tokens().stream().map(t -> new int[] {t.start(), t.end()}).toArray(int[][]::new);
    }
}
