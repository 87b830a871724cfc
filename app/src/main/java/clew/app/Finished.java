package clew.app;

import clew.attribution.Attribution;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// What an earlier run already wrote to the file: by name, the parts of each line's answer.
///
/// @param bytes  length of the complete lines
/// @param parts  name → the methods answered, or [#ONLY] where a line has one answer
/// @param failed names of lines that failed
/// @param unmet  names of lines with an answer that misses its tolerance
record Finished(long bytes, Map<String, Set<String>> parts, Set<String> failed, Set<String> unmet) {
    /// The part of a verb with one answer per line.
    static final String ONLY = "";

    static Finished nothing() {
        return new Finished(0, Map.of(), Set.of(), Set.of());
    }

    /// Reads a file of results, and cuts a torn last line off.
    ///
    /// @throws UsageException if it holds anything else
    static Finished in(Path file) {
        if (!Files.isRegularFile(file)) return nothing();
        var parts = new HashMap<String, Set<String>>();
        Set<String> failed = new HashSet<>(), unmet = new HashSet<>();
        try {
            var whole = wholeLines(file);
            try (var lines = new Lines(Files.newInputStream(file))) {
                while (lines.bytes() < whole) {
                    var result = lines.next().flatMap(Finished::json).filter(Finished::isResult)
                        .orElseThrow(() -> notResults(file));
                    var name = result.get("name").stringValue();
                    if (result.has("error")) failed.add(name);
                    else parts.computeIfAbsent(name, _ -> new HashSet<>())
                        .add(result.path("method").path("name").asString(ONLY));
                    if (!result.at("/method/parameters/" + Attribution.Method.MET).asBoolean(true)) unmet.add(name);
                }
            }
            return new Finished(whole, parts, failed, unmet);
        } catch (IOException e) {
            throw Output.unwritable(file, e);
        }
    }

    /// Whether the line needs no run any more.
    boolean has(String name, Set<String> wanted) {
        return failed.contains(name) || of(name).containsAll(wanted);
    }

    Set<String> of(String name) {
        return parts.getOrDefault(name, Set.of());
    }

    private static Optional<JsonNode> json(Lines.Line line) {
        try {
            return Optional.of(JsonText.MAPPER.readTree(line.text()));
        } catch (JacksonException _) {
            return Optional.empty();
        }
    }

    private static boolean isResult(JsonNode node) {
        return node.isObject() && node.path("name").isString();
    }

    private static UsageException notResults(Path file) {
        return new UsageException("--out " + file + " exists and holds something else than the results of --jsonl;"
            + " move it away or name another file");
    }

    /// Where the last line feed ends.
    static long wholeLines(Path file) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            var byteAt = ByteBuffer.allocate(1);
            var at = channel.size();
            for (; at > 0; at--) {
                channel.read(byteAt.clear(), at - 1);
                if (byteAt.get(0) == '\n') break;
            }
            return at;
        }
    }
}
