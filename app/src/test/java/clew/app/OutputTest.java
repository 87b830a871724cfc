package clew.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutputTest {
    @TempDir
    Path dir;

    /// A stream that takes nothing, for this reason.
    private static OutputStream broken(String reason) {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException(reason);
            }
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"inspect", "tokens", "generate", "explain", "jsonl", "help"})
    void aReaderWhoHasGoneEndsTheProgramInSilence(String what) {
        var model = Tiny.model(dir.resolve("tiny"));
        var closed = broken("Broken pipe");
        Object[] command = switch (what) {
            case "inspect" -> new Object[] {"inspect", "--model", model};
            case "jsonl"   -> new Object[] {"explain", "--model", model, "--jsonl", "-"};
            case "help"    -> new Object[] {"explain", "--help"};
            default        -> new Object[] {what, "--model", model, "a"};
        };
        assertEquals(new Cli(0, "", ""), Cli.into(closed, "{\"prompt\": \"a\"}\n", Map.of(), Set.of(), command));
    }

    @Test
    void aFullDiskIsAFailure() {
        var cli = Cli.into(broken("No space left on device"), "", Map.of(), Set.of(), "--version");
        assertEquals(new Cli(1, "",
            "clew: standard output cannot be written (No space left on device); send it elsewhere"
            + System.lineSeparator()), cli);
    }

    @Test
    void aFileIsReplacedWholeOrNotAtAll() throws IOException {
        var model = Tiny.model(dir.resolve("tiny"));
        var file = Files.writeString(dir.resolve("out.json"), "before");
        assertEquals(2, Cli.run("explain", "--model", model, "--ids", "999", "--out", file).exit());
        assertEquals("before", Files.readString(file));
        assertEquals(new Cli(0, "", ""), Cli.run("inspect", "--model", model, "--format", "json", "--out", file));
        assertTrue(Files.readString(file).startsWith("{\"path\":"));
        try (var left = Files.list(dir)) {
            assertEquals(2, left.count());
        }
    }

    @Test
    void aLinkKeepsItsPlace() throws IOException {
        var model = Tiny.model(dir.resolve("tiny"));
        var file = Files.writeString(dir.resolve("out.txt"), "before");
        var link = Files.createSymbolicLink(dir.resolve("link.txt"), file);
        Cli.run("inspect", "--model", model, "--out", link);
        assertTrue(Files.isSymbolicLink(link));
        assertTrue(Files.readString(file).startsWith("model"));
    }
}
