package clew.attribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clew.engine.kernel.ScalarKernels;
import clew.model.Models;
import clew.model.Pass;
import java.util.List;
import org.junit.jupiter.api.Test;

class AttributionTest {
    @Test
    void aResultKnowsWhatTheIdsOfItsTargetsAndFoilsStandFor() {
        try (var model = Models.open(Shared.path("models/stories260k"), new ScalarKernels());
             var run = model.run("Once upon a time")) {
            var tokenizer = model.tokenizer().orElseThrow();
            int little = tokenizer.idsWithText(" little").getFirst(), foil = tokenizer.idsWithText(" big").getFirst();
            var a = new Lrp().explain(run, Target.id(little).against(new Contrast.Foil(foil)));
            assertEquals(" little", a.text(little));
            assertEquals(" big", a.text(foil));
            assertTrue(a.toAnsi().contains("logit − logit of ␣big"), a.toAnsi());
            assertTrue(a.toHtml().contains("rather than"));
        }
    }

    @Test
    void anIdThatIsNotKnownIsItsNumber() {
        try (var model = Models.open(Shared.path("goldens/models/llama-tiny-gqa"), new ScalarKernels());
             var run = model.run(Pass.of(1, 2, 3))) {
            var a = new Saliency().explain(run, Target.id(7));
            assertEquals("7", a.text(7));
            assertEquals(List.of("1", "2", "3"), a.tokens().stream().map(t -> t.text()).toList());
        }
    }

    @Test
    void parametersComeInTheOrderOfTheirNames() {
        try (var model = Models.open(Shared.path("models/stories260k"), new ScalarKernels());
             var run = model.run("Once")) {
            var ig = new IntegratedGradients(new Baseline.Mean(), 2, Quadrature.GAUSS_LEGENDRE, Aggregate.SUM);
            assertEquals(List.of("aggregate", "baseline", "quadrature", "steps"),
                List.copyOf(ig.explain(run, Target.top()).method().parameters().keySet()));
        }
    }
}
