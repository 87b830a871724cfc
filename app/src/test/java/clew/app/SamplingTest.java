package clew.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clew.engine.tensor.DType;
import clew.model.LogitFilter;
import clew.model.LogitFilter.MinP;
import clew.model.LogitFilter.RepetitionPenalty;
import clew.model.LogitFilter.Temperature;
import clew.model.LogitFilter.TopK;
import clew.model.LogitFilter.TopP;
import clew.model.LogitFilter.Typical;
import clew.model.Sampler;
import clew.model.Synthetic;
import clew.model.token.BpeTrainer;
import clew.weights.Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// How tokens are chosen: by what is asked for, else by generation_config.json, else greedily.
final class SamplingTest {
    @TempDir
    Path dir;

    /// Random weights, and the bytes for a vocabulary.
    private Path model() throws IOException {
        new Synthetic("llama", 1, 16, 2, 2, 32, 280, 32, DType.F32).write(dir);
        var trainer = new BpeTrainer(List.of("<s>"));
        trainer.add("one two one two three");
        trainer.write(trainer.learn(280), dir.resolve("tokenizer.json"));
        return dir;
    }

    private Sampler sampler(Map<Key, String> asked, String file) throws IOException {
        var values = new java.util.HashMap<Key, Given.Value>();
        asked.forEach((key, text) -> values.put(key, new Given.Value(text, key.option())));
        Optional<Config> config = file.isEmpty() ? Optional.empty()
            : Optional.of(Config.read(Files.writeString(dir.resolve("generation_config.json"), file)));
        return Sampling.of(new Given(values)).with(config, List.of());
    }

    private static Sampler drawn(long seed, LogitFilter... filters) {
        return new Sampler(List.of(filters), new Sampler.Choice.Draw(seed));
    }

    @Test
    void theModelsOwnFileIsHonoured() throws IOException {
        assertEquals(Sampler.GREEDY, sampler(Map.of(), ""));
        assertEquals(Sampler.GREEDY, sampler(Map.of(), "{\"temperature\": 0.6, \"top_p\": 0.9}"));
        assertEquals(drawn(0, new RepetitionPenalty(1.05), new Temperature(0.7), new TopK(20), new TopP(0.8)), sampler(
            Map.of(), "{\"do_sample\": true, \"temperature\": 0.7, \"top_k\": 20, \"top_p\": 0.8,"
                + " \"repetition_penalty\": 1.05}"));
        assertEquals(drawn(0, new TopK(50)), sampler(Map.of(), "{\"do_sample\": true}"));
        assertEquals(drawn(0), sampler(Map.of(), "{\"do_sample\": true, \"top_k\": 0}"));
        assertEquals(new Sampler(List.of(new RepetitionPenalty(1.2)), new Sampler.Choice.Best()),
            sampler(Map.of(), "{\"do_sample\": false, \"repetition_penalty\": 1.2}"));
        assertEquals(Sampler.GREEDY, sampler(Map.of(), "{\"temperature\": 0, \"top_k\": 12.7}"));
        assertEquals(Sampler.GREEDY,
            sampler(Map.of(Key.TEMPERATURE, "0"), "{\"do_sample\": true, \"temperature\": 0}"));
        assertEquals(drawn(0, new TopK(50), new MinP(0.05), new Typical(0.9)),
            sampler(Map.of(), "{\"do_sample\": true, \"min_p\": 0.05, \"typical_p\": 0.9}"));
        assertEquals(Sampler.GREEDY, sampler(Map.of(), "{\"typical_p\": 0.9}"));
    }

    @Test
    void whatIsAskedForWins() throws IOException {
        var file = "{\"do_sample\": true, \"temperature\": 0.7, \"top_k\": 20}";
        assertEquals(Sampler.GREEDY, sampler(Map.of(Key.TEMPERATURE, "0"), file));
        assertEquals(drawn(3, new Temperature(2), new TopK(20), new MinP(0.1)),
            sampler(Map.of(Key.TEMPERATURE, "2", Key.MIN_P, "0.1", Key.SEED, "3"), file));
        assertEquals(drawn(0, new TopP(0.5)), sampler(Map.of(Key.TOP_P, "0.5", Key.TOP_K_SAMPLING, "0"), ""));
        assertEquals(Sampler.GREEDY, sampler(Map.of(Key.SEED, "5"), ""));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "--temperature | -1 | --temperature takes a number from 0 on, not '-1'",
        "--temperature | hot | --temperature takes a number from 0 on, not 'hot'",
        "--temperature | NaN | --temperature takes a number from 0 on, not 'NaN'",
        "--top-p | 1.5 | --top-p takes a number from 0 to 1, not '1.5'",
        "--min-p | -0.1 | --min-p takes a number from 0 to 1, not '-0.1'",
        "--top-k-sampling | -1 | --top-k-sampling takes a whole number, at least 0, not '-1'",
        "--repetition-penalty | 0 | --repetition-penalty is a number above 0; 1 changes nothing",
        "--seed | x | --seed takes a whole number, at least 0, not 'x'",
        "--stop | '' | --stop is empty; name the text to stop at",
        "--stop-ids | a | --stop-ids takes a whole number, at least 0, not 'a'",
    })
    void whatMeansNothingIsRefused(String option, String value, String sentence) throws IOException {
        var said = Cli.run("generate", "--model", model(), option + "=" + value, "a");
        assertEquals("clew: " + sentence + "\n", said.err());
        assertEquals(2, said.exit());
    }

    @Test
    void aModelsFileThatSaysWhatCannotBeIsNamed() throws IOException {
        Files.writeString(model().resolve("generation_config.json"), "{\"do_sample\": true, \"top_p\": 7}");
        var said = Cli.run("generate", "--model", dir, "a");
        assertEquals(1, said.exit());
        assertTrue(said.err().contains("generation_config.json") && said.err().contains("top-p lies from 0 to 1"),
            said.err());
    }

    private JsonNode made(Object... options) throws IOException {
        var command = new java.util.ArrayList<Object>(List.of("generate", "--model", model(), "--format",
            "json", "--max-new-tokens", "12", "--ignore-eos"));
        command.addAll(List.of(options));
        command.add("a b");
        return Cli.run(command.toArray()).object();
    }

    @Test
    void aSeedMakesTheSameTextAgain() throws IOException {
        var one = made("--temperature", "3", "--seed", "1");
        assertEquals(one, made("--temperature", "3", "--seed", "1"));
        assertNotEquals(one, made("--temperature", "3", "--seed", "2"));
        assertEquals(made(), made("--temperature", "3", "--top-k-sampling", "1"));
    }

    @Test
    void stopIdsAndStopTextsEndIt() throws IOException {
        var ids = made().get("continuationIds");
        var stopped = made("--stop-ids", ids.get(4).asString());
        assertEquals("stop", stopped.get("stopReason").stringValue());
        assertTrue(stopped.get("continuationIds").size() <= 4);

        var text = made("--temperature", "3").get("text").stringValue();
        var stop = letter(text);
        var cut = made("--temperature", "3", "--stop", stop, "--stop", "never");
        assertEquals("stop", cut.get("stopReason").stringValue());
        assertEquals(text.substring(0, text.indexOf(stop)), cut.get("text").stringValue());
        assertTrue(cut.get("continuationIds").size() < 12);
        assertEquals("length", made("--stop", "never").get("stopReason").stringValue());
    }

    /// An ASCII character, which is whole when it is made.
    private static String letter(String text) {
        for (int i = 1; i < text.length() - 2; i++)
            if (text.charAt(i) < 0x80 && text.indexOf(text.charAt(i)) == i) return text.substring(i, i + 1);
        throw new AssertionError("no letter in " + text);
    }

    @Test
    void linesSaySoToo() throws IOException {
        var text = made("--temperature", "3").get("text").stringValue();
        var lines = Files.writeString(dir.resolve("in.jsonl"),
            "{\"prompt\": \"a b\", \"temperature\": 3, \"seed\": 1}\n"
            + JsonText.MAPPER.writeValueAsString(Map.of("prompt", "a b", "temperature", 3,
                "stop", List.of(letter(text)))) + "\n"
            + "{\"prompt\": \"a b\", \"temperature\": \"3\"}\n{\"prompt\": \"a b\", \"stop\": [3]}\n"
            + "{\"prompt\": \"a b\", \"stopIds\": [3, 4], \"topKSampling\": 3, \"topP\": 0.9, \"minP\": 0.1}\n");
        var all = Cli.run("generate", "--model", model(), "--max-new-tokens", "12", "--ignore-eos", "--jsonl",
            lines).lines();
        assertEquals(made("--temperature", "3", "--seed", "1").get("continuationIds"),
            all.get(0).get("continuationIds"));
        assertEquals("stop", all.get(1).get("stopReason").stringValue());
        assertEquals("temperature is not a number", all.get(2).get("error").stringValue());
        assertEquals("stop is neither a string nor a list of strings", all.get(3).get("error").stringValue());
        assertTrue(all.get(4).has("continuationIds"));
    }

    @Test
    void aTerminalShowsTheTextAsItIsMade() throws IOException {
        var command = List.<Object>of("generate", "--model", model(), "--max-new-tokens", "20", "--temperature", "3",
            "--ignore-eos", "one two").toArray();
        assertEquals(Cli.run(command).out(), Cli.seen(Map.of(), command).out());
    }
}
