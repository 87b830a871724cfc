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
    void withoutItsModuleCudaSaysHowToGetItAndAutoIsSilent() {
        var e = assertThrows(IllegalArgumentException.class, () -> Devices.open("cuda", 1));
        assertEquals("the cuda device is an optional part that is not here; ./build cuda builds it", e.getMessage());
        try (var device = Devices.open("auto", 2, Long.MAX_VALUE)) {
            assertEquals(device.fallback().isEmpty() ? "simd" : "scalar", device.name());
        }
    }

    @Test
    void anUnknownNameListsTheKnownOnes() {
        var e = assertThrows(IllegalArgumentException.class, () -> Devices.open("tpu", 1));
        assertEquals("unknown device 'tpu'; known are auto, simd, scalar, cuda, cuda-tf32", e.getMessage());
    }
}
