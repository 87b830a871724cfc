package clew.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import clew.cuda.JCudaDriver.Found;
import clew.engine.kernel.Devices;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Which card is taken, and what is said where there is none.
class ProviderTest {
    private static final Card OLD = new Card("Old", 1L << 34, 6, 1, 20), SMALL = new Card("Small", 1L << 32, 7, 5, 40),
        LARGE = new Card("Large", 1L << 33, 9, 0, 132);

    private static CudaProvider of(Card... cards) {
        return new CudaProvider(() -> new Found.Cards(List.of(cards)), i -> new FakeDriver(cards[i], cards[i].bytes()));
    }

    @Test
    void theServiceIsFound() {
        assertEquals("cuda", Devices.provider("cuda").orElseThrow().name());
    }

    /// Without a driver: one sentence, of ours; with one, this is for the tests on the card.
    @Test
    void withoutADriverOneSentenceSaysSo() {
        var obstacle = Devices.provider("cuda").orElseThrow().obstacle();
        assumeTrue(obstacle.isPresent(), "skipped: there is a card");
        var e = assertThrows(IllegalArgumentException.class, () -> Devices.open("cuda", 1));
        assertEquals(obstacle.get(), e.getMessage());
        assertFalse(e.getMessage().contains("\n") || e.getMessage().contains("jcuda"), e.getMessage());
        assertTrue(e.getMessage().endsWith("use --device simd"), e.getMessage());
        try (var device = Devices.open("auto", 1, Long.MAX_VALUE)) {
            assertEquals(Optional.empty(), device.fallback());
            assertEquals("simd", device.name());
        }
    }

    @Test
    void aCardThatIsTooOldIsNamed() {
        assertEquals(Optional.of("the cuda device needs compute capability 7.5 or newer, and here is only Old, 17.2 GB,"
            + " compute capability 6.1; use --device simd"), of(OLD).obstacle());
        assertEquals(0, of(OLD).memory());
        assertThrows(IllegalArgumentException.class, of(OLD)::open);
    }

    @Test
    void theLargestCardThatCanRunTheKernelsIsTaken() {
        assumeTrue(HostLibrary.get().isPresent(), () -> "skipped: " + HostLibrary.obstacle());
        var provider = of(OLD, SMALL, LARGE, SMALL);
        assertEquals(Optional.empty(), provider.obstacle());
        assertEquals(LARGE.bytes(), provider.memory());
        try (var device = provider.open()) {
            assertEquals("Large, 8.6 GB, compute capability 9.0", device.what());
            assertTrue(device.memory() > 0 && device.memory() <= LARGE.bytes());
        }
    }

    /// A fake card that computes nothing leaves NaN, which the trial finds.
    @Test
    void aCardThatComputesWronglyIsNotUsed() {
        var driver = new IdleDriver(SMALL);
        var e = assertThrows(IllegalArgumentException.class,
            () -> new CudaProvider(() -> new Found.Cards(List.of(SMALL)), _ -> driver).open());
        assertTrue(e.getMessage().startsWith("the cuda device is not used, because it computes products wrongly here"),
            e.getMessage());
        assertTrue(driver.isClosed());
    }
}
