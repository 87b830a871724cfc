package clew.attribution;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clew.model.Pass;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Methods that draw: reproducible by their seed, and as sure of themselves as they should be.
final class SamplesTest {
    private static final int[] IDS = {3, 14, 15, 9, 2, 6};

    @TempDir
    Path dir;

    private static List<AttributionMethod> methods(int samples, long seed) {
        return List.of(new SmoothGrad(0.2, samples, seed, Aggregate.SUM),
            new GradientShap(new Baseline.Mean(), samples, seed, Aggregate.SUM),
            new ExpectedGradients(samples, seed, Aggregate.SUM));
    }

    @Test
    void aSeedIsAResult() {
        try (var model = Tiny.GPT2.open(dir, Device.SCALAR); var run = model.run(Pass.of(IDS))) {
            for (int m = 0; m < 3; m++) {
                var one = methods(5, 7).get(m).explain(run, Target.id(4));
                assertArrayEquals(one.scores()[0], methods(5, 7).get(m).explain(run, Target.id(4)).scores()[0]);
                var other = methods(5, 8).get(m).explain(run, Target.id(4)).scores()[0];
                assertTrue(one.scores()[0][5] != other[5], one.method().name());
                assertEquals(7L, one.method().parameters().get("seed"));
            }
        }
    }

    /// Over many seeds the scores spread as one run says that they do: their variance is its squared standard error,
    /// both known to a fifth here.
    @ParameterizedTest
    @EnumSource(names = {"GPT2", "LLAMA"})
    void theStandardErrorIsTheSpreadOverSeeds(Tiny family) {
        try (var model = family.open(dir, Device.SCALAR); var run = model.run(Pass.of(IDS))) {
            for (int m = 0; m < 3; m++) {
                int seeds = 150;
                double mean = 0, square = 0, told = 0;
                for (int seed = 0; seed < seeds; seed++) {
                    var result = methods(16, seed).get(m).explain(run, Target.id(4));
                    var s = result.scores()[0][5];
                    mean += s / seeds;
                    square += s * s / seeds;
                    told += Math.pow(result.diagnostics().standardErrors()[0][5], 2) / seeds;
                }
                var spread = (square - mean * mean) * seeds / (seeds - 1.0);
                assertEquals(1, told / spread, 0.45, methods(1, 0).get(m).name());
            }
        }
    }

    /// GradientShap's mean is the integral, and the deltas are within what the errors allow.
    @ParameterizedTest
    @EnumSource(Tiny.class)
    void drawnPointsEstimateTheIntegral(Tiny family) {
        try (var model = family.open(dir, Device.SCALAR); var run = model.run(Pass.of(IDS))) {
            var drawn = new GradientShap(new Baseline.Mean(), 600, 3, Aggregate.SUM).explain(run, Target.id(4));
            var exact = new IntegratedGradients(new Baseline.Mean(), 300, Quadrature.GAUSS_LEGENDRE, Aggregate.SUM)
                .explain(run, Target.id(4)).scores()[0];
            for (int t = 0; t < exact.length; t++)
                assertEquals(exact[t], drawn.scores()[0][t],
                    4.5 * drawn.diagnostics().standardErrors()[0][t] + 1e-12, "token " + t);
        }
    }

    /// Draws end when every interval is within the share, and go all the way, with a warning, when none is.
    @Test
    void drawingStopsWithinTheTolerance() {
        try (var model = Tiny.LLAMA.open(dir, Device.SCALAR); var run = model.run(Pass.of(IDS))) {
            var f = Target.id(4).on(run);
            for (var method : List.of(new SmoothGrad(0.05, 5000, 1, 0.3, Aggregate.SUM),
                new GradientShap(new Baseline.Mean(), 5000, 1, 0.3, Aggregate.SUM),
                new ExpectedGradients(5000, 1, 0.3, Aggregate.SUM))) {
                var result = method.explain(run, f);
                var used = (int) result.method().parameters().get("samples");
                assertTrue(used < 5000 && used % 25 == 0, method + " used " + used);
                var largest = GoldenTable.largest(result.scores()[0]);
                for (double half : result.diagnostics().drawn().halves()[0]) assertTrue(half <= 0.3 * largest);
                assertEquals(List.of(), result.warnings().stream().filter(w -> w.contains("tolerance")).toList());
            }
            var few = new SmoothGrad(0.05, 30, 1, 1e-9, Aggregate.SUM).explain(run, f);
            assertEquals(30, few.method().parameters().get("samples"));
            assertTrue(few.warnings().getFirst().contains("did not come within"), few.warnings().toString());
            assertArrayEquals(new SmoothGrad(0.05, 30, 1, Aggregate.SUM).explain(run, f).scores()[0], few.scores()[0],
                1e-12);
        }
    }

    /// A standard error belongs to a sum: other aggregates have none.
    @Test
    void onlySumsHaveStandardErrors() {
        try (var model = Tiny.GPT2.open(dir, Device.SCALAR); var run = model.run(Pass.of(IDS))) {
            var result = new SmoothGrad(0.1, 3, 0, Aggregate.L2).explain(run, Target.id(4));
            assertEquals(0, result.diagnostics().standardErrors().length);
        }
    }

    @Test
    void drawsThatCannotBeAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new SmoothGrad(0, 3, 0, Aggregate.SUM));
        assertThrows(IllegalArgumentException.class, () -> new SmoothGrad(Double.NaN, 3, 0, Aggregate.SUM));
        for (int samples : new int[] {0, -1})
            assertThrows(IllegalArgumentException.class, () -> methods(samples, 0));
    }
}
