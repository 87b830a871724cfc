package clew.attribution;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clew.engine.rule.RuleSets;
import clew.model.Edit;
import clew.model.LanguageModel;
import clew.model.Models;
import clew.model.Pass;
import clew.model.Run;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// What attention hands from token to token adds up to what it hands.
final class DecompositionTest {
    private static final int[] IDS = {3, 14, 15, 9, 2, 6};

    @TempDir
    Path dir;

    static Stream<String> models() {
        return Stream.of("gpt2-tiny", "llama-tiny-gqa", "qwen2-tiny", "qwen3-tiny", "mistral-tiny", "pythia-tiny",
            "gemma2-tiny", "gemma3-tiny");
    }

    private static LanguageModel open(String name) {
        return Models.open(Shared.path("goldens/models/" + name), Device.SCALAR.kernels());
    }

    private static Run run(LanguageModel model) {
        return model.run(Pass.of(IDS).hooks(Updates.hooks(model).toArray(String[]::new)));
    }

    /// `x_i + Σ_h Σ_j T^h_ij + b_O` is the stream behind attention.
    @ParameterizedTest
    @MethodSource("models")
    void termsAddUpToTheStream(String name) {
        try (var model = open(name); var run = run(model)) {
            for (int l = 0; l < model.spec().layers(); l++) {
                var u = Updates.of(run, l);
                var dense = model.family().attentionOutput(l);
                var bias = new double[u.D()];
                if (dense.bias() != null) for (int x = 0; x < u.D(); x++) bias[x] = dense.bias().get(x);
                for (int i = 0; i < u.T(); i++) {
                    var sum = u.stream(i);
                    for (int j = 0; j <= i; j++) {
                        var whole = u.term(i, j);
                        var heads = new double[u.D()];
                        for (int h = 0; h < model.spec().heads(); h++)
                            for (int x = 0; x < u.D(); x++) heads[x] += u.term(h, i, j)[x];
                        assertArrayEquals(whole, heads, 1e-12);
                        for (int x = 0; x < u.D(); x++) sum[x] += whole[x];
                    }
                    for (int x = 0; x < u.D(); x++)
                        assertEquals(u.after()[i * u.D() + x], sum[x] + bias[x], 1e-9, name + " layer " + l);
                }
            }
        }
    }

    /// Without biases in the layers the scores of ALTI-Logit are the logit (but for soft caps, which are held too).
    @ParameterizedTest
    @MethodSource("models")
    void altiLogitsScoresAreTheLogitWhereNothingElseIsAdded(String name) {
        try (var model = open(name); var run = run(model)) {
            var result = new AltiLogit().explain(run, Target.top());
            var f = result.targets().getFirst();
            var biased = List.of("gpt2", "gpt_neox").contains(model.spec().family());
            var sum = Arrays.stream(result.scores()[0]).sum();
            assertEquals(!biased, Math.abs(sum - f.value()) < 1e-9 * Math.abs(f.value()), name + ": " + sum);
            var last = "blocks." + (model.spec().layers() - 1) + ".hook_resid_post";
            var x = run.value(last);
            var back = run.backward(List.of(Run.Seed.of(f.position(), f.derivative(run.logits(0, f.position())))),
                RuleSets.ATTN_LRP, Set.of(x));
            var stream = Arrays.stream(Lrp.relevance(x, back, 0)).sum();
            if (!biased) assertEquals(stream, sum, 1e-9 * Math.abs(stream));
        }
    }

    @ParameterizedTest
    @EnumSource(Tiny.class)
    void routesWithoutAThresholdCarryEverything(Tiny family) {
        try (var model = family.open(dir, Device.SCALAR); var run = model.run(Pass.of(IDS))) {
            var all = new InformationFlow(0).explain(run, Target.top()).scores()[0];
            var some = new InformationFlow(0.2).explain(run, Target.top()).scores()[0];
            assertEquals(1, Arrays.stream(all).sum(), 1e-12);
            for (int t = 0; t < all.length; t++) assertTrue(all[t] >= some[t] && some[t] >= 0);
            assertTrue(Arrays.stream(some).sum() < 1);
            var rows = new AltiLogit().explain(run, Target.top()).map();
            for (int i = 0; i < IDS.length; i++) {
                var row = Arrays.copyOfRange(rows, i * IDS.length, (i + 1) * IDS.length);
                assertEquals(1, Arrays.stream(row).sum(), 1e-12, "rows of M sum to 1");
            }
        }
    }

    /// Each block's turns by a run of its own in which nothing but one value of that block is 0.
    @ParameterizedTest
    @MethodSource("models")
    void valueZeroingIsOneValueAtATime(String name) {
        try (var model = open(name); var run = model.run(Pass.of(IDS).at(3, 5))) {
            int T = IDS.length, L = model.spec().layers(), D = model.spec().width();
            var f = List.of(Target.id(3).on(run).getFirst(), Target.id(3).at(3).on(run).getFirst());
            var result = new ValueZeroing(ValueZeroing.Layers.PRODUCT).explain(run, f);
            var mean = new double[T];
            var expected = new double[T * T];
            for (int i = 0; i < T; i++) expected[i * T + i] = 1;
            for (int l = 0; l < L; l++) {
                var post = "blocks." + l + ".hook_resid_post";
                var c = new double[T * T];
                try (var whole = model.run(Pass.of(IDS).hooks(post))) {
                    var y = whole.value(post).tensor().toDoubles();
                    for (int j = 0; j < T; j++) {
                        var where = new Edit.Where("blocks." + l + ".attn.hook_v", List.of(j), List.of());
                        try (var without = model.run(Pass.of(IDS).hooks(post).edits(List.of(new Edit.Zero(where))))) {
                            var z = without.value(post).tensor().toDoubles();
                            for (int i = 0; i < T; i++) c[i * T + j] = 1 - cosine(y, z, i * D, D);
                        }
                    }
                }
                var next = new double[T * T];
                for (int i = 0; i < T; i++) {
                    var sum = Arrays.stream(c, i * T, i * T + T).sum();
                    for (int j = 0; j < T; j++)
                        for (int k = 0; k < T; k++) next[i * T + k] += c[i * T + j] / sum * expected[j * T + k];
                    if (i == 5) for (int j = 0; j < T; j++) mean[j] += c[i * T + j] / sum / L;
                }
                expected = next;
            }
            assertArrayEquals(Arrays.copyOfRange(expected, 5 * T, 6 * T), result.scores()[0], 1e-8, name);
            assertArrayEquals(Arrays.copyOfRange(expected, 3 * T, 4 * T), result.scores()[1], 1e-8, name);
            assertEquals(1, Arrays.stream(result.scores()[0]).sum(), 1e-12);
            assertArrayEquals(mean, new ValueZeroing(ValueZeroing.Layers.MEAN).explain(run, f).scores()[0], 1e-8);
        }
    }

    private static double cosine(double[] a, double[] b, int at, int n) {
        double dot = 0, first = 0, second = 0;
        for (int i = at; i < at + n; i++) {
            dot += a[i] * b[i];
            first += a[i] * a[i];
            second += b[i] * b[i];
        }
        return dot / Math.sqrt(first) / Math.sqrt(second);
    }

    // ── flow ────────────────────────────────────────────────────────────────────────────────────────────────────────

    /// The bottleneck of a small network by hand: 0 → {1, 2} → 3 with a bridge from 1 to 2.
    @Test
    void theLargestFlowIsTheSmallestCut() {
        var net = new MaxFlow(4);
        net.edge(0, 1, 3);
        net.edge(0, 2, 1);
        net.edge(1, 2, 1);
        net.edge(1, 3, 1);
        net.edge(2, 3, 5);
        assertEquals(3, net.flow(0, 3), 1e-12);
        assertEquals(0, net.flow(3, 0), "edges have a direction");
    }

    /// Through one layer the flow to a token is its edge; a second layer lets it come by way of others.
    @Test
    void flowThroughLayersIsAtMostItsEdges() {
        double[] a = {1, 0, 0.25, 0.75}, b = {1, 0, 0.5, 0.5};
        var one = new Patterns(new double[][] {a}, 2);
        assertEquals(0.125, AttentionFlow.flow(one, 1, 0), 1e-15);
        assertEquals(0.875, AttentionFlow.flow(one, 1, 1), 1e-15);
        var two = new Patterns(new double[][] {a, b}, 2);
        assertEquals(0.25 + 0.125, AttentionFlow.flow(two, 1, 0), 1e-15);   // by token 0: ¼ of 1; by token 1: its edge
        assertEquals(0.75, AttentionFlow.flow(two, 1, 1), 1e-15);
    }
}
