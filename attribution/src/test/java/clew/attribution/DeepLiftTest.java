package clew.attribution;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clew.model.Pass;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Finite differences from a baseline add up in every model.
final class DeepLiftTest {
    private static final int[] IDS = {3, 14, 15, 9, 2, 6};

    @TempDir
    Path dir;

    private static DeepLift from(Baseline baseline) {
        return new DeepLift(baseline, Aggregate.SUM);
    }

    /// Whatever is explained, from whatever baseline, zeros before an RMS norm among them: `Σ scores = f(x) − f(x′)`.
    @ParameterizedTest
    @EnumSource(Tiny.class)
    void scoresAreComplete(Tiny family) {
        for (var device : Device.values())
            try (var model = family.open(dir, device); var run = model.run(Pass.of(IDS))) {
                for (var target : List.of(Target.id(4), Target.id(4).by(Score.PROB), Target.top().by(Score.ENTROPY),
                    Target.id(4).by(Score.LOGPROB).against(new Contrast.Foil(9)), Target.top().by(Score.KL)))
                    for (var baseline : List.of(new Baseline.Zero(), new Baseline.Mean(), new Baseline.Token(0))) {
                        var result = from(baseline).explain(run, target);
                        var size = GoldenTable.largest(result.scores()[0]);
                        var delta = result.diagnostics().convergenceDelta().getFirst();
                        assertEquals(0, delta, (device == Device.SCALAR ? 1e-12 : 2e-5) * Math.max(size, 1),
                            target + " from " + baseline + " on " + device);
                        assertTrue(size > 0, "something moved");
                        assertEquals(3, result.diagnostics().evaluations());
                    }
            }
    }

    /// A token that is the baseline's has nothing.
    @Test
    void whatDoesNotMoveGetsNothing() {
        try (var model = Tiny.GPT2.open(dir, Device.SCALAR); var run = model.run(Pass.of(IDS))) {
            var scores = from(new Baseline.Token(15)).explain(run, Target.id(4)).scores()[0];
            assertEquals(0, scores[2]);
            assertTrue(Math.abs(scores[3]) > 1e-3);
        }
    }

    /// What passes the memory allowed is computed twice, and is the same.
    @Test
    void littleMemoryChangesNothing() {
        try (var model = Tiny.LLAMA.open(dir, Device.SCALAR); var run = model.run(Pass.of(IDS));
             var little = model.within(1).run(Pass.of(IDS))) {
            var method = from(new Baseline.Mean());
            assertTrue(little.worksWithCheckpoints());
            assertArrayEquals(method.explain(run, Target.id(4)).scores()[0],
                method.explain(little, Target.id(4)).scores()[0]);
        }
    }
}
