package clew.attribution;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clew.model.Pass;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Methods that draw orders or coalitions of features.
final class CoalitionsTest {
    private static final int[] IDS = {3, 14, 15, 9, 2, 6};
    private static final Removal TOKEN = new Removal.Token(5), DRAWN = new Removal.Resample(1, 0);

    @TempDir
    Path dir;

    private enum Drawing {
        ORDERS {
            @Override
            JointMethod with(Removal removal, int samples, long seed, double tolerance) {
                return new ShapleySampling(removal, samples / 4, seed, tolerance);
            }
        },
        KERNEL {
            @Override
            JointMethod with(Removal removal, int samples, long seed, double tolerance) {
                return new KernelShap(removal, samples, seed, tolerance);
            }
        },
        LIME {
            @Override
            JointMethod with(Removal removal, int samples, long seed, double tolerance) {
                return new Lime(removal, Lime.Likeness.PRESENCE, 0.001, samples, seed, tolerance);
            }
        };

        abstract JointMethod with(Removal removal, int samples, long seed, double tolerance);
    }

    @ParameterizedTest
    @EnumSource(Tiny.class)
    void kernelShapOfEveryCoalitionIsExact(Tiny family) {
        try (var model = family.open(dir, Device.SCALAR); var run = model.run(Pass.of(IDS).at(3, 5))) {
            var f = List.of(Target.id(4).on(run).getFirst(), Target.id(7).at(3).on(run).getFirst());
            var exact = new Shapley(TOKEN).explain(run, f);
            var all = new KernelShap(TOKEN, 64, 0, 0.1).explain(run, f);
            for (int t = 0; t < 2; t++) assertArrayEquals(exact.scores()[t], all.scores()[t], 1e-5);
            assertEquals(0, all.diagnostics().standardErrors().length);
            assertEquals(0, all.diagnostics().figures().get("efficiencyResidual")[0], 1e-5);
            assertEquals(64 + 1, all.diagnostics().evaluations());
        }
    }

    /// Over many seeds the scores spread as one run says that they do, also where the removal draws.
    @ParameterizedTest
    @EnumSource(Drawing.class)
    void theStandardErrorIsTheSpreadOverSeeds(Drawing drawing) {
        try (var model = Tiny.LLAMA.open(dir, Device.SCALAR); var run = model.run(Pass.of(IDS))) {
            var f = Target.id(4).on(run);
            for (var removal : List.of(TOKEN, DRAWN)) {
                int seeds = 120;
                double mean = 0, square = 0, told = 0;
                for (int seed = 0; seed < seeds; seed++) {
                    var own = removal == TOKEN ? TOKEN : new Removal.Resample(1, 1000 + seed);
                    var result = drawing.with(own, 60, seed, 0).explain(run, f);
                    var s = result.scores()[0][5];
                    mean += s / seeds;
                    square += s * s / seeds;
                    told += Math.pow(result.diagnostics().standardErrors()[0][5], 2) / seeds;
                }
                var spread = (square - mean * mean) * seeds / (seeds - 1.0);
                assertEquals(1, told / spread, 0.4, drawing + " " + removal);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Drawing.class)
    void aSeedIsAResult(Drawing drawing) {
        try (var model = Tiny.GPT2.open(dir, Device.SCALAR); var run = model.run(Pass.of(IDS))) {
            var f = Target.id(4).on(run);
            var one = drawing.with(TOKEN, 60, 7, 0).explain(run, f).scores()[0];
            assertArrayEquals(one, drawing.with(TOKEN, 60, 7, 0).explain(run, f).scores()[0]);
            assertTrue(one[5] != drawing.with(TOKEN, 60, 8, 0).explain(run, f).scores()[0][5]);
        }
    }

    /// Draws end when half of every interval is within the share; else a warning says so.
    @ParameterizedTest
    @EnumSource(Drawing.class)
    void drawingStopsWithinTheTolerance(Drawing drawing) {
        try (var model = Tiny.GPT2.open(dir, Device.SCALAR); var run = model.run(Pass.of(new int[] {3, 14, 15, 9, 2, 6,
            11, 1, 4, 8, 20, 13, 7, 5, 10}))) {
            var f = Target.id(4).on(run);
            var result = drawing.with(new Removal.Zero(), 8000, 3, 0.2).explain(run, f);
            var used = (int) Objects.requireNonNull(result.method().parameters().get("samples"));
            assertTrue(used < 2000, drawing + " used " + used);
            var largest = GoldenTable.largest(result.scores()[0]);
            for (double half : result.diagnostics().drawn().halves()[0]) assertTrue(half <= 0.2 * largest);
            assertEquals(List.of(), result.warnings());
            var few = drawing.with(new Removal.Zero(), 120, 3, 1e-6).explain(run, f);
            assertTrue(few.warnings().getFirst().contains("did not come within the tolerance"));
        }
    }

    /// One word: the surrogate is the line through two points.
    @Test
    void limeOfOneFeatureIsADifference() {
        try (var model = Tiny.LLAMA.open(dir, Device.SCALAR); var run = model.run(Pass.of(IDS))) {
            var f = Target.id(4).on(run);
            var groups = Groups.spans(List.of(new int[] {1, 4}));
            var lime = new Lime(TOKEN, Lime.Likeness.PRESENCE, 0, 50, 0, 0).explain(run, f, groups);
            assertEquals(new Ablation(TOKEN).explain(run, f, groups).scores()[0][1], lime.scores()[0][1], 1e-10);
            assertEquals(1, lime.diagnostics().figures().get("r2")[0], 1e-10);
            assertEquals(1, lime.diagnostics().figures().get("heldOutCorrelation")[0], 1e-10);
        }
    }

    @Test
    void drawsThatCannotBeAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new KernelShap(TOKEN, 1, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> new KernelShap(TOKEN, 9, 0, Double.NaN));
        assertThrows(IllegalArgumentException.class,
            () -> new Lime(TOKEN, Lime.Likeness.IDS, -1, 9, 0, 0));
        assertFalse(new Lime(TOKEN, Lime.Likeness.IDS, 0, 9, 0, 0).evaluations(Groups.each(40), 1) < 9);
    }
}
