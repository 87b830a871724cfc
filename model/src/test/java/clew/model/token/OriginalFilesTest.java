package clew.model.token;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// `tokenizer.model` as SentencePiece and tiktoken themselves read it; `-Dclew.strings=20000` as in [DifferentialTest].
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class OriginalFilesTest {
    private static final Map<String, Object> NFKC = Map.of("byte_fallback", false);
    private static final Map<String, Object> PLAIN = Map.of(
        "normalization_rule_name", "identity", "byte_fallback", true,
        "remove_extra_whitespaces", false, "split_digits", true, "allow_whitespace_only_pieces", true);
    private static final Map<String, Object> GEMMA = Map.of(
        "normalization_rule_name", "identity", "byte_fallback", true,
        "remove_extra_whitespaces", false, "add_dummy_prefix", false, "user_defined_symbols",
        List.of("<start_of_turn>", "\n", "\n\n", "▁▁", "▁▁▁", "ing", "<2mass>"));
    private static final List<String> CONTROLS = List.of("<unk>", "<s>", "</s>");
    private static final List<String> KEPT = List.of("<start_of_turn>", "\n\n", "ing");
    private static final Map<String, Object> SUFFIX = Map.of("treat_whitespace_as_suffix", true);

    @TempDir
    private Path folder;
    private Peer peer;

    @BeforeAll
    void start() {
        peer = Peer.start("original_models.py", "sentencepiece tiktoken");
    }

    @AfterAll
    void stop() {
        if (peer != null) peer.close();
    }

    @TestFactory
    Stream<DynamicTest> sentencePieceAgrees() {
        var models = Map.of("bpe", List.of(PLAIN, GEMMA, SUFFIX, NFKC), "unigram", List.of(PLAIN, SUFFIX, NFKC));
        return models.entrySet().stream().flatMap(entry -> entry.getValue().stream().map(options ->
            DynamicTest.dynamicTest(entry.getKey() + options, () -> {
                var all = new HashMap<>(options);
                all.putAll(Map.of("model_type", entry.getKey(), "vocab_size", 900, "character_coverage", 0.98));
                var model = folder.resolve("tokenizer.model");
                refuseError(peer.ask(Map.of("train", all, "corpus", corpus(), "file", model.toString())));
                var kept = List.of("<start_of_turn>", "▁▁", "\n");
                agree(Tokenizer.open(folder), new Strings(DifferentialTest.SEED, kept));
            })));
    }

    /// What stands between control pieces is read like a text of its own, a space put in front of each part.
    @Test
    void controlPiecesAreFoundInATextAndItsPartsBeginAnew() {
        var all = new HashMap<>(PLAIN);
        all.putAll(Map.of("model_type", "bpe", "vocab_size", 900, "character_coverage", 0.98));
        refuseError(peer.ask(Map.of("train", all, "corpus", corpus(),
            "file", folder.resolve("tokenizer.model").toString())));
        var tokenizer = Tokenizer.open(folder);
        var rows = peer.ask(Map.of("texts", List.of("“q” ", " the time")));
        var expected = new ArrayList<Integer>();
        rows.get(0).get(0).forEach(id -> expected.add(id.intValue()));
        expected.add(tokenizer.idOf("<s>").orElseThrow());
        rows.get(1).get(0).forEach(id -> expected.add(id.intValue()));
        assertEquals(expected, Arrays.stream(tokenizer.encodePlain("“q” <s> the time").ids()).boxed().toList());
    }

    /// Where a LlamaTokenizer or a GemmaTokenizer is named, texts with control pieces in them included.
    @TestFactory
    Stream<DynamicTest> namedClassesAgreeWithTransformers() {
        var settings = new ArrayList<Map<String, Object>>();
        for (var legacy : new Object[] {"absent", "null", true, false})
            for (var prefix : new Object[] {"absent", true, false}) {
                var one = new LinkedHashMap<String, Object>();
                one.put("tokenizer_class", settings.size() % 2 == 0 ? "LlamaTokenizer" : "LlamaTokenizerFast");
                if (!legacy.equals("absent")) one.put("legacy", legacy.equals("null") ? null : legacy);
                if (!prefix.equals("absent")) one.put("add_prefix_space", prefix);
                settings.add(one);
            }
        settings.add(Map.of("tokenizer_class", "GemmaTokenizer", "bos_token", "<s>", "eos_token", "</s>",
            "pad_token", "<unk>", "mask_token", "<unk>", "unk_token", "<unk>", "legacy", true));
        return settings.stream().map(one -> DynamicTest.dynamicTest(one.toString(), () -> {
            var gemma = one.get("tokenizer_class").equals("GemmaTokenizer");
            var all = new HashMap<>(PLAIN);
            all.putAll(Map.of("model_type", "bpe", "vocab_size", 900, "character_coverage", 0.98,
                "user_defined_symbols", KEPT, "add_dummy_prefix", !gemma));
            var folder = Files.createTempDirectory(this.folder, "named");
            Files.writeString(folder.resolve("tokenizer_config.json"), Peer.MAPPER.writeValueAsString(one));
            refuseError(peer.ask(Map.of("train", all, "corpus", corpus(),
                "file", folder.resolve("tokenizer.model").toString())));
            var opened = peer.ask(Map.of("directory", folder.toString()));
            Assumptions.assumeFalse(String.valueOf(opened.get("error")).contains("No module"),
                "pip install transformers to run this test");
            refuseError(opened);
            var inside = new ArrayList<>(KEPT);
            inside.addAll(CONTROLS);
            agreeWithOffsets(Tokenizer.open(folder), new Strings(DifferentialTest.SEED, inside));
        }));
    }

    private void agreeWithOffsets(Tokenizer tokenizer, Strings strings) {
        for (int done = 0; done < DifferentialTest.STRINGS; done += DifferentialTest.BATCH) {
            var texts = IntStream.range(done, Math.min(DifferentialTest.STRINGS, done + DifferentialTest.BATCH))
                .mapToObj(_ -> strings.next()).toList();
            var rows = peer.ask(Map.of("texts", texts));
            for (int i = 0; i < texts.size(); i++) {
                var text = texts.get(i);
                var encoding = tokenizer.encodePlain(text);
                var offsets = encoding.tokens().stream().map(t -> List.of(t.start(), t.end())).toList();
                assertEquals(rows.get(i).toString(), Peer.MAPPER.writeValueAsString(List.of(encoding.ids(),
                    tokenizer.decode(encoding.ids()), offsets)), () -> DifferentialTest.shown(text));
            }
        }
    }

    /// What a class of transformers would read otherwise is refused, and so is a key that speaks to no class.
    @TestFactory
    Stream<DynamicTest> whatANamedClassLeavesOutIsRefused() {
        record Case(Map<String, ?> options, String settings, String said) {}
        var llama = "{\"tokenizer_class\": \"LlamaTokenizer\"%s}";
        return Stream.of(
            new Case(Map.of("model_type", "unigram"), llama.formatted(""), "another type than BPE"),
            new Case(Map.of("normalization_rule_name", "nmt_nfkc"), llama.formatted(""), "rewrites characters"),
            new Case(Map.of("remove_extra_whitespaces", true), llama.formatted(""), "drops spaces"),
            new Case(Map.of("treat_whitespace_as_suffix", true), llama.formatted(""), "puts spaces behind words"),
            new Case(Map.of("byte_fallback", false), llama.formatted(""), "no piece for every byte"),
            new Case(Map.of("add_dummy_prefix", false), llama.formatted(""), "say add_prefix_space: false"),
            new Case(Map.of(), llama.formatted(", \"split_special_tokens\": true"), "split_special_tokens"),
            new Case(Map.of(), "{\"tokenizer_class\": \"GemmaTokenizer\"}", "puts a space in front of a text"),
            new Case(Map.of(), "{\"legacy\": true}", "'legacy' in tokenizer_config.json"),
            new Case(Map.of(), "{\"add_prefix_space\": false}", "'add_prefix_space' in tokenizer_config.json"))
            .map(c -> DynamicTest.dynamicTest(c.said, () -> {
                var all = new HashMap<>(PLAIN);
                all.putAll(Map.of("model_type", "bpe", "vocab_size", 900, "character_coverage", 0.98));
                all.putAll(c.options);
                var folder = Files.createTempDirectory(this.folder, "refused");
                Files.writeString(folder.resolve("tokenizer_config.json"), c.settings);
                refuseError(peer.ask(Map.of("train", all, "corpus", corpus(),
                    "file", folder.resolve("tokenizer.model").toString())));
                var refusal = assertThrows(IllegalArgumentException.class, () -> Tokenizer.open(folder));
                assertTrue(refusal.getMessage().contains(c.said), refusal::getMessage);
            }));
    }

    private static List<String> corpus() {
        var strings = new Strings(DifferentialTest.SEED, List.of());
        return IntStream.range(0, 1500).mapToObj(_ -> strings.next().codePoints()
            .filter(c -> c < 0x250 || c >= 0x4e00 && c < 0x4e20).collect(StringBuilder::new,
                StringBuilder::appendCodePoint, StringBuilder::append).toString()).toList();
    }

    @TestFactory
    Stream<DynamicTest> tiktokenAgrees() {
        return Stream.of("gpt2", "llama3").map(name -> DynamicTest.dynamicTest(name, () -> {
            var json = Tokenizer.open(Shared.path("tokenizers/" + name));
            var folder = Files.createDirectory(this.folder.resolve(name));
            var model = folder.resolve("tokenizer.model");
            var config = Shared.path("tokenizers/" + name + "/tokenizer_config.json");
            Files.copy(config, folder.resolve("tokenizer_config.json"));
            int ranks = name.equals("gpt2") ? 50256 : 128000;
            writeRanks(json, ranks, model);
            var pattern = TiktokenFile.known(TiktokenFile.ranks(Files.readAllBytes(model))).pattern();
            refuseError(peer.ask(Map.of("ranks", model.toString(), "pattern", pattern)));
            var tokenizer = Tokenizer.open(folder);
            agree(tokenizer, new Strings(DifferentialTest.SEED, List.of("<|none|>")));
            var strings = new Strings(DifferentialTest.SEED, tokenizer.addedTokens());
            for (int i = 0; i < DifferentialTest.STRINGS; i++) {
                var text = strings.next();
                assertEquals(json.encode(text).tokens().stream().map(Token::start).toList(),
                    tokenizer.encode(text).tokens().stream().map(Token::start).toList(), text);
                assertArrayEquals(json.encode(text).ids(), tokenizer.encode(text).ids(), text);
            }
        }));
    }

    private static void writeRanks(Tokenizer tokenizer, int ranks, Path file) throws IOException {
        var lines = new StringBuilder();
        for (int id = 0; id < ranks; id++) lines.append(Base64.getEncoder().encodeToString(
            ByteAlphabet.bytes(tokenizer.piece(id)))).append(' ').append(id).append('\n');
        Files.writeString(file, lines);
    }

    private static void refuseError(JsonNode answer) {
        assertNull(answer.get("error"), () -> "the other library says " + answer.get("error"));
    }

    /// Equal ids, and equal decodings where nothing is unknown: SentencePiece writes ⁇ there, Hugging Face `<unk>`.
    /// Texts that spell a control piece are left out, `<s>` among them, which generated letters now and then make:
    /// SentencePiece never reads one in a text; [#controlPiecesAreFoundInATextAndItsPartsBeginAnew] says what happens.
    private void agree(Tokenizer tokenizer, Strings strings) {
        var unknown = tokenizer.unkId();
        for (int done = 0; done < DifferentialTest.STRINGS; done += DifferentialTest.BATCH) {
            var texts = IntStream.range(done, Math.min(DifferentialTest.STRINGS, done + DifferentialTest.BATCH))
                .mapToObj(_ -> strings.next()).filter(text -> CONTROLS.stream().noneMatch(text::contains)).toList();
            var rows = peer.ask(Map.of("texts", texts));
            for (int i = 0; i < texts.size(); i++) {
                var text = texts.get(i);
                var ids = tokenizer.encodePlain(text).ids();
                assertEquals(rows.get(i).get(0).toString(), Arrays.toString(ids).replace(" ", ""),
                    () -> "ids of " + DifferentialTest.shown(text));
                if (unknown.isEmpty() || Arrays.stream(ids).noneMatch(id -> id == unknown.getAsInt()))
                    assertEquals(rows.get(i).get(1).stringValue(), tokenizer.decode(ids),
                        () -> "decoding of " + DifferentialTest.shown(text));
            }
        }
    }
}
