package clew.engine.kernel.gemm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// No kernel takes more than [InliningGate#LIMIT] times as long beside its sibling as it usually does, or makes objects
/// of its vectors.
class InliningTest {
    /// On the vectors that the machine has, and on half as wide ones.
    @ParameterizedTest
    @ValueSource(strings = {"", "-XX:MaxVectorSize=32"})
    void everyKernelKeepsUpWithItsSibling(String flag) throws IOException, InterruptedException {
        var classes = Stream.of("target/test-classes", "target/classes").map(Path::of).map(Path::toString).toList();
        var command = Stream.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m",
            "--add-modules", "jdk.incubator.vector", flag, "-cp", String.join(File.pathSeparator, classes),
            InliningGate.class.getName()).filter(word -> !word.isEmpty()).toList();
        var process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        var lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        assertEquals(0, process.waitFor(), () -> String.join("\n", lines));
        assertFalse(lines.isEmpty());
        for (var line : lines) {
            var part = line.split("\t");
            double ratio = Double.parseDouble(part[1]), usual = Double.parseDouble(part[2]);
            assertTrue(ratio <= InliningGate.LIMIT * usual, () -> part[0] + flag + " takes " + ratio
                + " times as long as its sibling, " + usual + " is usual: see what -XX:+PrintInlining says of it");
            long bytes = Long.parseLong(part[3]), room = Long.parseLong(part[4]);
            assertTrue(bytes <= room, () -> part[0] + flag + " or its sibling allocates " + bytes + " bytes a run, "
                + room + " at most are results: see what -XX:+PrintInlining says of them");
        }
    }
}
