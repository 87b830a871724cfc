package clew.model.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.JsonNode;

/// Ids, offsets and decodings of generated texts equal those of Hugging Face's own library, for real tokenizers and for
/// ones that the library trains here. `-Dclew.strings=20000` sets their number, `-Dclew.seed=N` the texts.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DifferentialTest {
    static final int STRINGS = Integer.getInteger("clew.strings", 100);
    static final long SEED = Long.getLong("clew.seed", 20260704);
    static final int BATCH = 500;

    @TempDir
    private Path folder;
    private Peer peer;

    @BeforeAll
    void start() {
        peer = Peer.start("hf_tokenizers.py", "tokenizers");
    }

    @AfterAll
    void stop() {
        if (peer != null) peer.close();
    }

    @TestFactory
    Stream<DynamicTest> realTokenizersAgree() {
        return Stream.of("tokenizers/gpt2", "tokenizers/llama3", "tokenizers/qwen2.5", "tokenizers/tinyllama",
            "tokenizers/mistral", "models/stories260k", "models/slm-4096").map(place ->
                DynamicTest.dynamicTest(place, () -> {
                    var real = Shared.path(place);
                    refuseError(peer.ask(Map.of("open", real.resolve("tokenizer.json").toString())));
                    agree(Tokenizer.open(real));
                }));
    }

    @TestFactory
    Stream<DynamicTest> trainedTokenizersAgree() {
        var strings = new Strings(SEED, List.of());
        var corpus = IntStream.range(0, 1500).mapToObj(_ -> strings.next()).toList();
        return StreamSupport.stream(peer.greeting().get("builders").spliterator(), false).map(JsonNode::stringValue)
            .map(name -> DynamicTest.dynamicTest(name, () -> {
                var built = peer.ask(Map.of("build", name, "corpus", corpus));
                refuseError(built);
                agree(Tiny.open(folder, built.get("json").stringValue()));
            }));
    }

    private static void refuseError(JsonNode answer) {
        assertTrue(answer.get("error") == null, () -> "the other library says " + answer.get("error"));
    }

    private void agree(Tokenizer tokenizer) {
        var strings = new Strings(SEED, tokenizer.addedTokens());
        for (int done = 0; done < STRINGS; done += BATCH) {
            var texts = IntStream.range(done, Math.min(STRINGS, done + BATCH)).mapToObj(_ -> strings.next()).toList();
            var rows = peer.ask(Map.of("texts", texts));
            for (int i = 0; i < texts.size(); i++) agree(tokenizer, texts.get(i), rows.get(i));
        }
    }

    private static void agree(Tokenizer tokenizer, String text, JsonNode row) {
        refuseError(row);
        var encoding = tokenizer.encode(text);
        equal(row.get(0), encoding.ids(), "ids", text);
        equal(row.get(1), encoding.tokens().stream().map(t -> new int[] {t.start(), t.end()}).toList(), text);
        equal(row.get(2), tokenizer.encodePlain(text).ids(), "plain ids", text);
        assertEquals(row.get(3).stringValue(), tokenizer.decode(encoding.ids()), () -> "decoding of " + shown(text));
        assertEquals(row.get(4).stringValue(), tokenizer.decodeSkipSpecial(encoding.ids()),
            () -> "decoding without special tokens of " + shown(text));
    }

    private static void equal(JsonNode theirs, int[] ours, String what, String text) {
        assertEquals(theirs.toString(), Arrays.toString(ours).replace(" ", ""), () -> what + " of " + shown(text));
    }

    private static void equal(JsonNode theirs, List<int[]> ours, String text) {
        var list = ours.stream().map(Arrays::toString).toList();
        assertEquals(theirs.toString(), list.toString().replace(" ", ""), () -> "offsets of " + shown(text));
    }

    static String shown(String text) {
        return Peer.MAPPER.writer().with(JsonWriteFeature.ESCAPE_NON_ASCII).writeValueAsString(text);
    }
}
