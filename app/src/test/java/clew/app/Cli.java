package clew.app;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/// A command run in this process, and what came of it.
record Cli(int exit, String out, String err) {
    static Cli run(String... args) {
        return fed("", args);
    }

    /// With this on standard input.
    static Cli fed(String in, String... args) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var io = new Io(new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8)), out,
            new PrintStream(err, true, StandardCharsets.UTF_8), Map.of(), Path.of("nowhere"), Set.of());
        var exit = Main.run(io, args);
        return new Cli(exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
