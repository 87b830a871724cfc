package clew.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clew.model.LogitFilter.MinP;
import clew.model.LogitFilter.RepetitionPenalty;
import clew.model.LogitFilter.Temperature;
import clew.model.LogitFilter.TopK;
import clew.model.LogitFilter.TopP;
import clew.model.LogitFilter.Typical;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Filters leave what Hugging Face's processors leave; draws follow the probabilities.
final class SamplerTest {
    /// Ids that end a text, as the fixture has them.
    private static final Set<Integer> ENDS = Set.of(2, 11);
    private static final double[] THREE = {Math.log(0.5), Math.log(0.3), Math.log(0.2)};

    /// A row of the fixture, which `docs/golden/sampling.py` makes.
    record Case(JsonNode settings, double[] logits, int[] seen, double[] left) {
        @Override
        public String toString() {
            return logits.length + " logits, " + settings;
        }
    }

    static Stream<Case> cases() throws IOException {
        try (var in = SamplerTest.class.getResourceAsStream("sampling.json")) {
            var fixture = new JsonMapper().readTree(in);
            var cases = new ArrayList<Case>();
            for (var c : fixture.get("cases")) {
                var row = fixture.get("rows").get(c.get("row").asInt());
                var seen = IntStream.range(0, row.get("seen").size()).map(i -> row.get("seen").get(i).asInt());
                cases.add(new Case(c.get("settings"), doubles(row.get("logits")), seen.toArray(),
                    doubles(c.get("left"))));
            }
            return cases.stream();
        }
    }

    private static double[] doubles(JsonNode list) {
        return IntStream.range(0, list.size()).mapToObj(list::get)
            .mapToDouble(v -> v.isNull() ? Double.NEGATIVE_INFINITY : v.asDouble()).toArray();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theFilteredLogitsAreThoseOfHuggingFace(Case c) {
        assertArrayEquals(c.left, new Sampler(filters(c), new Sampler.Choice.Best()).filter(c.seen, c.logits),
            1e-12);
    }

    private static List<LogitFilter> filters(Case c) {
        var s = c.settings;
        var filters = new ArrayList<LogitFilter>();
        if (s.has("repetitionPenalty")) filters.add(new RepetitionPenalty(s.get("repetitionPenalty").asDouble()));
        if (s.has("noRepeat")) filters.add(new Barrier.NoRepeat(s.get("noRepeat").asInt()));
        if (s.has("words"))
            filters.add(new Barrier.Words(s.get("words").valueStream().map(SamplerTest::ids).toList()));
        if (s.has("minLength")) filters.add(new Barrier.Until(s.get("minLength").asInt(), ENDS));
        if (s.has("suppress")) filters.add(Barrier.Until.never(Set.copyOf(ids(s.get("suppress")))));
        if (s.has("suppressAtBegin"))
            filters.add(new Barrier.Until(c.seen.length + 1, Set.copyOf(ids(s.get("suppressAtBegin")))));
        if (s.has("temperature")) filters.add(new Temperature(s.get("temperature").asDouble()));
        if (s.has("topK")) filters.add(new TopK(s.get("topK").asInt()));
        if (s.has("topP")) filters.add(new TopP(s.get("topP").asDouble()));
        if (s.has("minP")) filters.add(new MinP(s.get("minP").asDouble()));
        if (s.has("typicalP")) filters.add(new Typical(s.get("typicalP").asDouble()));
        return filters;
    }

    private static List<Integer> ids(JsonNode list) {
        return list.valueStream().map(JsonNode::asInt).toList();
    }

    @Test
    void whereEveryTokenIsOutNoneIsChosen() {
        var none = new Sampler(List.of(Barrier.Until.never(Set.of(0, 1, 2))), new Sampler.Choice.Best());
        var said = assertThrows(ModelException.class, () -> none.next(new int[0], THREE, none.start())).getMessage();
        assertTrue(said.startsWith("no token is left"), said);
    }

    @Test
    void drawsFollowTheProbabilities() {
        var sampler = new Sampler(List.of(), new Sampler.Choice.Draw(5));
        var random = sampler.start();
        var counts = new int[3];
        for (int i = 0; i < 100_000; i++) counts[sampler.next(new int[0], THREE, random)]++;
        for (int i = 0; i < 3; i++) {
            double p = Math.exp(THREE[i]), deviation = Math.sqrt(100_000 * p * (1 - p));
            assertEquals(100_000 * p, counts[i], 5 * deviation);
        }
    }

    @Test
    void aTokenThatIsOutIsNeverDrawn() {
        var sampler = new Sampler(List.of(new TopK(2)), new Sampler.Choice.Draw(5));
        var random = sampler.start();
        for (int i = 0; i < 10_000; i++) assertNotEquals(2, sampler.next(new int[0], THREE, random));
    }

    @Test
    void theSameSeedDrawsTheSame() {
        assertEquals(draws(1), draws(1));
        assertNotEquals(draws(1), draws(2));
    }

    private static List<Integer> draws(long seed) {
        var sampler = new Sampler(List.of(), new Sampler.Choice.Draw(seed));
        var random = sampler.start();
        return Stream.generate(() -> sampler.next(new int[0], THREE, random)).limit(40).toList();
    }

    @Test
    void tiesAtTheEdge() {
        var tied = new double[] {1, 2, 1, 2, 0};
        double out = Double.NEGATIVE_INFINITY;
        assertArrayEquals(new double[] {out, 2, out, 2, out}, new TopK(1).apply(new int[0], tied));
        assertArrayEquals(new double[] {out, out, out, 2, out}, new TopP(0.1).apply(new int[0], tied));
        var lone = new double[] {1, 2, 0, 0, 0};
        assertArrayEquals(new double[] {out, 2, out, out, out}, new MinP(1).apply(new int[0], lone));
        assertEquals(1, Sampler.GREEDY.next(new int[0], tied, new SplittableRandom(0)));
    }

    @Test
    void settingsThatMeanNothingAreRefused() {
        for (Runnable wrong : List.<Runnable>of(() -> new Temperature(0), () -> new Temperature(Double.NaN),
            () -> new TopK(0), () -> new TopP(-0.1), () -> new TopP(1.1), () -> new MinP(2),
            () -> new Typical(0), () -> new Typical(1.1), () -> new Barrier.NoRepeat(0),
            () -> new Barrier.Words(List.of(List.of())),
            () -> new RepetitionPenalty(0), () -> new RepetitionPenalty(Double.POSITIVE_INFINITY)))
            assertTrue(assertThrows(IllegalArgumentException.class, wrong::run).getMessage().contains(" not "));
    }
}
