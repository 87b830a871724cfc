package clew.attribution.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What random orders do, where it is known.
final class BandTest {
    private static final double[] W = {4, 2, 1, -1};

    private static List<Curve> draws(int n) {
        var random = new Random(5);
        return IntStream.range(0, n).mapToObj(_ -> {
            var scores = random.doubles(W.length).toArray();
            return Curve.of(new Judged(Toy.linear(W), scores, (_, _, _) -> scores), Curve.First.MOST_RELEVANT);
        }).toList();
    }

    /// Of f = Σ w the share that is not replaced is left in the mean; all orders begin and end alike.
    @Test
    void theMeanFallsWithTheShare() {
        var band = Band.of(draws(4000));
        assertArrayEquals(new double[] {0, 0.25, 0.5, 0.75, 1}, band.shares(), 1e-15);
        for (int i = 0; i < 5; i++) assertEquals(6 * (1 - band.shares()[i]), band.mean()[i], 0.15);
        for (int i : new int[] {0, 4}) assertEquals(band.low()[i], band.high()[i], 1e-15);
        assertEquals(2, band.low()[1], 1e-15, "the best token went first");
        assertEquals(7, band.high()[1], 1e-15, "the worst token went first");
        assertEquals(4000, band.draws());
    }

    @Test
    void aBandIsAroundItsMean() {
        var band = Band.of(draws(50));
        for (int i = 0; i < 5; i++)
            assertTrue(band.low()[i] <= band.mean()[i] + 1e-12 && band.mean()[i] <= band.high()[i] + 1e-12);
    }
}
