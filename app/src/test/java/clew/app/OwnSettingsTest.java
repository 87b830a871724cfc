package clew.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// generation_config.json is honoured, or what it asks for is refused by name.
final class OwnSettingsTest {
    private static final String IDS = "1,260,261";

    @TempDir
    Path dir;
    private Path model;

    @BeforeEach
    void tinyModel() {
        model = Tiny.model(dir.resolve("model"));
    }

    private Cli generate(String settings, Object... options) throws IOException {
        Files.writeString(model.resolve("generation_config.json"), settings.replace('\'', '"'));
        var command = new ArrayList<Object>(List.of("generate", "--model", model, "--format", "json", "--ids", IDS));
        command.addAll(List.of(options));
        return Cli.run(command.toArray());
    }

    private JsonNode made(String settings, Object... options) throws IOException {
        return generate(settings, options).object();
    }

    private List<Integer> ids(String settings, Object... options) throws IOException {
        return made(settings, options).get("continuationIds").valueStream().map(JsonNode::asInt).toList();
    }

    @Test
    void lengthsAreKept() throws IOException {
        assertEquals(30, ids("{}", "--ignore-eos").size());                 // as many as there are positions
        assertEquals(5, ids("{'max_new_tokens': 5, 'max_length': 20}", "--ignore-eos").size());
        assertEquals(9, ids("{'max_length': 12}", "--ignore-eos").size());
        assertEquals(30, ids("{'max_new_tokens': 1000}", "--ignore-eos").size());
        assertEquals(7, ids("{'max_new_tokens': 5}", "--ignore-eos", "--max-new-tokens", "7").size());
        var long3 = generate("{'max_length': 3}");
        assertEquals("clew: the prompt has 3 tokens and max_length of generation_config.json is 3; say how many more"
            + " with --max-new-tokens\n", long3.err());
        assertEquals(2, long3.exit());
    }

    @Test
    void anEndComesNotBeforeTheLeastLength() throws IOException {
        var all = ids("{}", "--ignore-eos");
        var end = all.getFirst();
        assertEquals(List.of(), ids("{'eos_token_id': " + end + "}"));
        for (var least : List.of("'min_new_tokens': 4", "'min_length': 7")) {
            var later = ids("{'eos_token_id': " + end + ", " + least + "}");
            assertTrue(later.size() >= 4 && !later.contains(end), later::toString);
        }
    }

    @Test
    void whatMayNotComeDoesNotCome() throws IOException {
        var all = ids("{}", "--ignore-eos");
        int first = all.getFirst(), second = all.get(1);
        assertFalse(ids("{'suppress_tokens': [" + first + "]}", "--ignore-eos").contains(first));
        assertFalse(ids("{'bad_words_ids': [[" + first + "]]}", "--ignore-eos").contains(first));
        assertFalse(ids("{'begin_suppress_tokens': [" + first + "]}", "--ignore-eos").getFirst() == first);
        var other = ids("{'bad_words_ids': [[" + first + ", " + second + "]]}", "--ignore-eos");
        assertEquals(first, other.getFirst());
        assertFalse(other.get(1) == second);
        var once = ids("{'no_repeat_ngram_size': 1}", "--ignore-eos");
        assertEquals(once.size(), once.stream().distinct().count());
    }

    @Test
    void stopTextsOfTheModelEndIt() throws IOException {
        var text = made("{}", "--ignore-eos").get("text").stringValue();
        var stop = letter(text);
        for (var form : List.of("'" + stop + "'", "['never', '" + stop + "']")) {
            var stopped = made("{'eos_token_id': [], 'stop_strings': " + form + "}");
            assertEquals("stop", stopped.get("stopReason").stringValue());
            assertEquals(text.substring(0, text.indexOf(stop)), stopped.get("text").stringValue());
        }
        assertEquals(text, made("{'stop_strings': '" + stop + "'}", "--ignore-eos").get("text").stringValue());
        assertEquals(1, generate("{'stop_strings': ['']}").exit());
    }

    /// A file, and the ids that transformers made because of it; `docs/golden/generation.py` makes them.
    static Stream<JsonNode> cases() throws IOException {
        return fixture().get("cases").valueStream();
    }

    private static JsonNode fixture() throws IOException {
        try (var in = OwnSettingsTest.class.getResourceAsStream("generation.json")) {
            return JsonText.MAPPER.readTree(in);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aFileMeansWhatItMeansToTransformers(JsonNode c) throws IOException {
        var source = Path.of(Shared.path("goldens/models/llama-tiny-gqa"));
        model = Files.createDirectory(dir.resolve("golden"));
        for (var file : List.of("config.json", "model.safetensors"))
            Files.copy(source.resolve(file), model.resolve(file));
        Files.writeString(model.resolve("generation_config.json"), c.get("settings").toString());
        var prompt = fixture().get("prompt").valueStream().map(JsonNode::asString).collect(Collectors.joining(","));
        var made = Cli.run("generate", "--model", model, "--format", "json", "--device", "scalar", "--ids", prompt);
        assertEquals(c.get("ids"), made.object().get("continuationIds"));
    }

    static Stream<JsonNode> refused() throws IOException {
        return fixture().get("refused").valueStream();
    }

    @ParameterizedTest
    @MethodSource("refused")
    void whatTransformersRefusesIsRefused(JsonNode settings) throws IOException {
        var said = generate(settings.toString());
        assertEquals(1, said.exit());
        assertTrue(said.err().contains("generation_config.json"), said.err());
    }

    /// Each is honoured, refused, noted or without a part in the text.
    @Test
    void everyKeyOfTransformersIsKnown() throws IOException {
        for (var key : fixture().get("keys")) assertTrue(UnmetSettings.isKnown(key.stringValue()), key::toString);
    }

    @Test
    void howToComputeAndWhatIsUnknownIsNoted() throws IOException {
        var said = generate("{'cache_implementation': 'static', 'use_mtp': false, 'chat_format': 'x',"
            + " 'eos_token_id': 2}").err();
        var file = model.resolve("generation_config.json");
        assertTrue(said.contains("clew: " + file + " says with cache_implementation, use_mtp how to compute, which is"
            + " not done so here; the text is the same\n"), said);
        assertTrue(said.contains("clew: " + file + " says with chat_format what is not known here and has no"
            + " effect\n"), said);
        assertEquals("", generate("{'cache_implementation': 'hybrid', 'eos_token_id': 2}").notes());
    }

    /// There transformers goes on: it reads config.json's end only where no generation_config.json is.
    @Test
    void anEndThatOnlyTheConfigNamesEndsTheTextAndIsNoted() throws IOException {
        var config = model.resolve("config.json");
        var first = ids("{}", "--ignore-eos").getFirst();
        Files.writeString(config, Files.readString(config).replaceFirst("\\{", "{\"eos_token_id\": " + first + ", ")
            .replaceFirst("(, ?|\n *)\"eos_token_id\": ?2\\b", ""));
        var said = generate("{}");
        assertEquals(0, said.object().get("continuationIds").size());
        assertTrue(said.err().contains("does not name as eos_token_id, where transformers goes on"), said.err());
    }

    private static String letter(String text) {
        return IntStream.range(0, text.length()).filter(i -> "abc".indexOf(text.charAt(i)) >= 0).boxed().findFirst()
            .map(i -> text.substring(i, i + 1)).orElseThrow(() -> new AssertionError("no letter in " + text));
    }

    /// A special token is in no text, so that only its id can end one.
    @Test
    void aSpecialTokenIsAStopById() throws IOException {
        var all = ids("{}", "--ignore-eos");
        var bias = new ArrayList<>(IntStream.range(0, Tiny.VOCABULARY).boxed().toList());
        bias.remove(Integer.valueOf(2));                                    // nothing but </s> may come first
        var settings = "{'begin_suppress_tokens': " + bias + "}";
        assertEquals(all.size(), ids("{}", "--ignore-eos", "--stop", "</s>").size() + (all.contains(2) ? 1 : 0));
        var stopped = made(settings, "--ignore-eos", "--stop", "</s>");
        assertEquals("stop", stopped.get("stopReason").stringValue());
        assertEquals(0, stopped.get("continuationIds").size());
        var mixed = generate(settings, "--stop", "a</s>");
        assertEquals("clew: the stop text 'a</s>' has the special token </s> in it, which no text shows; stop at the"
            + " token alone\n", mixed.err());
        assertEquals(2, mixed.exit());
    }

    @ParameterizedTest
    @ValueSource(strings = {"'num_beams': 4", "'guidance_scale': 1.5", "'encoder_repetition_penalty': 2",
        "'encoder_no_repeat_ngram_size': 2", "'penalty_alpha': 0.6", "'token_healing': true",
        "'sequence_bias': [[[3], 2.0]]", "'forced_bos_token_id': 3", "'forced_eos_token_id': 2",
        "'exponential_decay_length_penalty': [3, 1.1]", "'watermarking_config': {}", "'dola_layers': 'low'",
        "'do_sample': true, 'epsilon_cutoff': 0.1", "'do_sample': true, 'eta_cutoff': 0.1",
        "'do_sample': true, 'top_h': 0.4"})
    void whatWouldMakeAnotherTextIsRefusedByName(String settings) throws IOException {
        var said = generate("{" + settings + "}");
        var key = settings.replace("'do_sample': true, ", "").split("'")[1];
        assertEquals(1, said.exit());
        assertEquals("clew: " + model.resolve("generation_config.json") + ": " + key + " would change what is generated"
            + " and is not supported; take it out of the file to generate without it\n", said.err());
        assertEquals("", said.out());
    }

    /// What a file says that has every key at the value that changes nothing.
    @Test
    void whatChangesNothingIsNoReasonToRefuse() throws IOException {
        assertEquals(ids("{}"), ids("""
            {'num_beams': 1, 'num_beam_groups': 1, 'guidance_scale': 1.0, 'encoder_repetition_penalty': 1.0,
             'encoder_no_repeat_ngram_size': 0, 'penalty_alpha': 0, 'epsilon_cutoff': 0.3, 'eta_cutoff': 0.0,
             'token_healing': false, 'sequence_bias': null, 'forced_bos_token_id': null, 'no_repeat_ngram_size': 0,
             'min_length': 0, 'min_new_tokens': null, 'typical_p': 1.0, 'use_cache': true, 'bad_words_ids': null,
             'suppress_tokens': [], 'transformers_version': '5', 'chat_format': 'chatml', 'length_penalty': 1.0}
            """));
    }

    @ParameterizedTest
    @ValueSource(strings = {"'bad_words_ids': [3]", "'bad_words_ids': [[]]", "'suppress_tokens': 'a'",
        "'no_repeat_ngram_size': -1", "'min_new_tokens': 1.5", "'stop_strings': 3", "'max_new_tokens': 0"})
    void whatCannotBeIsNamed(String settings) throws IOException {
        var said = generate("{" + settings + "}");
        assertEquals(1, said.exit());
        assertTrue(said.err().contains(settings.split("'")[1]), said.err());
    }

    @Test
    void whatIsNotKeptThoughTheTextIsTheSameIsNoted() throws IOException {
        var said = generate("{'max_time': 3.0, 'num_return_sequences': 3}");
        assertEquals(0, said.exit());
        assertTrue(said.err().contains("sets a time with max_time, which is not kept")
            && said.err().contains("asks for several texts with num_return_sequences"), said.err());
        assertEquals("", generate("{'num_return_sequences': 1}").notes());
    }
}
