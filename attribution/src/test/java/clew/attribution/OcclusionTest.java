package clew.attribution;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import clew.model.Pass;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Windows, and what tokens have of them.
final class OcclusionTest {
    private static final int[] IDS = {3, 14, 15, 9, 2};

    @TempDir
    Path dir;

    private static List<List<Integer>> spans(Attribution a) {
        return a.regions().spans().stream().map(s -> List.of(s[0], s[1])).toList();
    }

    /// A token's score is the mean over the windows that cover it; the last window is short.
    @Test
    void scoresAreMeansOfTheRegions() {
        try (var model = Tiny.LLAMA.open(dir, Device.SCALAR); var run = model.run(Pass.of(IDS))) {
            var method = new Occlusion(new Removal.Zero(), 3, 2);
            var targets = List.of(Target.id(4).on(run).getFirst(), Target.id(7).on(run).getFirst());
            var result = method.explain(run, targets, Groups.each(5));
            assertEquals(List.of(List.of(0, 3), List.of(2, 5)), spans(result));
            for (int t = 0; t < 2; t++) {
                var r = result.regions().scores()[t];
                assertArrayEquals(new double[] {r[0], r[0], (r[0] + r[1]) / 2, r[1], r[1]}, result.scores()[t], 1e-15);
                assertArrayEquals(method.regions(run, targets, Groups.each(5))[t], r, 1e-15);
            }
            assertNull(new Ablation(new Removal.Zero()).explain(run, targets, Groups.each(5)).regions());
        }
    }

    /// Windows of words, by their tokens and by themselves; of draws the mean.
    @Test
    void windowsOfGroupsAreCountedInGroups() {
        try (var model = Tiny.LLAMA.open(dir, Device.SCALAR); var run = model.run(Pass.of(IDS))) {
            var words = new Groups(List.of(new int[] {1}, new int[] {2, 3}, new int[] {4}));
            var result = new Occlusion(new Removal.Resample(4, 1), 2, 1).explain(run, Target.id(4).on(run), words);
            assertEquals(List.of(List.of(1, 4), List.of(2, 5)), spans(result));
            assertEquals(List.of(List.of(0, 2), List.of(1, 3)), spans(result.beside(result.regions().in(words))));
            var r = result.regions().scores()[0];
            assertArrayEquals(new double[] {0, r[0], (r[0] + r[1]) / 2, 0, r[1]}, result.scores()[0], 1e-12);
        }
    }

    /// Of a continuation one row each, and their sum.
    @Test
    void aContinuationsRegionsAddUp() {
        try (var model = Tiny.LLAMA.open(dir, Device.SCALAR)) {
            var continuation = new Continuation(IDS, new int[] {6, 1});
            try (var run = model.run(continuation.pass())) {
                var result = continuation.of(run, new Occlusion(new Removal.Zero(), 2, 1).explain(run,
                    continuation.targets(run), Groups.each(5)));
                var rows = result.regions().scores();
                assertEquals(2, rows.length);
                var sum = result.summed().regions().scores();
                assertEquals(1, sum.length);
                for (int w = 0; w < 4; w++) assertEquals(rows[0][w] + rows[1][w], sum[0][w], 1e-15);
            }
        }
    }
}
