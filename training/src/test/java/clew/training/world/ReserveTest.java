package clew.training.world;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReserveTest {
    private final Reserve first = new Reserve(1, Edition.FIRST.pairs());
    private final Reserve second = new Reserve(1, Edition.SECOND.pairs());

    @Test
    void whatTheSecondEditionReservesTheFirstDoesAsWell() {
        IntStream.range(0, 20_000).mapToObj(String::valueOf).filter(i -> second.holds("lives", i))
            .forEach(i -> assertTrue(first.holds("lives", i), i));
    }

    @Test
    void oneInSoManyIsReserved() {
        for (var reserve : List.of(first, second)) {
            double n = 64_000, p = 1.0 / reserve.oneIn();
            double held = IntStream.range(0, (int) n).filter(i -> reserve.holds("a", "" + i)).count();
            assertEquals(n * p, held, 4 * Math.sqrt(n * p));                              // four standard deviations
        }
    }
}
