package clew.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import clew.model.Generator.Stop;
import clew.model.token.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What Hugging Face transformers generate from real, trained checkpoints: `golden.json` beside each.
final class RealModelTest {
    @ParameterizedTest
    @CsvSource({"stories260k, SCALAR", "tinystories-656k, SCALAR", "slm-4096, SCALAR", "tinystories-656k-qwen2, SCALAR",
                "stories260k, SIMD",   "tinystories-656k, SIMD",   "slm-4096, SIMD",   "tinystories-656k-qwen2, SIMD"})
    void greedyTextsAndLogitsAreThePeers(String name, Device device) throws IOException {
        var place = Shared.path("models/" + name);
        var rows = JsonMapper.shared().readTree(Files.readAllBytes(place.resolve("golden.json")));
        try (var model = Models.open(place, device.kernels())) {
            var tokenizer = model.tokenizer().orElseThrow();
            for (var row : rows) {
                var prompt = ints(row.get("prompt_ids"));
                assertArrayEquals(prompt, encoded(tokenizer, row.get("prompt").stringValue()), "prompt ids");
                var greedy = ints(row.get("greedy_ids"));
                var made = new Generator(model).greedy(prompt, greedy.length, Set.of());
                assertArrayEquals(greedy, made.ids(), row.get("prompt").stringValue());
                assertEquals(Stop.LENGTH, made.stop());
                assertEquals(row.get("greedy_text").stringValue(), continuation(tokenizer, prompt, greedy));
                lastRow(model, prompt, row, device);
            }
        }
    }

    /// The first eight logits of the prompt's last row, and its five likeliest tokens.
    private static void lastRow(LanguageModel model, int[] prompt, JsonNode row, Device device) {
        try (var run = model.run(Pass.of(prompt))) {
            var logits = run.logits(0, prompt.length - 1);
            var scale = Arrays.stream(logits).map(Math::abs).max().orElseThrow();
            var first = row.get("last_prompt_logits_f64_first8");
            for (int i = 0; i < 8; i++)
                assertEquals(first.get(i).doubleValue(), logits[i], forward(device) * scale, "logit " + i);
            var best = IntStream.range(0, logits.length).boxed()
                .sorted((a, b) -> Double.compare(logits[b], logits[a])).limit(5).toList();
            var sum = Arrays.stream(logits).map(z -> Math.exp(z - logits[best.getFirst()])).sum();
            for (int k = 0; k < 5; k++) {
                var peer = row.get("last_prompt_top5").get(k);
                assertEquals(peer.get(0).intValue(), best.get(k), "rank " + k);
                var p = Math.exp(logits[best.get(k)] - logits[best.getFirst()]) / sum;
                assertEquals(peer.get(1).doubleValue(), p, 1e-5, "probability " + k);         // the peer's is float32
            }
        }
    }

    /// A prompt that is the first token's own text stands for that token alone: nothing is put before it.
    private static int[] encoded(Tokenizer tokenizer, String prompt) {
        var alone = tokenizer.bosId().isPresent() && tokenizer.bosId().equals(tokenizer.idOf(prompt));
        return (alone ? tokenizer.encodePlain(prompt) : tokenizer.encode(prompt)).ids();
    }

    private static double forward(Device device) {
        return device == Device.SCALAR ? 1e-9 : 2e-5;
    }

    /// What the continuation, its special tokens left out, adds to the prompt's text. The prompt's own stay: behind
    /// a BOS a word keeps its space.
    private static String continuation(Tokenizer tokenizer, int[] prompt, int[] more) {
        var seen = IntStream.of(more).filter(id -> !tokenizer.isSpecial(id));
        var all = IntStream.concat(IntStream.of(prompt), seen).toArray();
        return tokenizer.decode(all).substring(tokenizer.decode(prompt).length());
    }

    private static int[] ints(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false).mapToInt(JsonNode::intValue).toArray();
    }
}
