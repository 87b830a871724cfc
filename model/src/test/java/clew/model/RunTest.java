package clew.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import clew.engine.rule.RuleSet;
import clew.engine.rule.RuleSets;
import clew.engine.tape.Entry;
import clew.engine.tape.Value;
import clew.engine.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Together or apart, once or twice, from one thread or from two: a run says the same.
final class RunTest {
    private static final int[] IDS = {3, 14, 15, 9, 2};
    private static final int T = IDS.length;

    @TempDir
    Path dir;

    @ParameterizedTest
    @MethodSource("clew.model.Tiny#everywhere")
    void manySeedsAtOnceAreEachSeedAlone(Tiny.Family family, Device device) {
        try (var model = family.make().open(dir, device.kernels()); var run = model.run(Pass.of(IDS).atAll())) {
            var seeds = seeds(7);
            for (var rules : rules()) {
                var all = run.backward(seeds, rules, inputs(run));
                for (int k = 0; k < seeds.size(); k++) {
                    var one = run.backward(List.of(seeds.get(k)), rules, inputs(run));
                    var what = rules.name() + " seed " + k;
                    for (var x : inputs(run))
                        Close.equal(one.of(x).of(0), all.of(x).of(k), device.rounding, () -> what);
                    for (var entry : Entry.values())
                        if (one.entry(entry).length > 0)
                            assertEquals(one.entry(entry)[0], all.entry(entry)[k], 1e3 * device.rounding, what);
                }
            }
        }
    }

    /// What has no way back holds the stream between blocks only if it is asked for.
    @ParameterizedTest
    @MethodSource("clew.model.Tiny#everywhere")
    void whatForgetsLetsGoOfTheStream(Tiny.Family family, Device device) {
        try (var model = family.make().open(dir, device.kernels()); var kept = model.run(Pass.of(IDS));
             var asked = model.run(Pass.of(IDS).forgetting().hooks("blocks.0.hook_resid_post"));
             var gone = model.run(Pass.of(IDS).forgetting())) {
            var x = kept.value("blocks.0.hook_resid_post").tensor().toDoubles();
            assertArrayEquals(x, asked.value("blocks.0.hook_resid_post").tensor().toDoubles());
            assertThrows(ModelException.class, () -> gone.value("blocks.0.hook_resid_post"));
            assertArrayEquals(kept.logits(0, T - 1), gone.logits(0, T - 1));
        }
    }

    @ParameterizedTest
    @MethodSource("clew.model.Tiny#everywhere")
    void sequencesOfABatchAreEachSequenceAlone(Tiny.Family family, Device device) {
        try (var model = family.make().open(dir, device.kernels())) {
            var D = model.spec().width();
            var rows = new Random(Tiny.SEED).doubles(3 * T * D, -1, 1).toArray();
            var pass = Pass.of(IDS).at(2, 4);
            var seed = seeds(5).get(4);
            try (var batch = model.run(pass.embeddings(Tensor.of(rows, 3 * T, D), 3))) {
                for (int b = 0; b < 3; b++) {
                    var own = Tensor.of(Arrays.copyOfRange(rows, b * T * D, (b + 1) * T * D), T, D);
                    try (var single = model.run(pass.embeddings(own, 1))) {
                        var what = "sequence " + b;
                        Close.equal(single.logits(0, 2), batch.logits(b, 2), device.rounding, () -> what);
                        Close.equal(single.logits(0, 4), batch.logits(b, 4), device.rounding, () -> what);
                        for (var rules : rules()) {
                            var expected = gradient(single, seed, rules);
                            var part = Arrays.copyOfRange(gradient(batch, seed, rules), b * T * D, (b + 1) * T * D);
                            Close.equal(expected, part, device.rounding, () -> rules.name() + " " + what);
                        }
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("clew.model.Tiny#everywhere")
    void threadsThatReadOneRunDoNotMeet(Tiny.Family family, Device device) throws Exception {
        try (var model = family.make().open(dir, device.kernels()); var run = model.run(Pass.of(IDS).atAll());
             var threads = Executors.newFixedThreadPool(2)) {
            var seed = seeds(5).get(4);
            var expected = rules().stream().map(rules -> gradient(run, seed, rules)).toList();
            var work = new ArrayList<Callable<double[]>>();
            for (int i = 0; i < 40; i++) {
                var rules = rules().get(i % rules().size());
                work.add(() -> gradient(run, seed, rules));
            }
            var results = threads.invokeAll(work);
            for (int i = 0; i < results.size(); i++)
                assertArrayEquals(expected.get(i % expected.size()), results.get(i).get());
        }
    }

    @Test
    void embeddingsGivenAreTheTokensOwn() {
        try (var model = Tiny.gpt2().open(dir, Device.SCALAR.kernels()); var run = model.run(Pass.of(IDS))) {
            try (var given = model.run(Pass.of(IDS).embeddings(run.embeddings().tensor(), 1))) {
                assertArrayEquals(run.logits().toDoubles(), given.logits().toDoubles());
            }
        }
    }

    @Test
    void whatDoesNotFitIsSaid() {
        try (var model = Tiny.gpt2().open(dir, Device.SCALAR.kernels());
             var run = model.run(Pass.of(IDS).at(4, 1, 4))) {
            assertEquals("the prompt yields no ids; give it at least one token", refused(Pass::of));
            assertEquals("id 23 is outside the vocabulary of 23 (0 … 22)", refused(() -> model.run(Pass.of(0, 23))));
            assertEquals("id -1 is outside the vocabulary of 23 (0 … 22)", refused(() -> model.run(Pass.of(-1))));
            assertEquals("the input has 17 tokens, the model has 16 positions; shorten it",
                refused(() -> model.run(Pass.of(new int[17]))));
            assertEquals("position 5 is outside the input of 5 tokens", refused(() -> model.run(Pass.of(IDS).at(5))));
            assertEquals("logits at row 2 were not asked for; the pass has rows [1, 4]",
                refused(() -> run.logits(0, 2)));
            assertThrows(IndexOutOfBoundsException.class, () -> run.logits(1, 4));
            assertThrows(IllegalArgumentException.class,
                () -> Pass.of(IDS).embeddings(Tensor.of(new double[8], 1, 8), 1));
            assertThrows(IllegalArgumentException.class,
                () -> model.run(Pass.of(IDS).embeddings(Tensor.of(new double[T * 7], T, 7), 1)));
            assertThrows(IllegalArgumentException.class, () -> run.backward(List.of(), RuleSets.GRADIENT, Set.of()));
            var short22 = List.of(Run.Seed.of(4, new double[22]));
            assertThrows(IllegalArgumentException.class,
                () -> run.backward(short22, RuleSets.GRADIENT, Set.of(run.embeddings())));
            assertEquals(dir + " has no tokenizer files; give ids instead of text", refused(() -> model.run("text")));
        }
    }

    /// The gradient, a recipe that reaches the softmax and one that does not, and one with a rule of its own per sign.
    private static List<RuleSet> rules() {
        return List.of(RuleSets.GRADIENT, RuleSets.ATTN_LRP, RuleSets.CP_LRP, RuleSets.gamma(0.25, 1e-6));
    }

    private static Set<Value> inputs(Run run) {
        return run.positions().map(p -> Set.of(run.embeddings(), p)).orElse(Set.of(run.embeddings()));
    }

    private static double[] gradient(Run run, Run.Seed seed, RuleSet rules) {
        return run.backward(List.of(seed), rules, Set.of(run.embeddings())).of(run.embeddings()).of(0);
    }

    /// Random derivatives, at positions 0 to 4 in turn.
    private static List<Run.Seed> seeds(int count) {
        var random = new Random(Tiny.SEED);
        return IntStream.range(0, count)
            .mapToObj(k -> Run.Seed.of(k % T, random.doubles(Tiny.V, -1, 1).toArray())).toList();
    }

    private static String refused(Runnable work) {
        return assertThrows(ModelException.class, work::run).getMessage();
    }
}
