package clew.attribution.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clew.attribution.evaluation.Perturbation.Reading;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Metrics that replace tokens, on prompts whose answers are known.
final class FaithfulnessTest {
    private static final double[] W = {3, 2, 1, 0}, H = {0.5, 0.25, 0.8, 1};

    private static Trial trial() {
        return Toy.trial(W, H);
    }

    @Test
    void sufficiencyKeepsTheTopAndComprehensivenessTakesIt() {
        assertEquals(0.25 * 0.8, Toy.of(new Sufficiency(1), trial(), W), 1e-15);
        assertEquals(0.8, Toy.of(new Sufficiency(2), trial(), W), 1e-15);
        assertEquals(1, Toy.of(new Sufficiency(9), trial(), W), 1e-15);
        assertEquals(0.5, Toy.of(new Comprehensiveness(1), trial(), W), 1e-15);
        assertEquals(1 - 0.5 * 0.25, Toy.of(new Comprehensiveness(2), trial(), W), 1e-15);
        assertEquals(1 - 0.5 * 0.25 * 0.8, Toy.of(new Comprehensiveness(9), trial(), W), 1e-15);
    }

    /// The most negative score is the last, not the first: ranks are of signed scores.
    @Test
    void theSignRanks() {
        assertEquals(1 - 0.8, Toy.of(new Comprehensiveness(1), trial(), -9, 0, 1, 0), 1e-15);
        assertEquals(0.5, Toy.of(new Comprehensiveness(1), trial(), 1, 1, 1, 1), 1e-15, "of equals the first");
    }

    @Test
    void whatMayNotBeReplacedStaysAndIsNotRanked() {
        var inner = Toy.trial(W, H, new Trial.Terms(new int[] {1, 2}, 0, new BitSet(), Optional.empty()));
        assertEquals(0.8, Toy.of(new Sufficiency(1), inner, 9, 2, 1, 9), 1e-15);
        assertEquals(0.75, Toy.of(new Comprehensiveness(1), inner, 9, 2, 1, 9), 1e-15);
        assertArrayEquals(new int[] {2, 1}, new Judged(inner, new double[] {9, 1, 2, 9}, (_, _, _) -> W).order());
    }

    /// 1, 5, 10, 20 and 50 % of ten tokens are 1, 1, 1, 2 and 5.
    @Test
    void eraserAveragesOverShares() {
        double[] w = new double[10], h = new double[10];
        for (int t = 0; t < 10; t++) {
            w[t] = 10 - t;
            h[t] = t < 5 ? 0.5 : 1;
        }
        var trial = Toy.trial(w, h);
        var without = 0.8 * (3 * 0.5 + 0.25 + 1 / 32.0) / 5;
        var only = 0.8 * (3 / 16.0 + 1 / 8.0 + 1) / 5;
        assertEquals(0.8 - without, Toy.of(new Eraser(Eraser.Part.COMPREHENSIVENESS), trial, w), 1e-15);
        assertEquals(0.8 - only, Toy.of(new Eraser(Eraser.Part.SUFFICIENCY), trial, w), 1e-15);
    }

    @Test
    void curvesOfASumAreStairs() {
        assertEquals((6 / 2.0 + 3 + 1 + 0 + 0) / 4, Toy.of(new Perturbation(Reading.MORF), trial(), W), 1e-15);
        assertEquals((6 / 2.0 + 6 + 5 + 3 + 0) / 4, Toy.of(new Perturbation(Reading.LERF), trial(), W), 1e-15);
        assertEquals(2.5, Toy.of(new Perturbation(Reading.AREA_DIFFERENCE), trial(), W), 1e-15);
        assertEquals(-2.5, Toy.of(new Perturbation(Reading.AREA_DIFFERENCE), trial(), 0, 1, 2, 3), 1e-15);
        assertEquals((0 + 3 + 5 + 6 + 6) / 5.0, Toy.of(new Perturbation(Reading.AOPC), trial(), W), 1e-15);
        var deletion = 0.8 * (0.5 + 0.5 + 0.125 + 0.1 + 0.05) / 4;
        assertEquals(deletion, Toy.of(new Perturbation(Reading.DELETION), trial(), W), 1e-15);
        var insertion = 0.8 * (0.05 + 0.2 + 0.8 + 1 + 0.5) / 4;                 // 0.1 · 0.5, .25 · .8, .8, 1, 1 · 0.5
        assertEquals(insertion, Toy.of(new Perturbation(Reading.INSERTION), trial(), W), 1e-15);
    }

    /// No order of replacement drops a sum faster than the order of its terms.
    @Test
    void theTermsThemselvesAreTheBestScoresOfASum() {
        var random = new Random(4);
        var w = random.doubles(9, -1, 1).toArray();
        var best = Toy.of(new Perturbation(Reading.AREA_DIFFERENCE), Toy.linear(w), w);
        for (int i = 0; i < 50; i++) {
            var other = random.doubles(9, -1, 1).toArray();
            assertTrue(Toy.of(new Perturbation(Reading.AREA_DIFFERENCE), Toy.linear(w), other) <= best + 1e-12);
        }
    }

    @Test
    void aLongPromptHasSixteenStepsAndBothEnds() {
        var w = IntStream.range(0, 100).mapToDouble(t -> t).toArray();
        var curve = Curve.of(new Judged(Toy.linear(w), w, (_, _, _) -> w), Curve.First.MOST_RELEVANT);
        assertEquals(17, curve.shares().length);
        assertEquals(0, curve.shares()[0]);
        assertEquals(1, curve.shares()[16]);
        assertEquals(0, curve.values()[16]);
        var nothing = Toy.trial(W, H, new Trial.Terms(new int[0], 0, new BitSet(), Optional.empty()));
        assertEquals(6, Toy.of(new Perturbation(Reading.MORF), nothing, W), "nothing to replace");
    }

    @Test
    void scoresThatAddUpAreFaithfulAtAnyScale() {
        var metric = new Infidelity(32, 7);
        assertEquals(0, Toy.of(metric, trial(), W), 1e-14);
        assertEquals(0, Toy.of(metric, trial(), 30, 20, 10, 0), 1e-14);
        assertEquals(1, Toy.of(metric, trial(), -3, -2, -1, 0), "β does not turn the sign");
        assertEquals(1, Toy.of(metric, trial(), 0, 0, 0, 0));
        assertEquals(Double.NaN, Toy.of(metric, Toy.linear(0, 0), 1, 2));
    }

    /// Two tokens, f their sum, scores (1, 0): over enough sets each of {0}, {1}, {0,1} has weight ⅓, so
    /// `1 − (Σpc)²/(Σp² Σc²) = 1 − (1 + 2)²/(2 · (1 + 1 + 4)) = ¼`.
    @Test
    void infidelityIsWhatIsLeftOfTheSquares() {
        assertEquals(0.25, Toy.of(new Infidelity(200_000, 1), Toy.linear(1, 1), 1, 0), 0.005);
    }

    @Test
    void tauComparesWithLeavingOneOut() {
        assertEquals(1, Toy.of(new TauLoo(), trial(), 4, 3, 2, 1), 1e-15);
        assertEquals(-1, Toy.of(new TauLoo(), trial(), 1, 2, 3, 4), 1e-15);
        assertEquals(4 / 6.0, Toy.of(new TauLoo(), trial(), 3, 4, 2, 1), 1e-15, "one pair of six is turned");
    }

    /// What is replaced is asked once.
    @Test
    void aSetIsAskedOnce() {
        var asked = new ArrayList<BitSet>();
        var trial = new Trial(Optional.empty(), sets -> {
            sets.forEach(s -> asked.add((BitSet) s.clone()));
            return sets.stream().map(s -> new Trial.Outcome(1, s.cardinality())).toList();
        }, new int[4], Toy.linear(W).explained(),
            new Trial.Terms(new int[] {0, 1, 2, 3}, 0, new BitSet(), Optional.empty()));
        var one = new BitSet();
        one.set(2);
        assertEquals(List.of(1.0, 0.0, 1.0),
            trial.outcomes(List.of(one, new BitSet(), one)).stream().map(Trial.Outcome::value).toList());
        trial.outcome(one);
        assertEquals(2, asked.size());
    }
}
