package clew.attribution;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clew.model.Run;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The error of a sum of scores is that of its draws' sums, found here by summing up every recorded draw.
final class DeviationsTest {
    private static final Continuation CONTINUATION = new Continuation(new int[] {3, 14, 15, 9}, new int[] {2, 6, 11});
    private static final Groups WORDS = Groups.spans(List.of(new int[] {0, 1}, new int[] {1, 4}));
    private static final int T = 4, N = 3;

    @TempDir
    Path dir;

    /// A sum over some targets and tokens.
    private interface Sum {
        double of(double[][] scores);
    }

    /// Standard error of the mean over draws.
    private static double error(List<double[][]> draws, Sum sum) {
        var sums = draws.stream().mapToDouble(sum::of).toArray();
        var mean = Arrays.stream(sums).average().orElseThrow();
        var squares = Arrays.stream(sums).map(s -> (s - mean) * (s - mean)).sum();
        return Math.sqrt(squares / sums.length / (sums.length - 1));
    }

    private static void isThatOfTheDraws(Attribution a, List<double[][]> draws, String what) {
        var drawn = a.diagnostics().drawn();
        var scale = GoldenTable.largest(drawn.errors()[0]);
        for (int n = 0; n < N; n++) {
            var target = n;
            for (int t = 0; t < T; t++) {
                var token = t;
                assertEquals(error(draws, s -> s[target][token]), drawn.errors()[n][t], 1e-10 * scale, what);
            }
            assertEquals(error(draws, s -> s[target][1] + s[target][2] + s[target][3]),
                drawn.sums(WORDS).errors()[n][1], 1e-10 * scale, what);
        }
        var sequence = Objects.requireNonNull(a.summed()).diagnostics().drawn();
        var together = 0.0;                                               // how much draws move scores together
        for (int t = 0; t < T; t++) {
            var token = t;
            var alone = Math.sqrt(Arrays.stream(drawn.errors()).mapToDouble(row -> row[token] * row[token]).sum());
            together = Math.max(together, Math.abs(sequence.errors()[0][t] / alone - 1));
            assertEquals(error(draws, s -> s[0][token] + s[1][token] + s[2][token]), sequence.errors()[0][t],
                1e-10 * scale, what);
        }
        var all = error(draws, s -> Arrays.stream(s).mapToDouble(row -> row[1] + row[2] + row[3]).sum());
        assertEquals(all, sequence.sums(WORDS).errors()[0][1], 1e-10 * scale, what);
        assertTrue(together > 0.01, what);
    }

    @ParameterizedTest
    @EnumSource(names = {"GPT2", "LLAMA"})
    void ofNoiseAndOfPointsOnAPath(Tiny family) {
        try (var model = family.open(dir, Device.SCALAR); var run = model.run(CONTINUATION.pass())) {
            var targets = CONTINUATION.targets(run);
            var random = new Random(5);
            var size = (int) run.embeddings().tensor().size();
            var noise = new double[9][size];
            for (var one : noise) for (int i = 0; i < size; i++) one[i] = 0.05 * random.nextGaussian();
            var smooth = new SmoothGrad(0.1, 9, 0, Aggregate.SUM);
            var one = new SmoothGrad(0.1, 1, 0, Aggregate.SUM);
            var draws = new ArrayList<double[][]>();
            for (var n : noise) draws.add(one.explain(run, targets, T, _ -> n).scores());
            isThatOfTheDraws(CONTINUATION.of(run, smooth.explain(run, targets, T, i -> noise[i])), draws, "smoothgrad");

            var alphas = random.doubles(8).toArray();
            var shap = new GradientShap(new Baseline.Mean(), 8, 0, Aggregate.SUM);
            draws.clear();
            for (var a : alphas) draws.add(shap.explain(run, targets, T, new double[] {a}).scores());
            isThatOfTheDraws(CONTINUATION.of(run, shap.explain(run, targets, T, alphas)), draws, "gradient-shap");
        }
    }

    @Test
    void ofOrders() {
        try (var model = Tiny.LLAMA.open(dir, Device.SCALAR); var run = model.run(CONTINUATION.pass())) {
            var targets = CONTINUATION.targets(run);
            var method = new ShapleySampling(new Removal.Token(5), 11, 3, 0);
            var features = Groups.each(T);
            var draws = new ArrayList<double[][]>();
            for (var order : method.orders(T))
                draws.add(method.explain(run, targets, features, List.of(order)).scores());
            isThatOfTheDraws(CONTINUATION.of(run, method.explain(run, targets, features)), draws, "orders");
        }
    }

    /// What is removed by drawn tokens, draw by draw.
    @Test
    void ofARemovalThatDraws() {
        try (var model = Tiny.LLAMA.open(dir, Device.SCALAR); var run = model.run(CONTINUATION.pass())) {
            var targets = CONTINUATION.targets(run);
            var removal = new Removal.Resample(7, 2);
            var draws = new ArrayList<double[][]>();
            for (var game : new PromptGame(run, targets, Groups.each(T), removal).draws())
                draws.add(drops(game, targets));
            isThatOfTheDraws(CONTINUATION.of(run, new Ablation(removal).explain(run, targets, Groups.each(T))), draws,
                "resample");
        }
    }

    private static double[][] drops(PromptGame game, List<Explained> targets) {
        var drops = new double[N][T];
        for (int t = 0; t < T; t++) {
            var one = new BitSet();
            one.set(t);
            var without = game.values(List.of(game.without(one)))[0];
            for (int n = 0; n < N; n++) drops[n][t] = targets.get(n).value() - without[n];
        }
        return drops;
    }

    /// Least squares are linear in what is fitted, so the error of a sum over targets is that of fitting the sum.
    @Test
    void ofCoalitions() {
        var random = new Random(8);
        var rows = new double[40][4];
        for (var row : rows) for (int j = 0; j < 4; j++) row[j] = j == 0 ? 1 : random.nextInt(2);
        var squares = new LeastSquares(rows, random.doubles(40, 0.5, 2).toArray());
        var y = new double[3][];
        for (int t = 0; t < 2; t++) y[t] = random.doubles(40).toArray();
        y[2] = new double[40];
        for (int i = 0; i < 40; i++) y[2][i] = y[0][i] + y[1][i];
        var each = new ArrayList<double[][]>();
        var off = new double[3][][];
        for (int t = 0; t < 3; t++) off[t] = squares.deviations(y[t], squares.of(y[t]), 2);
        for (int i = 0; i < 38; i++) each.add(new double[][] {off[0][i], off[1][i]});
        var fitted = Deviations.of(Arrays.stream(off[2]).map(row -> new double[][] {row}).toList(), 34);
        assertArrayEquals(fitted.errors()[0], Deviations.of(each, 34).together().errors()[0], 1e-12);
    }

    /// A target that is another's opposite: their sum is sure, whatever either may be; twice the same is twice as
    /// unsure.
    @ParameterizedTest
    @EnumSource(names = {"LLAMA"})
    void ofOppositesAndOfEquals(Tiny family) {
        try (var model = family.open(dir, Device.SCALAR); Run run = model.run(CONTINUATION.pass())) {
            var f = Target.id(4).at(3).on(run).getFirst();
            var against = new Target(new Target.Choice.Id(4), 3, Score.LOGIT, new Contrast.Foil(7)).on(run).getFirst();
            var opposite = new Target(new Target.Choice.Id(7), 3, Score.LOGIT, new Contrast.Foil(4)).on(run).getFirst();
            for (JointMethod method : List.of(new KernelShap(new Removal.Token(5), 14, 1, 0),
                new Lime(new Removal.Token(5), Lime.Likeness.PRESENCE, 0.001, 14, 1, 0),
                new ShapleySampling(new Removal.Token(5), 5, 1, 0))) {
                var twice = method.explain(run, List.of(f, f), 4).diagnostics().drawn();
                var none = method.explain(run, List.of(against, opposite), 4).diagnostics().drawn();
                assertTrue(GoldenTable.largest(twice.errors()[0]) > 0, method.name());
                for (int t = 0; t < 4; t++) {
                    assertEquals(2 * twice.errors()[0][t], twice.together().errors()[0][t], 1e-10, method.name());
                    assertEquals(0, none.together().errors()[0][t],
                        1e-3 * GoldenTable.largest(none.errors()[0]), method.name());
                }
            }
        }
    }

    /// Targets explained some at a time by the same draws are as sure together as all at once.
    @Test
    void ofRowsThatWereExplainedApart() {
        try (var model = Tiny.GPT2.open(dir, Device.SCALAR); var run = model.run(CONTINUATION.pass())) {
            var method = new SmoothGrad(0.1, 6, 4, Aggregate.SUM);
            var whole = CONTINUATION.explain(run, method).summed().diagnostics().standardErrors()[0];
            var apart = CONTINUATION.explain(run, method, run.embeddings().tensor().size());
            assertArrayEquals(whole, apart.summed().diagnostics().standardErrors()[0],
                1e-12 * GoldenTable.largest(whole));
        }
    }

    /// Where draws were too many to keep, sums of more than one score that was drawn are not known.
    @Test
    void withoutDrawsSumsAreNotKnown() {
        var d = new Deviations(new double[][] {{0.5, 0, 0, 2}}, List.of(), 9);
        assertArrayEquals(new double[] {0.5, 0}, d.sums(Groups.spans(List.of(new int[] {0, 2}, new int[] {2, 3})))
            .errors()[0]);
        assertFalse(d.sums(Groups.spans(List.of(new int[] {0, 4}))).isKnown());
        assertFalse(new Deviations(new double[][] {{1}, {1}}, List.of(), 9).together().isKnown());
    }

    /// Four draws from a normal distribution: 95 of 100 intervals have its mean, where 1.96 standard errors to either
    /// side would have it 86 times.
    @Test
    void anIntervalOfAFewDrawsIsWideEnough() {
        var random = new Random(2);
        int repeats = 4000, there = 0;
        for (int r = 0; r < repeats; r++) {
            var tally = new Tally(1, 1);
            for (int i = 0; i < 4; i++) tally.add(new double[][] {{random.nextGaussian()}});
            var interval = tally.deviations().intervals(tally.means())[0][0];
            if (interval[0] <= 0 && interval[1] >= 0) there++;
        }
        assertEquals(0.95, there / (double) repeats, 0.014);
    }

    /// As many as there are draws, less the mean or the coefficients that were fitted to them.
    @Test
    void degreesOfFreedomAreThoseOfTheDraws() {
        try (var model = Tiny.LLAMA.open(dir, Device.SCALAR); var run = model.run(CONTINUATION.pass())) {
            var f = Target.id(4).at(3).on(run);
            var removal = new Removal.Token(5);
            Map<AttributionMethod, Integer> degrees = Map.of(new SmoothGrad(0.1, 9, 0, Aggregate.SUM), 8,
                new ShapleySampling(removal, 11, 3, 0), 10, new KernelShap(removal, 14, 1, 0), 14 - 2 - 5,
                new Lime(removal, Lime.Likeness.PRESENCE, 0.001, 14, 1, 0), 13,
                new Ablation(new Removal.Resample(7, 2)), 6, new InputXGradient(Aggregate.SUM), 0);
            degrees.forEach((method, expected) -> assertEquals(expected,
                method.explain(run, f, 4).diagnostics().drawn().degrees(), method.name()));
        }
    }

    /// By divisors that are taken for sure; of rows that were divided each by its own the sum is not known.
    @Test
    void ofScaledScores() {
        var one = Deviations.of(List.of(new double[][] {{3, 0}}, new double[][] {{4, 2}}), 1).over(new double[] {10});
        assertArrayEquals(new double[] {0.5, 0.2}, one.errors()[0], 1e-15);
        assertTrue(one.sums(Groups.spans(List.of(new int[] {0, 2}))).isKnown());
        var two = Deviations.of(List.of(new double[][] {{1}, {2}}, new double[][] {{0}, {1}}), 1)
            .over(new double[] {1, 2});
        assertEquals(Math.sqrt(5) / 2, two.errors()[1][0], 1e-15);
        assertFalse(two.together().isKnown());
    }
}
