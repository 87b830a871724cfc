package clew.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clew.attribution.AttributionMethod;
import clew.attribution.Groups;
import clew.attribution.JointMethod;
import clew.attribution.Target;
import clew.engine.kernel.Kernels;
import clew.engine.kernel.ScalarKernels;
import clew.engine.kernel.SimdKernels;
import clew.engine.kernel.Workers;
import clew.engine.tensor.DType;
import clew.model.LanguageModel;
import clew.model.Models;
import clew.model.Pass;
import clew.model.Run;
import clew.model.Synthetic;
import clew.model.Watcher;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What is foretold happens: as many steps, the last of them the end.
class ForecastTest {
    private static final int[] IDS = {3, 14, 15, 9, 26};

    @TempDir static Path dir;

    private static final class Steps implements Watcher {
        private long steps;

        @Override
        public void ran(Run run) {}

        @Override
        public void step() {
            steps++;
        }
    }

    private static LanguageModel open(String family, Kernels kernels) {
        var model = dir.resolve(family);
        new Synthetic(family, 2, 16, 2, 2, 32, 40, 32, DType.F32).write(model);
        return Models.open(model, kernels);
    }

    private static Consumer<LanguageModel> work(AttributionMethod method) {
        return model -> {
            try (var run = model.run(Pass.of(IDS).hooks(method.hooks(model).toArray(String[]::new)))) {
                var targets = Target.top().on(run);
                if (method instanceof JointMethod joint) joint.explain(run, targets, Groups.each(IDS.length));
                else method.explain(run, targets);
            }
        };
    }

    static Stream<AttributionMethod> methods() {
        var settings = MethodSettings.of(Given.of(JsonText.MAPPER.readTree("""
            {"hook": "blocks.0.hook_mlp_out", "neuron": "blocks.0.mlp.hook_post:4:2"}"""), ExplainRequest.KEYS));
        return Stream.of(MethodName.values()).map(m -> m.with(settings));
    }

    @ParameterizedTest
    @MethodSource("methods")
    void thereAreAsManySteps(AttributionMethod method) {
        for (var family : new String[] {"gpt2", "llama"})
            try (var model = open(family, new SimdKernels(Workers.of(1)))) {
                var real = new Steps();
                work(method).accept(model.watched(real));
                var forecast = Forecast.of(model, work(method), _ -> 1, () -> false);
                assertEquals(real.steps, forecast.steps(), family);
                assertTrue(real.steps > 20, family);
                for (int i = 1; i <= real.steps; i++)
                    assertTrue(forecast.share(i) >= forecast.share(i - 1), family + " step " + i);
                assertTrue(forecast.share(real.steps) > 0.5 && forecast.share(real.steps) <= 1, family);
            }
    }

    /// A quarter of the steps is reckoned to the whole by sequences.
    @Test
    void whatIsTooMuchToCountIsReckoned() {
        try (var model = open("gpt2", new ScalarKernels())) {
            Consumer<LanguageModel> work = m -> {
                for (int i = 0; i < 100; i++) m.run(Pass.of(IDS).forgetting()).close();
            };
            var all = Forecast.of(model, work, _ -> 1, () -> false);
            var real = new Steps();
            work.accept(model.watched(real));
            var left = new int[] {(int) real.steps / 4};
            var some = Forecast.of(model, work, f -> f.sequences() / 100.0, () -> left[0]-- <= 0);
            for (double part : new double[] {0.1, 0.25, 0.5, 0.9})
                assertEquals(all.share(part * real.steps), some.share(part * real.steps), 0.02, "at " + part);
        }
    }

    /// A fault of the work is the work's to tell.
    @Test
    void faultsEndTheCount() {
        try (var model = open("gpt2", new ScalarKernels())) {
            var forecast = Forecast.of(model, m -> {
                m.run(Pass.of(IDS)).close();
                throw new IllegalStateException("broken");
            }, _ -> 0.5, () -> false);
            var real = new Steps();
            model.watched(real).run(Pass.of(IDS)).close();
            assertEquals(0.5, forecast.share(real.steps), 1e-9);
        }
    }

    /// What a pass holds for its way back, exactly, and less than that again for the way itself.
    @Test
    void bytesAreThoseThatTheTapeHolds() {
        try (var model = open("llama", new SimdKernels(Workers.of(1))); var run = model.run(Pass.of(IDS))) {
            var nothing = Forecast.of(model, _ -> {}, _ -> 1, () -> false).bytes();
            var held = Forecast.of(model, m -> m.run(Pass.of(IDS)).close(), _ -> 1, () -> false).bytes() - nothing;
            assertTrue(held > run.bytes(), held + " of " + run.bytes());
            assertTrue(held < 3 * run.bytes(), held + " of " + run.bytes());
        }
    }
}
