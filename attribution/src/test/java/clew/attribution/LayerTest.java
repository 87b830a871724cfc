package clew.attribution;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clew.model.HookPoint;
import clew.model.LanguageModel;
import clew.model.ModelException;
import clew.model.Pass;
import clew.model.Run;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What layers and neurons have of an explanation adds up to it.
final class LayerTest {
    private static final int[] IDS = {3, 14, 15, 9, 2, 6};
    private static final Quadrature GAUSS = Quadrature.GAUSS_LEGENDRE;
    private static final Baseline MEAN = new Baseline.Mean();

    @TempDir
    Path dir;

    private static double delta(Attribution result) {
        return Math.abs(result.diagnostics().convergenceDelta().getFirst());
    }

    private static double sum(Attribution result) {
        return Arrays.stream(result.scores()[0]).sum();
    }

    @ParameterizedTest
    @EnumSource(Tiny.class)
    void integratedGradientsOfTheEmbeddingsAreThoseOfTheInput(Tiny family) {
        try (var model = family.open(dir, Device.SCALAR); var run = model.run(Pass.of(IDS))) {
            var layer = new LayerIntegratedGradients("hook_embed", MEAN, 20, GAUSS, Aggregate.SUM);
            var input = new IntegratedGradients(MEAN, 20, GAUSS, Aggregate.SUM);
            assertArrayEquals(input.explain(run, Target.id(4)).scores()[0],
                layer.explain(run, Target.id(4)).scores()[0], 1e-12);
        }
    }

    /// At every hook point, whatever passes there.
    @ParameterizedTest
    @EnumSource(Tiny.class)
    void integratedGradientsOfAnyLayerAreComplete(Tiny family) {
        try (var model = family.open(dir, Device.SCALAR); var run = model.run(Pass.of(IDS).atAll())) {
            for (var point : model.family().hooks()) {
                if (point.kind() == HookPoint.Kind.SCORES) continue;   // behind the diagonal they are no numbers
                var method = new LayerIntegratedGradients(point.name(), MEAN, 150, GAUSS, Aggregate.SUM);
                var result = method.explain(run, Target.id(4).at(4));
                assertTrue(delta(result) < 1e-4, point + " misses " + delta(result));
                assertEquals(0, result.scores()[0][5], 1e-15, point + " behind the row");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Tiny.class)
    void conductanceOfTheStreamIsComplete(Tiny family) {
        try (var model = family.open(dir, Device.SCALAR); var run = model.run(Pass.of(IDS))) {
            var method = new LayerConductance("blocks.0.hook_resid_post", MEAN, 2000, Quadrature.RIEMANN_TRAPEZOID,
                Aggregate.SUM);
            var result = method.explain(run, Target.id(4));
            assertTrue(delta(result) < 5e-3);
            assertEquals(List.of(), result.warnings());
        }
    }

    /// The MLP's output is no more than a part of the stream: what goes past it stays in the delta, and that is said.
    @ParameterizedTest
    @EnumSource(Tiny.class)
    void conductanceOfAPartSaysThatItIsNotComplete(Tiny family) {
        try (var model = family.open(dir, Device.SCALAR); var run = model.run(Pass.of(IDS))) {
            for (var hook : List.of("blocks.0.mlp.hook_post", "blocks.0.attn.hook_z")) {
                var result = new LayerConductance(hook, MEAN, 4, GAUSS, Aggregate.SUM).explain(run, Target.id(4));
                assertEquals(List.of("not all of f passes " + hook + ": the convergence delta has what goes past it,"
                    + " which no number of steps brings to 0; layer-integrated-gradients is complete at every hook"
                    + " point"), result.warnings());
            }
            for (var hook : List.of("hook_embed", "blocks.0.hook_resid_pre", "logits")) {
                var result = new LayerConductance(hook, MEAN, 4, GAUSS, Aggregate.SUM).explain(run, Target.id(4));
                assertEquals(List.of(), result.warnings(), hook);
            }
        }
    }

    /// Under a rule that conserves nothing but products, the shares at a norm's input and output differ; at one place
    /// the gradient's layer method is that of the input.
    @ParameterizedTest
    @EnumSource(Tiny.class)
    void gradientTimesActivationOfTheEmbeddingsIsThatOfTheInput(Tiny family) {
        try (var model = family.open(dir, Device.SCALAR); var run = model.run(Pass.of(IDS))) {
            assertArrayEquals(new InputXGradient().explain(run, Target.id(4)).scores()[0],
                new LayerRelevance("hook_embed").explain(run, Target.id(4)).scores()[0], 1e-13);
        }
    }

    // ── neurons ─────────────────────────────────────────────────────────────────────────────────────────────────────

    private static final Neuron NEURON = new Neuron("blocks.0.mlp.hook_post", -1, 3);

    @ParameterizedTest
    @EnumSource(Tiny.class)
    void theShareOfANeuronIsWhatItChangesBy(Tiny family) {
        try (var model = family.open(dir, Device.SCALAR); var run = model.run(Pass.of(IDS))) {
            var result = new NeuronInputXGradient(NEURON, Aggregate.SUM).explain(run, Target.id(4));
            var h = 1e-5;
            var slope = (value(model, run, 1 + h) - value(model, run, 1 - h)) / (2 * h);
            assertEquals(slope, sum(result), 1e-7 * Math.max(1, Math.abs(slope)));
            assertEquals(value(model, run, 1), (double) result.method().parameters().get("value"), 1e-14);
        }
    }

    /// The neuron with all embeddings times a factor.
    private static double value(LanguageModel model, Run run, double factor) {
        var inputs = new Inputs(run, List.of(Target.id(4).on(run).getFirst()), run.pass().tokens(), NEURON.hook());
        var out = new double[1];
        var e = Arrays.stream(inputs.own()).map(v -> factor * v).toArray();
        inputs.each(1, _ -> e, batch -> out[0] = NEURON.value(batch.run(), 0));
        return out[0];
    }

    @ParameterizedTest
    @EnumSource(Tiny.class)
    void integratedGradientsOfANeuronAreComplete(Tiny family) {
        try (var model = family.open(dir, Device.SCALAR); var run = model.run(Pass.of(IDS))) {
            var method = new NeuronIntegratedGradients(NEURON, MEAN, 200, GAUSS, Aggregate.SUM);
            assertTrue(delta(method.explain(run, Target.id(4))) < 1e-6);
        }
    }

    @ParameterizedTest
    @EnumSource(Tiny.class)
    void theConductanceThroughANeuronIsItsShareInTheLayer(Tiny family) {
        try (var model = family.open(dir, Device.SCALAR); var run = model.run(Pass.of(IDS))) {
            var neuron = new NeuronConductance(NEURON, MEAN, 300, GAUSS, Aggregate.SUM).explain(run, Target.id(4));
            var layer = new LayerConductance(NEURON.hook(), MEAN, 3000, Quadrature.RIEMANN_TRAPEZOID, Aggregate.SUM)
                .explain(run, Target.id(4));
            var F = layer.features()[0].length / IDS.length;
            assertEquals(layer.features()[0][5 * F + 3], sum(neuron), 2e-3);
        }
    }

    @Test
    void whatIsNoNeuronIsRefused() {
        for (var text : List.of("", "x", "a:1", "a:b:1", "a:1:-1"))
            assertThrows(IllegalArgumentException.class, () -> Neuron.named(text), text);
        assertEquals(NEURON, Neuron.named(NEURON.toString()));
        try (var model = Tiny.GPT2.open(dir, Device.SCALAR); var run = model.run(Pass.of(IDS))) {
            refused(run, new Neuron("blocks.0.attn.hook_pattern", 0, 0),
                "blocks.0.attn.hook_pattern has no neurons of tokens; choose a hook point of rows [T, …]");
            refused(run, new Neuron("blocks.0.mlp", 0, 0),
                "this model has no hook point 'blocks.0.mlp'; list them with: clew inspect --hooks");
            refused(run, new Neuron("blocks.0.mlp.hook_post", 6, 0),
                "neuron blocks.0.mlp.hook_post:6:0: token 6 is outside the input of 6 tokens");
            refused(run, new Neuron("blocks.0.mlp.hook_post", 0, 32),
                "blocks.0.mlp.hook_post holds 6 rows of 32 numbers, there is no number 32 in row 0");
        }
    }

    private static void refused(Run run, Neuron neuron, String message) {
        var method = new NeuronInputXGradient(neuron, Aggregate.SUM);
        assertEquals(message,
            assertThrows(ModelException.class, () -> method.explain(run, Target.id(4))).getMessage());
    }
}
