package clew.attribution.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import clew.attribution.evaluation.Plausibility.Measure;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Metrics that look at the scores alone, or at marked tokens.
final class ShapeTest {
    private static double gini(double... scores) {
        return Toy.of(new Sparsity(Sparsity.Measure.GINI), Toy.linear(new double[scores.length]), scores);
    }

    private static double entropy(double... scores) {
        return Toy.of(new Sparsity(Sparsity.Measure.ENTROPY), Toy.linear(new double[scores.length]), scores);
    }

    @Test
    void equalScoresAreNotSparseAndOneAloneIs() {
        assertEquals(0, gini(2, -2, 2, 2), 1e-15);
        assertEquals(1 - 1 / 4.0, gini(0, 0, -5, 0), 1e-15);
        assertEquals(1, entropy(2, -2, 2, 2), 1e-15);
        assertEquals(0, entropy(0, 0, -5, 0), 1e-15);
        assertEquals(Double.NaN, gini(0, 0, 0));
        assertEquals(Double.NaN, entropy(0, 0, 0));
    }

    /// 1, 3: `1 − 2(¼ · 1.5/2 + ¾ · 0.5/2) = ¼`, and `−(¼ log ¼ + ¾ log ¾)/log 2`.
    @Test
    void twoScoresByHand() {
        assertEquals(0.25, gini(3, -1), 1e-15);
        assertEquals(-(0.25 * Math.log(0.25) + 0.75 * Math.log(0.75)) / Math.log(2), entropy(3, -1), 1e-15);
    }

    private static double plausible(Measure measure, double[] scores, int... marked) {
        return Toy.of(new Plausibility(measure), Toy.trial(scores, scores, marked), scores);
    }

    @Test
    void markedTokensAtTheTopAreFound() {
        double[] scores = {5, 4, -1, 2};
        for (var measure : Measure.values()) {
            assertEquals(1, plausible(measure, scores, 0, 1), 1e-15);
            assertEquals(Double.NaN, plausible(measure, scores));
        }
        assertEquals(0.5, plausible(Measure.TOKEN_F1, scores, 0, 2), 1e-15);
        assertEquals(1 / 3.0, plausible(Measure.IOU, scores, 0, 2), 1e-15);
        assertEquals(0, plausible(Measure.IOU, scores, 2), 1e-15);
        assertEquals((1 + 2 / 4.0) / 2, plausible(Measure.AUPRC, scores, 0, 2), 1e-15);
    }

    /// scikit-learn's `average_precision_score([0,1,0,1,0,1], [.9,.8,.5,.5,.2,.1])`.
    @Test
    void equalScoresEnterThePrecisionTogether() {
        assertEquals(0.5, plausible(Measure.AUPRC, new double[] {.9, .8, .5, .5, .2, .1}, 1, 3, 5), 1e-15);
    }

    @Test
    void whatTwoPromptsHaveInCommonKeepsItsOrder() {
        var pairs = Consistency.common(new int[] {7, 1, 2, 3, 9}, new int[] {1, 8, 2, 9});
        assertEquals(List.of(new Consistency.Pair(1, 0), new Consistency.Pair(2, 2), new Consistency.Pair(4, 3)),
            pairs);
        assertEquals(List.of(), Consistency.common(new int[] {1}, new int[] {2}));
    }

    @Test
    void ranksOfEqualsAreShared() {
        assertArrayEquals(new double[] {1, 2.5, 2.5, 4}, Agreement.ranks(new double[] {-3, 0, 0, 8}));
    }
}
