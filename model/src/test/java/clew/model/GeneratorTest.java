package clew.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clew.engine.tensor.Tensor;
import clew.model.Generator.Limits;
import clew.model.Generator.Stop;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A key–value cache saves work and changes nothing.
final class GeneratorTest {
    private static final int[] PROMPT = {3, 14, 15, 9, 2};

    @TempDir
    Path dir;

    @ParameterizedTest
    @MethodSource("clew.model.Tiny#everywhere")
    void cachedStepsAreTheRowsOfOneFullPass(Tiny.Family family, Device device) {
        try (var model = family.make().open(dir, device.kernels())) {
            var ids = Arrays.copyOf(PROMPT, 16);                          // all positions of the smaller family
            for (int t = PROMPT.length; t < ids.length; t++) ids[t] = t * 7 % Tiny.V;
            var cache = new KvCache(model.spec().layers());
            try (var full = model.run(Pass.of(ids).atAll())) {
                for (int at = 0; at < ids.length; ) {
                    var step = Arrays.copyOfRange(ids, at, at == 0 ? PROMPT.length : at + 1);
                    at += step.length;
                    var row = at - 1;
                    try (var run = model.run(Pass.of(step).forgetting(), cache)) {
                        var logits = run.logits(0, step.length - 1);
                        Close.equal(full.logits(0, row), logits, device.rounding, () -> "row " + row);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("clew.model.Tiny#everywhere")
    void greedyTakesTheBestTokenOfAFullPassAtEveryStep(Tiny.Family family, Device device) {
        try (var model = family.make().open(dir, device.kernels())) {
            var made = new Generator(model).greedy(PROMPT, 11, Set.of());
            assertEquals(Stop.LENGTH, made.stop());
            var ids = Arrays.copyOf(PROMPT, PROMPT.length + 11);
            for (int t = PROMPT.length; t < ids.length; t++) {
                try (var run = model.run(Pass.of(Arrays.copyOf(ids, t)))) {
                    ids[t] = best(run.logits(0, t - 1));
                }
            }
            assertArrayEquals(Arrays.copyOfRange(ids, PROMPT.length, ids.length), made.ids());
        }
    }

    @Test
    void aTextEndsBeforeAnEndToken() {
        try (var model = Tiny.llama().open(dir, Device.SCALAR.kernels())) {
            var all = new Generator(model).greedy(PROMPT, 20, Set.of()).ids();
            var end = all[7];
            var made = new Generator(model).greedy(PROMPT, 20, Set.of(end));
            assertEquals(Stop.EOS, made.stop());
            var length = 0;
            while (all[length] != end) length++;
            assertArrayEquals(Arrays.copyOf(all, length), made.ids());
        }
    }

    @Test
    void tiesGoToTheLowestId() {
        var tiny = Tiny.llama();
        tiny.tensors.put("lm_head.weight", Tensor.of(new float[Tiny.V * 12], Tiny.V, 12));     // every logit is 0
        try (var model = tiny.open(dir, Device.SCALAR.kernels())) {
            assertArrayEquals(new int[] {0, 0}, new Generator(model).greedy(PROMPT, 2, Set.of()).ids());
        }
    }

    @Test
    void aContinuationThatPassesThePositionsIsRefusedBeforeItBegins() {
        try (var model = Tiny.gpt2().open(dir, Device.SCALAR.kernels())) {
            var generator = new Generator(model);
            assertEquals(12, generator.greedy(PROMPT, 12, Set.of()).ids().length);          // 5 + 12 − 1 = 16 positions
            assertEquals("a prompt of 5 tokens and 13 new ones pass the model's 16 positions; ask for at most 12",
                refused(() -> generator.greedy(PROMPT, 13, Set.of())));
            assertEquals("a prompt of 5 tokens and 2147483647 new ones pass the model's 16 positions; ask for at most"
                + " 12", refused(() -> generator.greedy(PROMPT, Integer.MAX_VALUE, Set.of())));
            assertEquals("the input has 17 tokens, the model has 16 positions; shorten it",
                refused(() -> generator.greedy(new int[17], 1, Set.of())));
            assertEquals("the prompt yields no ids; give it at least one token",
                refused(() -> generator.greedy(new int[0], 1, Set.of())));
            assertThrows(IllegalArgumentException.class, () -> generator.greedy(PROMPT, -1, Set.of()));
            assertEquals(0, generator.greedy(PROMPT, 0, Set.of()).ids().length);
        }
    }

    @Test
    void nanWeightsAreNamedInsteadOfGeneratingTokenZero() {
        var tiny = Tiny.llama();
        var spoilt = tiny.tensors.get("model.norm.weight").toFloats();
        spoilt[3] = Float.NaN;
        tiny.tensors.put("model.norm.weight", Tensor.of(spoilt, 12));
        try (var model = tiny.open(dir, Device.SIMD.kernels())) {
            var said = refused(() -> new Generator(model).greedy(PROMPT, 2, Set.of()));
            assertTrue(said.endsWith("tensor 'model.norm.weight' has NaN at [3], so the model's output is not a number;"
                + " download the weights again"), said);
        }
    }

    @Test
    void aListenerHearsEveryTokenAndMayStop() {
        try (var model = Tiny.llama().open(dir, Device.SCALAR.kernels())) {
            var generator = new Generator(model);
            var heard = new ArrayList<Integer>();
            var made = generator.generate(PROMPT, new Limits(10, Set.of(), Set.of()), Sampler.GREEDY, id -> {
                heard.add(id);
                return heard.size() < 4;
            });
            assertEquals(Stop.STOP, made.stop());
            assertEquals(4, made.ids().length);
            assertArrayEquals(made.ids(), heard.stream().mapToInt(i -> i).toArray());
            assertArrayEquals(made.ids(), generator.greedy(PROMPT, 4, Set.of()).ids());
        }
    }

    @Test
    void aSeedMakesTheSameContinuationAgainAndAPenaltyReachesThePrompt() {
        try (var model = Tiny.llama().open(dir, Device.SCALAR.kernels())) {
            var generator = new Generator(model);
            var hot = List.<LogitFilter>of(new LogitFilter.Temperature(50));
            var texts = Stream.of(1, 1, 2).map(seed -> generator.generate(PROMPT, new Limits(20, Set.of(), Set.of()),
                new Sampler(hot, new Sampler.Choice.Draw(seed)), _ -> true).ids()).toList();
            assertArrayEquals(texts.get(0), texts.get(1));
            assertFalse(Arrays.equals(texts.get(0), texts.get(2)));

            var shy = new Sampler(List.of(new LogitFilter.RepetitionPenalty(1e6)), new Sampler.Choice.Best());
            var made = generator.generate(PROMPT, new Limits(8, Set.of(), Set.of()), shy, _ -> true).ids();
            var all = IntStream.concat(IntStream.of(PROMPT), IntStream.of(made));
            assertEquals(PROMPT.length + 8, all.distinct().count());
        }
    }

    private static String refused(Runnable work) {
        return assertThrows(ModelException.class, work::run).getMessage();
    }

    private static int best(double[] logits) {
        var best = 0;
        for (int i = 1; i < logits.length; i++) if (logits[i] > logits[best]) best = i;
        return best;
    }
}
