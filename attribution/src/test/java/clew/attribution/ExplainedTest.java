package clew.attribution;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The seed of a backward pass is the derivative of what is explained.
final class ExplainedTest {
    private static final int V = 9, TARGET = 4;

    static Stream<Arguments> scalars() {
        var contrasts = List.of(new Contrast.None(), new Contrast.Mean(), new Contrast.Foil(7),
            new Contrast.Foil(TARGET));
        return Arrays.stream(Score.values()).flatMap(score -> contrasts.stream()
            .filter(c -> !score.ofRow() || c instanceof Contrast.None).map(c -> Arguments.of(score, c)));
    }

    private static double[] logits() {
        return new Random(5).doubles(V, -3, 3).toArray();
    }

    @ParameterizedTest
    @MethodSource("scalars")
    void theDerivativeIsTheCentralDifference(Score score, Contrast contrast) {
        var z = logits();
        var f = Explained.of(0, TARGET, score, contrast, z);
        assertEquals(f.at(z), f.value());
        var derivative = f.derivative(z);
        for (int i = 0; i < V; i++) {
            var h = 1e-5;
            double[] up = z.clone(), down = z.clone();
            up[i] += h;
            down[i] -= h;
            assertEquals((f.at(up) - f.at(down)) / (2 * h), derivative[i], 1e-9, "∂f/∂z[" + i + "]");
        }
    }

    /// Finite differences add up over any distance, and are derivatives over none.
    @ParameterizedTest
    @MethodSource("scalars")
    void multipliersAddUpToTheDifference(Score score, Contrast contrast) {
        double[] z = logits(), from = new Random(6).doubles(V, -3, 3).toArray();
        var f = Explained.of(0, TARGET, score, contrast, z);
        double[] m = f.multipliers(z, from), moved = new double[V];
        for (int i = 0; i < V; i++) moved[i] = z[i] - from[i];
        assertEquals(f.at(z) - f.at(from), Products.sum(Products.of(m, moved)), 1e-14);
        assertArrayEquals(f.derivative(z), f.multipliers(z, z), 1e-15);
    }

    /// A common shift of all logits changes probabilities not at all, and a contrast of logits neither.
    @ParameterizedTest
    @MethodSource("scalars")
    void whatAShiftLeavesHasADerivativeOfSumZero(Score score, Contrast contrast) {
        var sum = Arrays.stream(Explained.of(0, TARGET, score, contrast, logits()).derivative(logits())).sum();
        var plain = score == Score.LOGIT && contrast instanceof Contrast.None;
        assertEquals(plain ? 1 : 0, sum, 1e-15);
    }

    @Test
    void valuesAreTheirDefinitions() {
        double[] z = {Math.log(1), Math.log(2), Math.log(5)};                       // p = 1/8, 2/8, 5/8
        assertEquals(Math.log(2), at(Score.LOGIT, new Contrast.None(), z), 1e-15);
        assertEquals(Math.log(0.25), at(Score.LOGPROB, new Contrast.None(), z), 1e-15);
        assertEquals(0.25, at(Score.PROB, new Contrast.None(), z), 1e-15);
        assertEquals(Math.log(2) - Math.log(5), at(Score.LOGIT, new Contrast.Foil(2), z), 1e-15);
        assertEquals(Math.log(2) - Math.log(5), at(Score.LOGPROB, new Contrast.Foil(2), z), 1e-15);
        assertEquals(0.25 - 0.625, at(Score.PROB, new Contrast.Foil(2), z), 1e-15);
        assertEquals(Math.log(2) - Math.log(10) / 3, at(Score.LOGIT, new Contrast.Mean(), z), 1e-15);
        assertEquals(0.25 - 1.0 / 3, at(Score.PROB, new Contrast.Mean(), z), 1e-15);
        var h = -(0.125 * Math.log(0.125) + 0.25 * Math.log(0.25) + 0.625 * Math.log(0.625));
        assertEquals(h, at(Score.ENTROPY, new Contrast.None(), z), 1e-15);
    }

    @Test
    void theRankIsOneForTheLikeliest() {
        double[] z = {0.5, 3, -1, 3};
        assertArrayEquals(new int[] {3, 1, 4, 1}, Stream.of(0, 1, 2, 3)
            .mapToInt(id -> Explained.of(0, id, Score.LOGIT, new Contrast.None(), z).rank()).toArray());
    }

    @Test
    void largeLogitsAndImpossibleTokensDoNotOverflow() {
        double[] z = {1000, 999, Double.NEGATIVE_INFINITY};
        assertEquals(1 / (1 + Math.exp(-1)), Explained.of(0, 0, Score.PROB, new Contrast.None(), z).value(), 1e-15);
        var h = Explained.of(0, 0, Score.ENTROPY, new Contrast.None(), z);
        assertEquals(0.5822, h.value(), 1e-4);
        for (double d : h.derivative(z)) assertTrue(Double.isFinite(d));
        assertEquals(0, h.derivative(z)[2]);
    }

    private static double at(Score score, Contrast contrast, double[] z) {
        return Explained.of(0, 1, score, contrast, z).value();
    }
}
