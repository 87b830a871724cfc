package clew.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// JCuda's calls and ours, against a driver's library compiled for the processor, in a process that finds no other.
class JCudaDriverTest {
    private static final Path FOLDER = Path.of("target/host").toAbsolutePath();

    /// What [OnDriver] says with the library in that folder.
    private static List<String> said(String folder, String... options) throws Exception {
        assumeTrue(System.getProperty("os.name").equals("Linux") && System.getProperty("os.arch").equals("amd64"),
            "skipped: the library is made for Linux on x86-64 only");
        var place = FOLDER.resolve(folder);
        try {
            HostLibrary.build("driver.cpp", place.resolve("libcuda.so.1"), options);
        } catch (IOException e) {
            assumeTrue(false, "skipped: " + e.getMessage());
        }
        var java = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx1g",
            "--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED", "-cp",
            System.getProperty("java.class.path"), OnDriver.class.getName());
        java.environment().put("LD_LIBRARY_PATH", place.toString());
        var process = java.redirectErrorStream(true).start();
        var lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines()
            .filter(line -> !line.startsWith("WARNING:")).toList();
        assertTrue(process.waitFor(1, TimeUnit.MINUTES));
        assertEquals(0, process.exitValue(), () -> String.join("\n", lines));
        return lines;
    }

    @Test
    void theTrialPassesAndEverythingIsGivenBack() throws Exception {
        var lines = said("driver");
        assertTrue(lines.get(2).matches("the cuda device is out of memory: 1.21 GB are needed, 1.06 GB of 1.07 GB are"
            + " free, and this program holds 10\\.\\d\\d MB; .*"), lines.get(2));
        assertEquals(List.of("Stub, 1.1 GB, compute capability 9.0", "copies true", lines.get(2),
            "auto 100 MB simd", "auto 300 MB cuda", "auto 600 MB simd", "left 0"), lines);
    }

    @Test
    void anOlderDriverHasNoGraphs() throws Exception {
        var lines = said("older", "-DWITHOUT_GRAPHS");
        assertEquals("Stub, 1.1 GB, compute capability 9.0, kernels launched one by one (graphs need a driver of CUDA"
            + " 12 or newer)", lines.getFirst());
        assertEquals("left 0", lines.getLast());
    }
}
