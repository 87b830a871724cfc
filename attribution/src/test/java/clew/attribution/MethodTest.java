package clew.attribution;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clew.engine.rule.RuleSets;
import clew.engine.tape.Entry;
import clew.model.LanguageModel;
import clew.model.ModelException;
import clew.model.Models;
import clew.model.Pass;
import clew.model.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// What holds of every method.
final class MethodTest {
    private static final int[] IDS = {3, 14, 15, 9, 2, 6};
    private static final List<AttributionMethod> METHODS = List.of(
        new Saliency(), new Saliency(Aggregate.L1), new InputXGradient(),
        new IntegratedGradients(new Baseline.Mean(), 12, Quadrature.RIEMANN_MIDDLE, Aggregate.SUM),
        new Lrp(), new Lrp(RuleSets.CP_LRP), new Lrp(RuleSets.gamma(0.25, 1e-6)), new Attention(),
        new AttentionWeighted(), new AttentionRollout(), new AttentionRollout(Fusion.MAX, 0.4),
        new AttentionXGradient(), new AttentionFlow(), new AltiLogit(), new InformationFlow(0),
        new InformationFlow(0.1),
        new Lrp(RuleSets.PA_LRP), new Lrp(RuleSets.GIM),
        new SequentialIntegratedGradients(new Baseline.Mean(), 3, Quadrature.GAUSS_LEGENDRE, Aggregate.SUM),
        new GradientShap(new Baseline.Mean(), 5, 7, Aggregate.SUM), new DeepLift(new Baseline.Mean(), Aggregate.SUM),
        new LayerRelevance("blocks.0.mlp.hook_post"),
        new LayerRelevance("blocks.0.hook_resid_post", RuleSets.ATTN_LRP, Aggregate.SUM),
        new LayerConductance("blocks.0.hook_attn_out", new Baseline.Mean(), 4, Quadrature.GAUSS_LEGENDRE,
            Aggregate.SUM),
        new InternalInfluence("blocks.0.attn.hook_z", new Baseline.Mean(), 4, Quadrature.GAUSS_LEGENDRE,
            Aggregate.L1));

    @TempDir
    Path dir;

    private static List<Explained> targets(Run run) {
        return List.of(Target.id(4).on(run).getFirst(), Target.id(7).at(1).by(Score.PROB).on(run).getFirst(),
            Target.id(0).by(Score.ENTROPY).on(run).getFirst(),
            Target.id(4).at(0).by(Score.LOGPROB).on(run).getFirst(),
            Target.id(9).against(new Contrast.Mean()).on(run).getFirst());
    }

    @ParameterizedTest
    @CsvSource({"GPT2, SCALAR", "GPT2, SIMD", "LLAMA, SCALAR", "LLAMA, SIMD"})
    void targetsTogetherAreTargetsOneByOne(Tiny family, Device device) {
        try (var model = family.open(dir, device); var run = model.run(Pass.of(IDS).atAll())) {
            for (var method : METHODS) {
                var together = method.explain(run, targets(run));
                for (int t = 0; t < targets(run).size(); t++) {
                    var alone = method.explain(run, List.of(targets(run).get(t)));
                    var scale = GoldenTable.largest(alone.scores()[0]);
                    assertArrayEquals(alone.scores()[0], together.scores()[t], rounding(device) * scale,
                        method + " " + targets(run).get(t));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Tiny.class)
    void tokensBehindTheExplainedRowGetNothing(Tiny family) {
        try (var model = family.open(dir, Device.SCALAR); var run = model.run(Pass.of(IDS).atAll())) {
            try (var shorter = model.run(Pass.of(Arrays.copyOf(IDS, 3)))) {
                for (var method : METHODS) {
                    var scores = method.explain(run, Target.id(4).at(2)).scores()[0];
                    var expected = method.explain(shorter, Target.id(4)).scores()[0];
                    assertArrayEquals(new double[3], Arrays.copyOfRange(scores, 3, 6), method.name());
                    assertArrayEquals(expected, Arrays.copyOf(scores, 3), 1e-12, method.name());
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Tiny.class)
    void scoresDoNotDependOnWhatElseThePassAskedFor(Tiny family) {
        try (var model = family.open(dir, Device.SCALAR); var bare = model.run(Pass.of(IDS));
             var rich = model.run(Pass.of(IDS).atAll().hooks("blocks.*.attn.*", "blocks.*.*"))) {
            for (var method : METHODS)
                assertArrayEquals(method.explain(bare, Target.top()).scores()[0],
                    method.explain(rich, Target.top()).scores()[0], 1e-13, method.name());
        }
    }

    @Test
    void aResultSaysWhatItIs() {
        try (var model = Tiny.GPT2.open(dir, Device.SCALAR); var run = model.run(Pass.of(IDS))) {
            var result = new Lrp().explain(run, Target.id(4));
            assertEquals("lrp", result.method().name());
            assertEquals("attnlrp", result.method().parameters().get("rules"));
            assertEquals("gpt2", result.model().family());
            assertEquals(64, result.model().fingerprint().length());
            assertEquals("14", result.tokens().get(1).text());
            assertEquals(1, result.diagnostics().ledgers().size());
            assertEquals(6 * 8, result.features()[0].length);
            assertEquals(List.of(), result.warnings());
        }
    }

    /// Enough to make it again: of a run by the same weights the same, of other weights or another tokenizer not.
    @Test
    void aResultSaysWhatItWasMadeWith() throws IOException {
        try (var model = Tiny.GPT2.open(dir, Device.SCALAR); var run = model.run(Pass.of(IDS))) {
            var one = new Lrp().explain(run, Target.id(4)).model().provenance();
            assertEquals(one, new Saliency().explain(run, Target.id(4)).model().provenance());
            assertEquals(model.fingerprint(), one.weights());
            assertEquals("scalar stored " + Runtime.version(), one.device() + " " + one.dtype() + " " + one.java());
            assertNull(one.tokenizer());
            Files.writeString(dir.resolve("vocab.json"), "{}");
            var two = new Lrp().explain(run, Target.id(4)).model().provenance().tokenizer();
            Files.writeString(dir.resolve("vocab.json"), "{ }");
            assertNotEquals(two, new Lrp().explain(run, Target.id(4)).model().provenance().tokenizer());
        }
    }

    /// More targets than travel together.
    @Test
    void targetsBeyondOneGroupAreExplainedToo() {
        try (var model = Models.open(Shared.path("goldens/models/llama-tiny-gqa"), Device.SCALAR.kernels());
             var run = model.run(Pass.of(9, 8, 7))) {
            var every = new Target(new Target.Choice.Top(1000), -1, Score.LOGIT, new Contrast.None()).on(run);
            assertEquals(257, every.size());
            var all = new Lrp().explain(run, every);
            for (int t : new int[] {0, 255, 256}) {
                var alone = new Lrp().explain(run, List.of(every.get(t)));
                assertArrayEquals(alone.scores()[0], all.scores()[t], 1e-13);
                assertEquals(every.get(t).id(), all.targets().get(t).id());
                assertEquals(t + 1, every.get(t).rank());
            }
        }
    }

    @Test
    void aNanWeightIsNamedWhereverItShows() {
        for (var name : List.of("norm.weight", "layers.0.mlp.up_proj.weight")) {
            var weights = Tiny.LLAMA.weights();
            weights.nan(name, 5);
            try (var model = Tiny.LLAMA.open(dir, Device.SIMD, weights, "")) {
                assertTrue(refused(model).contains("tensor '" + name + "' has NaN at"), name);
            }
        }
        var weights = Tiny.LLAMA.weights();
        weights.nan("embed_tokens.weight", 22 * 8);                       // a token that is neither read nor explained
        try (var model = Tiny.LLAMA.open(dir, Device.SCALAR, weights, "")) {
            assertEquals(dir + ": tensor 'embed_tokens.weight' has NaN at [22, 0], so the model's output is not a"
                + " number; download the weights again", refused(model));
        }
    }

    private static String refused(LanguageModel model) {
        try (var run = model.run(Pass.of(IDS))) {
            return assertThrows(ModelException.class, () -> new Saliency().explain(run, Target.id(4))).getMessage();
        }
    }

    /// Summed over a head's queries and keys, `A ⊙ ∇A` is `Σ z ⊙ g_z`: under every rule set, for any row.
    @ParameterizedTest
    @EnumSource(Tiny.class)
    void headTotalsNeedNoEdges(Tiny family) {
        try (var model = family.open(dir, Device.SCALAR)) {
            var pass = Pass.of(IDS).atAll().hooks(HeadRelevance.HOOKS.toArray(String[]::new));
            try (var run = model.run(pass)) {
                for (var rules : List.of(RuleSets.GRADIENT, RuleSets.ATTN_LRP, RuleSets.CP_LRP))
                    for (int row : new int[] {5, 2}) {
                        var f = Target.id(4).at(row).on(run).getFirst();
                        var heads = HeadRelevance.of(run, f, rules);
                        var z = run.value("blocks.0.attn.hook_z");
                        var seed = Run.Seed.of(row, f.derivative(run.logits(0, row)));
                        var product = Lrp.relevance(z, run.backward(List.of(seed), rules, Set.of(z)), 0);
                        var s = model.spec();
                        var totals = new double[s.heads()];
                        for (int i = 0; i < product.length; i++)
                            totals[i / s.headWidth() % s.heads()] += product[i];                // [T, H, d]
                        assertArrayEquals(totals, heads.totals()[0], 1e-13);
                        for (int i = 0; i < heads.edges()[0].length; i++)
                            if (i / 6 % 6 > row) assertEquals(0, heads.edges()[0][i], "a later query");
                    }
            }
        }
    }

    @Test
    void attentionOfARowSumsToOne() {
        try (var model = Tiny.GPT2.open(dir, Device.SCALAR); var run = model.run(Pass.of(IDS))) {
            var result = new Attention().explain(run, Target.top());
            assertEquals(1, Arrays.stream(result.scores()[0]).sum(), 1e-14);
            assertEquals(2, result.diagnostics().evaluations(), "the run, and once more with patterns");
            assertEquals(36, result.map().length);
        }
    }

    /// The gradient keeps no ledger: nothing is booked where factors move.
    @Test
    void theGradientBooksNothing() {
        try (var model = Tiny.GPT2.open(dir, Device.SCALAR); var run = model.run(Pass.of(IDS))) {
            var f = Target.id(4).on(run).getFirst();
            var seed = Run.Seed.of(5, f.derivative(run.logits(0, 5)));
            var back = run.backward(List.of(seed), RuleSets.GRADIENT, Set.of(run.embeddings()));
            for (var entry : Entry.values()) assertEquals(0, back.entry(entry).length);
        }
    }

    private static double rounding(Device device) {
        return device == Device.SCALAR ? 1e-12 : 5e-6;
    }
}
