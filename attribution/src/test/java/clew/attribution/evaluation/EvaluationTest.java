package clew.attribution.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clew.attribution.Device;
import clew.attribution.InputXGradient;
import clew.attribution.Lrp;
import clew.attribution.Saliency;
import clew.attribution.Target;
import clew.attribution.Tiny;
import clew.model.LanguageModel;
import clew.model.Pass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Trials on models, and evaluations of several methods.
final class EvaluationTest {
    private static final int[] IDS = {3, 14, 15, 9, 2, 6};

    @TempDir
    Path dir;

    private static Trial trial(LanguageModel model, int... ids) {
        try (var run = model.run(Pass.of(ids))) {
            return new Trial(model, ids, Target.top().on(run).getFirst(),
                Trial.Terms.of(model, IntStream.range(1, ids.length - 1).toArray()).replacing(7));
        }
    }

    @ParameterizedTest
    @EnumSource(Tiny.class)
    void setsTogetherAreSetsOneByOne(Tiny family) {
        try (var model = family.open(dir, Device.SCALAR)) {
            var trial = trial(model, IDS);
            var random = new Random(2);
            var sets = new ArrayList<BitSet>();
            for (int i = 0; i < 9; i++)
                sets.add(IntStream.range(0, 6).filter(_ -> random.nextBoolean()).collect(BitSet::new, BitSet::set,
                    BitSet::or));
            var together = trial.outcomes(sets);
            for (int i = 0; i < sets.size(); i++) {
                var set = sets.get(i);
                var ids = IntStream.range(0, 6).map(t -> set.get(t) ? 7 : IDS[t]).toArray();
                try (var run = model.run(Pass.of(ids))) {
                    var z = run.logits(0, 5);
                    assertEquals(trial.explained().at(z), together.get(i).value(), 1e-12);
                    var sum = 0.0;
                    for (double v : z) sum += Math.exp(v);
                    assertEquals(Math.exp(z[trial.explained().id()]) / sum, together.get(i).probability(), 1e-12);
                }
            }
        }
    }

    @Test
    void sensitivityIsNoneWithoutNoiseAndGrowsWithIt() {
        try (var model = Tiny.LLAMA.open(dir, Device.SCALAR)) {
            var judged = Judged.of(trial(model, IDS), Scorer.of(new InputXGradient()));
            assertEquals(0, new MaxSensitivity(0, 2, 1).of(judged), 1e-14);
            var small = new MaxSensitivity(1e-4, 4, 1).of(judged);
            var large = new MaxSensitivity(1e-3, 4, 1).of(judged);
            assertTrue(small > 0);
            assertEquals(10, large / small, 0.5, "the first order of the change");
            var constant = new Judged(judged.trial(), judged.scores(), (_, _, _) -> judged.scores());
            assertEquals(0, new MaxSensitivity(0.1, 2, 1).of(constant), "what never changes");
        }
    }

    @Test
    void aParaphraseIsExplainedAtItsOwnRow() {
        try (var model = Tiny.GPT2.open(dir, Device.SCALAR)) {
            var trial = trial(model, IDS);
            var same = new Trial(model, IDS, trial.explained(), new Trial.Terms(trial.removable(), 7, new BitSet(),
                Optional.of(trial)));
            assertEquals(1, new Consistency().of(Judged.of(same, Scorer.of(new Saliency()))), 1e-14);
            assertEquals(Double.NaN, new Consistency().of(Judged.of(trial, Scorer.of(new Saliency()))));
        }
    }

    @Test
    void randomWeightsHaveTheirMomentsAndOtherExplanations() throws IOException {
        var folder = Files.createDirectory(dir.resolve("random"));
        try (var model = Tiny.GPT2.open(dir, Device.SCALAR)) {
            var judged = Judged.of(trial(model, IDS), Scorer.of(new InputXGradient()));
            assertEquals(1, new Randomisation(model).of(judged), 1e-14, "the same weights");
            try (var random = RandomisedModel.of(model, 5, folder)) {
                assertNotEquals(1, new Randomisation(random.model()).of(judged), 1e-6);
                var trained = model.checkpoint().tensor("wte.weight").toDoubles();
                var drawn = random.model().checkpoint().tensor("wte.weight").toDoubles();
                assertNotEquals(trained[0], drawn[0]);
                assertEquals(deviation(trained), deviation(drawn), 0.15 * deviation(trained));
            }
            try (var left = Files.list(folder)) {
                assertEquals(0, left.count(), "emptied");
            }
        }
    }

    private static double deviation(double[] v) {
        double sum = 0, squares = 0;
        for (double x : v) { sum += x; squares += x * x; }
        return Math.sqrt(squares / v.length - sum / v.length * sum / v.length);
    }

    private static Evaluation evaluation(int draws) {
        return new Evaluation(List.of(new Evaluation.Candidate("lrp", new Lrp()),
            new Evaluation.Candidate("saliency", new Saliency())), Evaluation.standard(3, 3), draws, 11);
    }

    @Test
    void aSeedAndANameFixAVerdict() {
        try (var model = Tiny.LLAMA.open(dir, Device.SCALAR)) {
            var heard = new ArrayList<Double>();
            var one = evaluation(3).judge("a", trial(model, IDS), heard::add);
            var again = evaluation(3).judge("a", trial(model, IDS), _ -> {});
            var other = evaluation(3).judge("b", trial(model, IDS), _ -> {});
            assertEquals(List.of(1 / 3.0, 2 / 3.0, 1.0), heard);
            assertArrayEquals(one.random(), again.random());
            assertTrue(IntStream.range(0, 3).anyMatch(d -> one.random()[d][0] != other.random()[d][0]));
            assertArrayEquals(one.rankings().getFirst().metrics(), again.rankings().getFirst().metrics());
        }
    }

    /// The first numbers of 200 neighbours lie evenly: unmixed they would all be near 0.73.
    @Test
    void neighbouringSeedsAreNotAlike() {
        var first = IntStream.range(0, 200).mapToDouble(i -> new Random(Evaluation.mixed(i)).nextDouble()).toArray();
        for (int tenth = 0; tenth < 10; tenth++) {
            var from = tenth / 10.0;
            var count = Arrays.stream(first).filter(v -> v >= from && v < from + 0.1).count();
            assertTrue(count >= 5 && count <= 40, from + ": " + count);
        }
    }

    @Test
    void aSummaryHasMeansAndGainsOverChance() {
        try (var model = Tiny.LLAMA.open(dir, Device.SCALAR)) {
            var evaluation = evaluation(4);
            var verdicts = List.of(evaluation.judge("a", trial(model, IDS), _ -> {}),
                evaluation.judge("b", trial(model, 4, 4, 8, 1, 19, 2, 5), _ -> {}));
            var summary = Summary.of(evaluation, verdicts);
            assertEquals(2, summary.prompts());
            var at = summary.metrics().stream().map(Summary.Heading::name).toList().indexOf("comprehensiveness@1");
            double a = verdicts.get(0).rankings().get(1).metrics()[at];
            double b = verdicts.get(1).rankings().get(1).metrics()[at];
            assertEquals((a + b) / 2, summary.methods().get(1).values().get(at).value(), 1e-14);
            double chanceOfA = 0, chanceOfB = 0;
            for (int d = 0; d < 4; d++) {
                chanceOfA += verdicts.get(0).random()[d][at] / 4;
                chanceOfB += verdicts.get(1).random()[d][at] / 4;
            }
            assertEquals((chanceOfA + chanceOfB) / 2, summary.chance().values().get(at).value(), 1e-14);
            var gain = summary.methods().get(1).gains().get(at);
            assertEquals((a - chanceOfA + b - chanceOfB) / 2, gain.value(), 1e-14);
            assertEquals(12.7062047 * Math.abs(a - chanceOfA - b + chanceOfB) / 2, gain.half(), 1e-6);
            assertEquals(1, summary.agreements().spearman()[0][0]);
            assertEquals(summary.agreements().kendall()[0][1], summary.agreements().kendall()[1][0]);
            var range = summary.chance().spread().get(at);
            assertTrue(range.low() <= summary.chance().values().get(at).value()
                && summary.chance().values().get(at).value() <= range.high());
        }
    }

    @Test
    void aPairHasItsPlace() {
        var at = 0;
        for (int i = 0; i < 5; i++)
            for (int j = i + 1; j < 5; j++) {
                assertEquals(at, Verdict.pair(i, j, 5));
                assertEquals(at++, Verdict.pair(j, i, 5));
            }
    }
}
