package clew.engine.kernel.gemm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// A kernel's result has the same bits interpreted, compiled, and at every call on the way from one to the other.
class BitsTest {
    @Test
    void interpreterAndCompilerAgree() throws IOException, InterruptedException {
        var compiled = lines("-XX:+TieredCompilation", 6000);
        assertFalse(compiled.isEmpty());
        assertEquals(lines("-Xint", 1), compiled);
    }

    private static List<String> lines(String flag, int rounds) throws IOException, InterruptedException {
        var classes = Stream.of("target/test-classes", "target/classes").map(Path::of).map(Path::toString).toList();
        var process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m",
            flag, "--add-modules", "jdk.incubator.vector", "-cp", String.join(File.pathSeparator, classes),
            Bits.class.getName(), Integer.toString(rounds)).redirectErrorStream(true).start();
        var lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines()
            .filter(line -> !line.startsWith("WARNING")).toList();
        assertEquals(0, process.waitFor(), () -> String.join("\n", lines));
        return lines;
    }
}
