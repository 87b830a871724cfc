package clew.app;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// A command run in this process, and what came of it.
record Cli(int exit, String out, String err) {
    static Cli run(Object... args) {
        return fed("", args);
    }

    /// With this on standard input.
    static Cli fed(String in, Object... args) {
        var out = new ByteArrayOutputStream();
        var cli = into(out, in, Map.of(), Set.of(), args);
        return new Cli(cli.exit, out.toString(StandardCharsets.UTF_8), cli.err);
    }

    /// At a terminal with colours.
    static Cli seen(Map<String, String> env, Object... args) {
        var out = new ByteArrayOutputStream();
        var cli = into(out, "", env, Set.of(Io.Stream.OUT, Io.Stream.ERR), args);
        return new Cli(cli.exit, out.toString(StandardCharsets.UTF_8), cli.err);
    }

    static Cli into(OutputStream out, String in, Map<String, String> env, Set<Io.Stream> terminals, Object... args) {
        var err = new ByteArrayOutputStream();
        var io = new Io(new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8)), out,
            new PrintStream(err, true, StandardCharsets.UTF_8), env, Path.of("target", "home"), terminals);
        var exit = Main.run(io, List.of(args).stream().map(Object::toString).toArray(String[]::new));
        return new Cli(exit, "", err.toString(StandardCharsets.UTF_8));
    }

    /// Standard error without the progress that a slow machine shows.
    String notes() {
        return err.replaceAll("(?m)^clew: (\\d+ %, )?about [\\d.]+ (s|min|h|MB|GB)( and \\d+ (s|min|h)| left)?\\R", "");
    }

    /// What a command that succeeded printed, a JSON object per line.
    List<JsonNode> objects() {
        if (exit != 0) throw new AssertionError("exit " + exit + ": " + err);
        return lines();
    }

    List<JsonNode> lines() {
        return out.lines().map(JsonText.MAPPER::readTree).toList();
    }

    JsonNode object() {
        return objects().getFirst();
    }
}
