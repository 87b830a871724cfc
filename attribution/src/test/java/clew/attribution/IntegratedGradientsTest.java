package clew.attribution;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clew.engine.tensor.Tensor;
import clew.model.Edit;
import clew.model.LanguageModel;
import clew.model.ModelException;
import clew.model.Pass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The gradient along a path adds up to what changes along it.
final class IntegratedGradientsTest {
    private static final int[] IDS = {3, 14, 15, 9, 2, 6};

    @TempDir
    Path dir;

    private static IntegratedGradients from(Baseline baseline, int steps) {
        return new IntegratedGradients(baseline, steps, Quadrature.GAUSS_LEGENDRE, Aggregate.SUM);
    }

    private static double delta(Attribution result) {
        return Math.abs(result.diagnostics().convergenceDelta().getFirst());
    }

    @ParameterizedTest
    @EnumSource(Tiny.class)
    void scoresAreCompleteInTheLimit(Tiny family) {
        try (var model = family.open(dir, Device.SCALAR); var run = model.run(Pass.of(IDS))) {
            for (var target : List.of(Target.id(4), Target.id(4).by(Score.PROB), Target.top().by(Score.ENTROPY),
                Target.id(4).against(new Contrast.Foil(9))))
                for (var baseline : List.of(new Baseline.Mean(), new Baseline.Token(0))) {
                    var result = from(baseline, 300).explain(run, target);
                    assertTrue(delta(result) < 1e-6, target + " from " + baseline + " misses " + delta(result));
                    assertEquals(302, result.diagnostics().evaluations());
                }
        }
    }

    /// Nested intervals stop where the scores are complete, from any baseline, and need no more points than that takes.
    @ParameterizedTest
    @EnumSource(Tiny.class)
    void aToleranceIsKept(Tiny family) {
        try (var model = family.open(dir, Device.SCALAR); var run = model.run(Pass.of(IDS))) {
            var before = 0L;
            for (double tolerance : new double[] {0.1, 1e-3, 1e-6})
                for (var baseline : List.of(new Baseline.Mean(), new Baseline.Zero())) {
                    var method = new IntegratedGradients(baseline, 8, Quadrature.GAUSS_LEGENDRE, tolerance,
                        Aggregate.SUM);
                    var result = method.explain(run, List.of(Target.id(4).on(run).getFirst()));
                    var start = new Inputs(run, result.targets(), run.pass().tokens()).values(
                        new Inputs(run, result.targets(), run.pass().tokens()).repeated(baseline))[0];
                    var scale = Math.max(Math.abs(result.targets().getFirst().value()), Math.abs(start));
                    assertTrue(delta(result) <= tolerance * scale, family + " from " + baseline + " " + tolerance);
                    assertEquals(List.of(), result.warnings());
                    assertTrue(result.meetsTolerance());
                    if (baseline instanceof Baseline.Mean) {
                        assertTrue(result.diagnostics().evaluations() >= before);
                        before = result.diagnostics().evaluations();
                    }
                }
        }
    }

    @Test
    void whatCannotBeCompleteSaysSo() {
        try (var model = Tiny.LLAMA.open(dir, Device.SIMD); var run = model.run(Pass.of(IDS))) {
            var method = new IntegratedGradients(new Baseline.Mean(), 1, Quadrature.RIEMANN_LEFT, 1e-12,
                Aggregate.SUM);
            var result = method.explain(run, Target.id(4));
            assertEquals(128, result.method().parameters().get("intervals"));
            assertEquals(false, result.method().parameters().get("toleranceMet"));
            assertFalse(result.meetsTolerance());
            assertTrue(result.warnings().getFirst().startsWith("the scores are not complete: after 128 intervals"));
        }
    }

    /// A continuation that stays as it is gets nothing, and the rest is complete without it.
    @Test
    void onlyThePromptMoves() {
        try (var model = Tiny.GPT2.open(dir, Device.SCALAR); var run = model.run(Pass.of(IDS))) {
            var targets = Target.id(4).on(run);
            var result = from(new Baseline.Mean(), 300).explain(run, targets, 4);
            assertEquals(0, result.scores()[0][4]);
            assertEquals(0, result.scores()[0][5]);
            assertTrue(delta(result) < 1e-6);
        }
    }

    /// More steps than one batch holds.
    @Test
    void batchesOfStepsAddUp() {
        try (var model = Tiny.GPT2.open(dir, Device.SCALAR); var run = model.run(Pass.of(IDS))) {
            var many = new IntegratedGradients(new Baseline.Mean(), 2000, Quadrature.RIEMANN_MIDDLE, Aggregate.SUM);
            assertArrayEquals(from(new Baseline.Mean(), 300).explain(run, Target.id(4)).scores()[0],
                many.explain(run, Target.id(4)).scores()[0], 1e-5);
        }
    }

    /// The path ends at the embeddings as edited, and no edit is made of them a second time.
    @ParameterizedTest
    @EnumSource(Tiny.class)
    void anEditedRunIsExplainedAsEdited(Tiny family) {
        try (var model = family.open(dir, Device.SCALAR)) {
            var value = Tensor.of(new Random(7).doubles(6 * 8).toArray(), 6, 8);
            var edits = List.<Edit>of(new Edit.Scale(Edit.Where.all("hook_embed"), 1.7),
                new Edit.Add(Edit.Where.all("hook_embed"), value),
                new Edit.Scale(Edit.Where.all("blocks.0.hook_mlp_out"), 0.5),
                new Edit.Scale(Edit.Where.all("logits"), 2));
            try (var run = model.run(Pass.of(IDS).atAll().edits(edits))) {
                assertTrue(delta(from(new Baseline.Mean(), 300).explain(run, Target.id(4))) < 1e-6);
            }
        }
    }

    @Test
    void aZeroBaselineIsWarnedOfWhereItIsSingular() {
        assertEquals(1, zero(Tiny.LLAMA).warnings().size());
        assertEquals(List.of(), zero(Tiny.GPT2).warnings());
        assertTrue(zero(Tiny.LLAMA).warnings().getFirst().contains("try --baseline mean, pad or token:ID"));
    }

    private Attribution zero(Tiny family) {
        try (var model = family.open(dir, Device.SCALAR); var run = model.run(Pass.of(IDS))) {
            return new IntegratedGradients().explain(run, Target.top());
        }
    }

    /// Every method that starts from zero says so.
    @Test
    void everyPathFromZeroWarns() {
        var gauss = Quadrature.GAUSS_LEGENDRE;
        var zero = new Baseline.Zero();
        var place = "blocks.0.hook_resid_post";
        var neuron = new Neuron(place, 0, 0);
        try (var model = Tiny.LLAMA.open(dir, Device.SCALAR); var run = model.run(Pass.of(IDS))) {
            for (var method : List.of(new SequentialIntegratedGradients(zero, 2, gauss, Aggregate.SUM),
                new GradientShap(zero, 2, 0, Aggregate.SUM), new LayerConductance(place, zero, 2, gauss, Aggregate.SUM),
                new LayerIntegratedGradients(place, zero, 2, gauss, Aggregate.SUM),
                new InternalInfluence(place, zero, 2, gauss, Aggregate.SUM),
                new NeuronIntegratedGradients(neuron, zero, 2, gauss, Aggregate.SUM),
                new NeuronConductance(neuron, zero, 2, gauss, Aggregate.SUM)))
                assertTrue(method.explain(run, Target.top()).warnings().getFirst().startsWith("zero embeddings"),
                    method.name());
        }
    }

    @Test
    void stepsOutsideTheRangeAreRefused() {
        for (int steps : new int[] {0, -1, 100_001})
            assertThrows(IllegalArgumentException.class, () -> from(new Baseline.Zero(), steps));
        assertThrows(IllegalArgumentException.class,
            () -> new IntegratedGradients(new Baseline.Zero(), 1, Quadrature.RIEMANN_TRAPEZOID, Aggregate.SUM));
    }

    // ── baselines ───────────────────────────────────────────────────────────────────────────────────────────────────

    @Test
    void baselinesAreTheRowsTheyName() {
        try (var model = Tiny.LLAMA.open(dir, Device.SCALAR)) {
            var table = model.embeddings().table().toDoubles();
            assertArrayEquals(new double[8], Baseline.named("zero").row(model));
            var row = Baseline.named("token:3").row(model);
            var mean = Baseline.named("mean").row(model);
            for (int d = 0; d < 8; d++) {
                var sum = 0.0;
                for (int v = 0; v < 23; v++) sum += table[v * 8 + d];
                assertEquals(table[3 * 8 + d], row[d]);
                assertEquals(sum / 23, mean[d], 1e-15);
            }
        }
    }

    @Test
    void padIsTheFirstThatAFileNames() throws IOException {
        try (var model = Tiny.LLAMA.open(dir, Device.SCALAR)) {
            assertEquals(dir + " names no padding token; use --baseline token:ID", refused(model, new Baseline.Pad()));
            Files.writeString(dir.resolve("generation_config.json"), "{\"pad_token_id\": 7}");
            assertArrayEquals(new Baseline.Token(7).row(model), new Baseline.Pad().row(model));
        }
        try (var model = Tiny.LLAMA.open(dir, Device.SCALAR, Tiny.LLAMA.weights(), ", \"pad_token_id\": 2")) {
            assertArrayEquals(new Baseline.Token(2).row(model), new Baseline.Pad().row(model));
            assertEquals("baseline id 23 is outside the vocabulary of 23", refused(model, new Baseline.Token(23)));
        }
    }

    @Test
    void baselinesAreNamedAsTheyPrint() {
        for (var name : List.of("zero", "pad", "mean", "space", "token:42"))
            assertEquals(name, Baseline.named(name).toString());
        for (var name : List.of("", "Zero", "token:", "token:-1", "token:99999999999999", "token:x"))
            assertEquals("unknown baseline '" + name + "'; known are zero, pad, mean, space and token:ID",
                assertThrows(IllegalArgumentException.class, () -> Baseline.named(name)).getMessage());
    }

    private static String refused(LanguageModel model, Baseline baseline) {
        return assertThrows(ModelException.class, () -> baseline.row(model)).getMessage();
    }
}
