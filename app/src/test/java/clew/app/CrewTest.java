package clew.app;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/// Whoever is through leaves its threads to the others.
final class CrewTest {
    @Test
    void aShareGrowsOnceAnotherTrainingIsThrough() {
        var crew = new Crew(2, 2);
        try (var stays = crew.join()) {
            var before = stays.kernels();
            try (var leaves = crew.join()) {
                assertFalse(stays.grows());
                assertFalse(leaves.grows());
                assertSame(before, stays.kernels());
            }
            assertTrue(stays.grows());
            assertNotSame(before, stays.kernels());
            assertFalse(stays.grows());
        }
    }

    @Test
    void everyTrainingHasAThread() {
        try (var first = new Crew(1, 2).join()) {
            assertFalse(first.grows());
        }
    }
}
