package clew.attribution;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clew.engine.rule.RuleSets;
import clew.engine.tensor.DType;
import clew.model.Generator;
import clew.model.LanguageModel;
import clew.model.ModelException;
import clew.model.Pass;
import clew.model.Run;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A continuation's explanation is that of its tokens one by one, and of their sum.
final class ContinuationTest {
    private static final int[] PROMPT = {3, 14, 15, 9}, Y = {2, 6, 11, 2};
    private static final Continuation CONTINUATION = new Continuation(PROMPT, Y);
    private static final Baseline MEAN = new Baseline.Mean();
    private static final Quadrature GAUSS = Quadrature.GAUSS_LEGENDRE;
    private static final List<AttributionMethod> METHODS = List.of(
        new Saliency(), new InputXGradient(), new Lrp(), new Lrp(RuleSets.CP_LRP), new Lrp(RuleSets.PA_LRP),
        new IntegratedGradients(MEAN, 6, GAUSS, Aggregate.SUM), new IntegratedGradients(MEAN, 6, GAUSS, Aggregate.L2),
        new SequentialIntegratedGradients(MEAN, 3, GAUSS, Aggregate.SUM), new SmoothGrad(0.1, 3, 1, Aggregate.SUM),
        new GradientShap(MEAN, 3, 2, Aggregate.SUM), new ExpectedGradients(3, 4, Aggregate.SUM),
        new DeepLift(MEAN, Aggregate.SUM),
        new LayerRelevance("blocks.0.hook_mlp_out"), new LayerRelevance("blocks.0.attn.hook_z", RuleSets.ATTN_LRP,
            Aggregate.SUM),
        new LayerConductance("blocks.0.hook_attn_out", MEAN, 4, GAUSS, Aggregate.SUM),
        new LayerIntegratedGradients("blocks.0.hook_attn_out", MEAN, 4, GAUSS, Aggregate.SUM),
        new InternalInfluence("blocks.0.attn.hook_z", MEAN, 4, GAUSS, Aggregate.SUM),
        new Attention(), new AttentionRollout(), new AttentionXGradient(), new AltiLogit(), new InformationFlow(0),
        new Ablation(new Removal.Token(5)), new Ablation(new Removal.Delete()), new Occlusion(new Removal.Mean(), 2, 1),
        new Shapley(new Removal.Token(5)), new ShapleySampling(new Removal.Zero(), 4, 1, 0));

    @TempDir
    Path dir;

    private static double[] sequence(Attribution a) {
        return Objects.requireNonNull(a.sequence()).scores();
    }

    private static double largest(double[][] rows) {
        return Arrays.stream(rows).mapToDouble(GoldenTable::largest).max().orElse(0);
    }

    /// The rows and the sum; the sum alone, by one way back; each row alone. All the same.
    @ParameterizedTest
    @EnumSource(Tiny.class)
    void rowsAddUpToTheSequence(Tiny family) {
        for (var device : Device.values())
            try (var model = family.open(dir, device); var run = model.run(CONTINUATION.pass())) {
                var targets = CONTINUATION.targets(run);
                var rounding = device == Device.SCALAR ? 1e-12 : 1e-5;
                for (var method : METHODS) {
                    var matrix = CONTINUATION.explain(run, method);
                    var sum = CONTINUATION.explainSum(run, method);
                    var scale = largest(matrix.scores());
                    assertTrue(scale > 0, method + " says something");
                    for (int t = 0; t < PROMPT.length; t++) {
                        var at = t;
                        var rows = Arrays.stream(matrix.scores()).mapToDouble(row -> row[at]).sum();
                        assertEquals(rows, sequence(matrix)[t], 1e-14 * scale, method + " on " + device);
                        assertEquals(rows, sequence(sum)[t], rounding * scale * Y.length, method + " on " + device);
                    }
                    assertEquals(targets.stream().mapToDouble(Explained::value).sum(),
                        sum.targets().getFirst().value(), 1e-12);
                    for (int n = 0; n < Y.length; n++) {
                        var alone = method.explain(run, List.of(targets.get(n)), PROMPT.length).scores()[0];
                        var one = device == Device.SCALAR ? 1e-12 : 5e-6;          // another run: other rows asked for
                        assertArrayEquals(Arrays.copyOf(alone, PROMPT.length), matrix.scores()[n], one * scale,
                            method + " row " + n);
                        assertArrayEquals(Arrays.copyOfRange(alone, PROMPT.length, PROMPT.length + n),
                            matrix.sequence().earlier()[n], one * scale, method + " row " + n);
                    }
                }
            }
    }

    /// A seed of several rows is the sum of seeds of one.
    @ParameterizedTest
    @EnumSource(Tiny.class)
    void oneWayBackForAllRowsIsTheSumOfThoseForEach(Tiny family) {
        for (var device : Device.values())
            try (var model = family.open(dir, device); var run = model.run(CONTINUATION.pass())) {
                var targets = CONTINUATION.targets(run);
                var e = run.embeddings();
                for (var rules : List.of(RuleSets.GRADIENT, RuleSets.ATTN_LRP, RuleSets.CP_LRP)) {
                    var seeds = targets.stream().map(f -> f.seed(run)).toList();
                    var together = run.backward(seeds, rules, Set.of(e));
                    var sum = new double[(int) e.tensor().size()];
                    for (int n = 0; n < Y.length; n++) {
                        var alone = run.backward(List.of(seeds.get(n)), rules, Set.of(e)).of(e).of(0);
                        var scale = GoldenTable.largest(alone);
                        assertArrayEquals(alone, together.of(e).of(n), 1e-6 * scale, rules.name());
                        for (int i = 0; i < sum.length; i++) sum[i] += alone[i];
                    }
                    var one = run.backward(List.of(Explained.sum(targets).seed(run)), rules, Set.of(e)).of(e).of(0);
                    assertArrayEquals(sum, one, 1e-6 * GoldenTable.largest(sum) * Y.length, rules.name());
                }
            }
    }

    /// Step by step, each token behind what is remembered of those before it, is one run over prompt and continuation.
    @ParameterizedTest
    @EnumSource(Tiny.class)
    void teacherForcingIsDecodingStepByStep(Tiny family) {
        for (var device : Device.values())
            try (var model = family.open(dir, device); var run = model.run(CONTINUATION.pass())) {
                var seen = model.remember(Pass.of(Arrays.copyOf(PROMPT, 3)), model.nothing(), 0);
                var last = PROMPT[3];
                for (int n = 0; n < Y.length; n++) {
                    try (var step = model.run(Pass.of(last).forgetting(), seen, 0)) {
                        assertEquals(Explained.logSoftmax(step.logits(0, 0))[Y[n]],
                            CONTINUATION.targets(run).get(n).value(), device == Device.SCALAR ? 1e-12 : 1e-5);
                    }
                    seen = model.remember(Pass.of(last), seen, 0);
                    last = Y[n];
                }
                var greedy = new Continuation(PROMPT, new Generator(model).greedy(PROMPT, 4, Set.of()).ids());
                try (var likeliest = model.run(greedy.pass())) {
                    for (var f : greedy.targets(likeliest)) assertEquals(1, f.rank());
                }
            }
    }

    /// What a row explains is what its prompt tokens, its earlier tokens and the rest of the ledger have.
    @ParameterizedTest
    @EnumSource(Tiny.class)
    void everyRowHasALedgerOfItsOwn(Tiny family) {
        for (var device : Device.values())
            try (var model = family.open(dir, device); var run = model.run(CONTINUATION.pass())) {
                for (var rules : List.of(RuleSets.ATTN_LRP, RuleSets.CP_LRP)) {
                    var a = CONTINUATION.explain(run, new Lrp(rules));
                    for (int n = 0; n < Y.length; n++) {
                        var ledger = a.diagnostics().ledgers().get(n);
                        assertTrue(ledger.closes(device == Device.SCALAR ? DType.F64 : DType.F32), rules.name() + n);
                        assertEquals(ledger.tokens(), Arrays.stream(a.scores()[n]).sum() + a.sequence().shares()[n],
                            1e-5 * Math.max(1, Math.abs(ledger.tokens())));
                    }
                    var sum = CONTINUATION.explainSum(run, new Lrp(rules)).diagnostics().ledgers();
                    assertEquals(1, sum.size());
                    assertEquals(a.diagnostics().ledgers().stream().mapToDouble(Ledger::explained).sum(),
                        sum.getFirst().explained(), 1e-5);
                }
            }
    }

    /// Only the prompt goes to the baseline: the continuation's tokens have nothing, and rows are complete without
    /// them.
    @ParameterizedTest
    @EnumSource(Tiny.class)
    void everyRowIsCompleteOverThePrompt(Tiny family) {
        try (var model = family.open(dir, Device.SCALAR); var run = model.run(CONTINUATION.pass())) {
            var a = CONTINUATION.explain(run, new IntegratedGradients(MEAN, 80, GAUSS, Aggregate.SUM));
            var shapley = CONTINUATION.explain(run, new Shapley(new Removal.Mean()));
            var ids = IntStream.range(0, PROMPT.length + Y.length - 1)
                .mapToObj(t -> t < PROMPT.length ? MEAN.row(model)
                    : new Baseline.Token(Y[t - PROMPT.length]).row(model))
                .toList();
            try (var start = model.run(run.pass().embeddings(model.kernels().tensor(
                clew.engine.tensor.Shape.of(ids.size(), model.spec().width()), Subject.concat(ids)), 1))) {
                for (int n = 0; n < Y.length; n++) {
                    var f = a.targets().get(n);
                    var gain = f.value() - f.at(start.logits(0, f.position()));
                    assertEquals(gain, Arrays.stream(a.scores()[n]).sum(), 1e-6, "row " + n);
                    assertEquals(gain, Arrays.stream(shapley.scores()[n]).sum(), 1e-12, "row " + n);
                    assertEquals(0, GoldenTable.largest(a.sequence().earlier()[n]));
                }
            }
        }
    }

    /// Targets by other scores; kl is 0 at the prompt itself, so only what changes the prompt explains it.
    @Test
    void scoresOfRows() {
        try (var model = Tiny.LLAMA.open(dir, Device.SCALAR)) {
            for (var score : Score.values()) {
                var f = new Continuation(PROMPT, Y, score, new Contrast.None());
                try (var run = model.run(f.pass())) {
                    var ablated = f.explain(run, new Ablation(new Removal.Token(5)));
                    for (int n = 0; n < Y.length; n++) {
                        var z = run.logits(0, PROMPT.length - 1 + n);
                        assertEquals(Explained.of(0, Y[n], score, new Contrast.None(), z).value(),
                            ablated.targets().get(n).value());
                        if (score == Score.KL) for (double v : ablated.scores()[n]) assertTrue(v > 0, "moved by " + v);
                    }
                    if (score == Score.KL) {
                        assertEquals(0, ablated.targets().getFirst().value());
                        assertEquals("kl is at its maximum at the prompt itself and has no gradient there; take a"
                            + " method that changes the prompt: ablation, occlusion, shapley or integrated-gradients",
                            refused(() -> f.explain(run, new Lrp())));
                        var a = f.explain(run, new IntegratedGradients(MEAN, 40, GAUSS, Aggregate.SUM));
                        assertEquals(0, a.diagnostics().convergenceDelta().getFirst(), 1e-6);
                        assertTrue(Arrays.stream(a.scores()[0]).sum() > 0);
                    } else f.explain(run, new Lrp());
                }
            }
        }
    }

    /// A matrix whose features would be too many comes some rows at a time, and is the same.
    @Test
    void rowsSomeAtATimeAreRowsTogether() {
        try (var model = Tiny.LLAMA.open(dir, Device.SCALAR); var run = model.run(CONTINUATION.pass())) {
            for (var method : METHODS) {
                var whole = CONTINUATION.explain(run, method);
                var parts = CONTINUATION.explain(run, method, 3 * run.embeddings().tensor().size());
                for (int n = 0; n < Y.length; n++)
                    assertArrayEquals(whole.scores()[n], parts.scores()[n], 1e-12 * largest(whole.scores()),
                        method.name());
                assertArrayEquals(sequence(whole), sequence(parts), 1e-12 * largest(whole.scores()));
                assertArrayEquals(whole.sequence().shares(), parts.sequence().shares(),
                    1e-12 * largest(whole.scores()));
                assertEquals(whole.targets(), parts.targets());
                assertEquals(whole.texts(), parts.texts());
                assertNull(parts.features());
                var d = parts.diagnostics();
                assertEquals(whole.diagnostics().ledgers().size(), d.ledgers().size());
                assertEquals(whole.diagnostics().convergenceDelta().size(), d.convergenceDelta().size());
                assertEquals(whole.diagnostics().standardErrors().length, d.standardErrors().length);
            }
        }
    }

    @Test
    void aContinuationOfOneTokenIsAnOrdinaryTarget() {
        try (var model = Tiny.GPT2.open(dir, Device.SCALAR)) {
            var f = new Continuation(PROMPT, new int[] {7}, Score.LOGIT, new Contrast.None());
            try (var run = model.run(f.pass()); var plain = model.run(Pass.of(PROMPT))) {
                for (var method : METHODS) {
                    var a = f.explain(run, method);
                    assertArrayEquals(method.explain(plain, Target.id(7)).scores()[0], a.scores()[0], method.name());
                    assertEquals(0, a.sequence().earlier()[0].length);
                    assertNull(a.map());
                }
            }
        }
    }

    @Test
    void whatIsNoContinuationIsSaid() {
        assertEquals("the continuation yields no ids; give it at least one token",
            refused(() -> new Continuation(PROMPT, new int[0])));
        assertEquals("the prompt yields no ids; give it at least one token",
            refused(() -> new Continuation(new int[0], Y)));
        try (var model = Tiny.GPT2.open(dir, Device.SCALAR)) {
            assertEquals("target id 23 is outside the vocabulary of 23 (0 … 22)", refused(() -> explain(model, 2, 23)));
            assertEquals("the input has 17 tokens, the model has 16 positions; shorten it",
                refused(() -> explain(model, new int[14])));
        }
    }

    private static void explain(LanguageModel model, int... ids) {
        var f = new Continuation(PROMPT, ids);
        try (Run run = model.run(f.pass())) {
            f.explain(run, new InputXGradient());
        }
    }

    private static String refused(Runnable work) {
        return assertThrows(ModelException.class, work::run).getMessage();
    }
}
