package clew.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import clew.cuda.FakeDriver.Trait;
import clew.cuda.Products.Precision;
import clew.engine.kernel.Devices;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Which card is taken, and what is said where there is none.
class ProviderTest {
    private static final Card OLD = new Card("Old", 1L << 34, 6, 1, 20), SMALL = new Card("Small", 1L << 32, 7, 5, 40),
        LARGE = new Card("Large", 1L << 33, 9, 0, 132);

    private static CudaProvider of(Precision precision, Card... cards) {
        return new CudaProvider(precision, () -> new Found.Cards(List.of(cards)),
            i -> new FakeDriver(cards[i], cards[i].bytes()));
    }

    private static CudaProvider of(FakeDriver driver) {
        return new CudaProvider(Precision.F32, () -> new Found.Cards(List.of(driver.card())), _ -> driver);
    }

    private static void onTheProcessor() {
        assumeTrue(HostLibrary.get().isPresent(), () -> "skipped: " + HostLibrary.obstacle());
    }

    @ParameterizedTest
    @ValueSource(strings = {"cuda", "cuda-tf32"})
    void theServiceIsFound(String name) {
        assertEquals(name, Devices.provider(name).orElseThrow().name());
    }

    /// Without a driver: one sentence, of ours; with one, this is for the tests on the card.
    @ParameterizedTest
    @ValueSource(strings = {"cuda", "cuda-tf32"})
    void withoutADriverOneSentenceSaysSo(String name) {
        var obstacle = Devices.provider(name).orElseThrow().obstacle();
        assumeTrue(obstacle.isPresent(), "skipped: there is a card");
        var e = assertThrows(IllegalArgumentException.class, () -> Devices.open(name, 1));
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
            + " compute capability 6.1; use --device simd"), of(Precision.F32, OLD).obstacle());
        assertEquals(0, of(Precision.F32, OLD).memory());
        assertThrows(IllegalArgumentException.class, of(Precision.F32, OLD)::open);
    }

    @Test
    void tf32NeedsACardThatHasIt() {
        assertEquals(Optional.of("the cuda-tf32 device needs compute capability 8.0 or newer, and here is only Small,"
            + " 4.3 GB, compute capability 7.5; use --device cuda"), of(Precision.TF32, SMALL).obstacle());
        assertEquals(LARGE.bytes(), of(Precision.TF32, SMALL, LARGE).memory());
    }

    @ParameterizedTest
    @EnumSource
    void theLargestCardThatCanRunTheKernelsIsTaken(Precision precision) {
        onTheProcessor();
        var provider = of(precision, OLD, SMALL, LARGE, SMALL);
        assertEquals(Optional.empty(), provider.obstacle());
        assertEquals(LARGE.bytes(), provider.memory());
        try (var device = provider.open()) {
            assertEquals(precision.device(), device.name());
            assertEquals(precision.device(), device.kernels().device());
            assertEquals("Large, 8.6 GB, compute capability 9.0"
                + (precision == Precision.F32 ? "" : ", products in TF32"), device.what());
            assertTrue(device.memory() > 0 && device.memory() <= LARGE.bytes());
        }
    }

    /// The trial has its steps sent as a graph that was made, and as one that was there.
    @Test
    void graphsAreTriedBeforeACardIsUsed() {
        onTheProcessor();
        var driver = new FakeDriver(LARGE, LARGE.bytes());
        of(driver).open().close();
        assertTrue(driver.made > 0 && driver.run > driver.made, driver.made + " made, run " + driver.run);
    }

    @ParameterizedTest
    @EnumSource(names = {"NO_GRAPHS", "REFUSES_GRAPHS", "FALSE_GRAPHS"})
    void aCardWhoseGraphsAreOfNoUseIsUsedWithout(Trait trait) {
        onTheProcessor();
        var driver = new FakeDriver(SMALL, SMALL.bytes(), trait);
        try (var device = of(driver).open()) {
            assertTrue(device.what().startsWith("Small, 4.3 GB, compute capability 7.5, kernels launched one by one ("),
                device.what());
            assertEquals(0, driver.graphs());
        }
    }

    /// A fake card that computes nothing leaves NaN, which the trial finds.
    @Test
    void aCardThatComputesWronglyIsNotUsed() {
        var driver = new FakeDriver(SMALL, SMALL.bytes(), Trait.IDLE);
        var e = assertThrows(IllegalArgumentException.class, () -> of(driver).open());
        assertTrue(e.getMessage().startsWith("the cuda device is not used, because it computes products wrongly here"),
            e.getMessage());
        assertTrue(driver.closed);
    }
}
