package clew.engine.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class DevicesTest {
    @Test
    void scalarIsScalarAndNeedsNoExcuse() {
        try (var device = Devices.open("scalar", 4)) {
            assertInstanceOf(ScalarKernels.class, device.kernels());
            assertTrue(device.fallback().isEmpty());
        }
    }

    @Test
    void autoIsSimdOrSaysWhyNot() {
        try (var device = Devices.open("auto", 2)) {
            assertEquals(device.fallback().isEmpty() ? "simd" : "scalar", device.name());
        }
    }

    @Test
    void anUnknownNameListsTheKnownOnes() {
        var e = assertThrows(IllegalArgumentException.class, () -> Devices.open("cuda", 1));
        assertEquals("unknown device 'cuda'; known are auto, simd, scalar", e.getMessage());
    }
}
