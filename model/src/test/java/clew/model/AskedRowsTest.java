package clew.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clew.engine.rule.RuleSet;
import clew.engine.rule.RuleSets;
import clew.engine.tape.Cotangents;
import clew.engine.tape.Entry;
import clew.engine.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is left out because nobody asks for it changes nothing: rows of the last block, the pattern of all pairs.
final class AskedRowsTest {
    private static final int[] IDS = {3, 14, 15, 9, 2};
    private static final int T = IDS.length;
    private static final int[][] ASKED = {{4}, {1}, {1, 4}, {3, 4}, {0, 1, 2}};

    @TempDir
    Path dir;

    @ParameterizedTest
    @CsvSource({"GPT2, SCALAR", "GPT2, SIMD", "GPT_NEOX, SCALAR", "GPT_NEOX, SIMD", "LLAMA, SCALAR", "LLAMA, SIMD"})
    void namingMoreChangesNothing(Tiny.Family family, Device device) {
        try (var model = family.make().open(dir, device.kernels())) {
            var last = "blocks." + (model.spec().layers() - 1) + ".";
            for (var asked : ASKED) {
                for (var pass : List.of(Pass.of(IDS).at(asked), twice(model).at(asked)))
                    try (var least = model.run(pass); var rows = model.run(pass.hooks(last + "hook_mlp_out"));
                         var pairs = model.run(pass.hooks("blocks.*.attn.hook_pattern"))) {
                        agree(least, rows, device);
                        agree(least, pairs, device);
                    }
            }
        }
    }

    private static Pass twice(LanguageModel model) {
        var D = model.spec().width();
        return Pass.of(IDS).embeddings(Tensor.of(new Random(1).doubles(2 * T * D, -1, 1).toArray(), 2 * T, D), 2);
    }

    private static void agree(Run least, Run more, Device device) {
        Close.equal(more.logits().toDoubles(), least.logits().toDoubles(), device.rounding, () -> "logits");
        var seeds = new ArrayList<Run.Seed>();
        for (int row : least.pass().asked())
            seeds.add(Run.Seed.of(row, new Random(row).doubles(least.logits().cols(), -1, 1).toArray()));
        var rules = new ArrayList<>(RuleSets.conserving());
        rules.add(RuleSets.GRADIENT);
        for (var rule : rules) {
            Cotangents a = back(least, seeds, rule), b = back(more, seeds, rule);
            for (int s = 0; s < seeds.size(); s++) {
                var seed = s;
                Close.equal(b.of(more.embeddings()).of(s), a.of(least.embeddings()).of(s), device.rounding,
                    () -> rule.name() + " seed " + seed);
                for (var entry : Entry.values())
                    if (b.entry(entry).length > 0)
                        assertEquals(b.entry(entry)[s], a.entry(entry)[s], 1e3 * device.rounding, rule.name() + entry);
            }
        }
    }

    private static Cotangents back(Run run, List<Run.Seed> seeds, RuleSet rules) {
        return run.backward(seeds, rules, Set.of(run.embeddings()));
    }

    @ParameterizedTest
    @CsvSource({"GPT2, SCALAR", "GPT2, SIMD", "LLAMA, SCALAR", "LLAMA, SIMD"})
    void blocksComputedTwiceSayTheSame(Tiny.Family family, Device device) {
        try (var model = family.make().open(dir, device.kernels());
             var all = model.run(Pass.of(IDS)); var twice = model.within(0).run(Pass.of(IDS))) {
            assertTrue(twice.worksWithCheckpoints() && twice.bytes() < all.bytes());
            assertFalse(all.worksWithCheckpoints());
            for (int again = 0; again < 2; again++) agree(all, twice, device);
        }
    }

    @Test
    void anEditInTheLastBlockReachesEveryRow() {
        try (var model = Tiny.gpt2().open(dir, Device.SCALAR.kernels())) {
            var last = "blocks." + (model.spec().layers() - 1) + ".hook_mlp_out";
            var zero = Pass.of(IDS).edits(List.of(new Edit.Zero(new Edit.Where(last, List.of(T - 1), List.of()))));
            try (var run = model.run(zero); var all = model.run(zero.atAll())) {
                assertArrayEquals(all.logits(0, T - 1), run.logits(0, T - 1), 1e-14);
            }
        }
    }

    @Test
    void aValueThatWasNotNamedIsNotHandedOutInPart() {
        try (var model = Tiny.gpt2().open(dir, Device.SCALAR.kernels()); var run = model.run(Pass.of(IDS))) {
            var last = "blocks." + (model.spec().layers() - 1) + ".hook_resid_post";
            assertThrows(ModelException.class, () -> run.value(last));
        }
    }
}
