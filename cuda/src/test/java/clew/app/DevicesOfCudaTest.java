package clew.app;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import clew.cuda.Fake;
import org.junit.jupiter.api.Test;

/// What `clew devices` says of a card.
class DevicesOfCudaTest {
    @Test
    void aCardHasMemoryCapabilityAndRates() {
        assumeTrue(Fake.obstacle().isEmpty(), () -> "skipped: " + Fake.obstacle().orElseThrow());
        try (var device = Fake.idleOnceOpen()) {
            var line = DevicesVerb.measured(device);
            assertTrue(line.matches("Fake 90, 4.3 GB, compute capability 9.0; [1-9]\\d* GFLOP/s, copies at"
                + " [1-9]\\d* GB/s"), line);
        }
    }
}
