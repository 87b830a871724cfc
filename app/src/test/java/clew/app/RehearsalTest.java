package clew.app;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A rehearsal that fails would only cost time at every start, and nobody would notice.
final class RehearsalTest {
    @Test
    void everyCommandSucceeds(@TempDir Path dir) {
        assertDoesNotThrow(() -> Rehearsal.main(new String[] {dir.toString()}));
    }
}
