package clew.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// No pass of fused attention keeps its vectors in boxes, on one thread or two, in a process that runs nothing else.
class AttentionBoxingTest {
    @ParameterizedTest
    @CsvSource({"forward, 1", "forward, 2", "attnLrp, 1", "attnLrp, 2"})
    void vectorsStayInRegisters(String pass, String threads) throws IOException, InterruptedException {
        var process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx512m",
            "--add-modules", "jdk.incubator.vector", "-cp", System.getProperty("java.class.path"),
            AttentionGate.class.getName(), pass, threads).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        var line = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertEquals(0, process.waitFor(), line);
        var arrays = Double.parseDouble(line);
        assertTrue(arrays <= AttentionGate.LIMIT, () -> pass + " on " + threads + " threads allocates " + arrays
            + " arrays of the queries' size, at most " + AttentionGate.LIMIT + " belong to it: vectors are in boxes");
    }
}
