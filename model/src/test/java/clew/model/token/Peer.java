package clew.model.token;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A Python script beside the tests that answers with what another library makes of the same input.
final class Peer implements AutoCloseable {
    static final JsonMapper MAPPER = new JsonMapper();

    private final Process process;
    private final BufferedWriter to;
    private final BufferedReader from;
    private final JsonNode greeting;

    private Peer(Process process) throws IOException {
        this.process = process;
        to = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
        from = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        var line = from.readLine();
        if (line == null) throw new IOException("it said nothing");
        greeting = MAPPER.readTree(line);
    }

    /// Starts a script; the test is skipped, saying why, where Python or one of the packages is missing.
    static Peer start(String script, String packages) {
        var file = Path.of(Files.isDirectory(Path.of("src/test/python")) ? "src" : "model/src", "test/python", script);
        var why = "no answer from " + file + ": pip install " + packages + " to run this test";
        try {
            return new Peer(new ProcessBuilder("python3", file.toString())
                .redirectError(Optional.ofNullable(System.getenv("CLEW_PEER_LOG"))
                    .map(log -> ProcessBuilder.Redirect.to(Path.of(log).toFile()))
                    .orElse(ProcessBuilder.Redirect.DISCARD)).start());
        } catch (IOException _) {
            System.err.println("skipped: " + why);
            return Assumptions.abort(why);
        }
    }

    /// What the script said when it was ready.
    JsonNode greeting() {
        return greeting;
    }

    JsonNode ask(Map<String, ?> request) {
        try {
            to.write(MAPPER.writeValueAsString(request));
            to.newLine();
            to.flush();
            var line = from.readLine();
            if (line == null) throw new IOException("the other library ended its process");
            return MAPPER.readTree(line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
    }
}
