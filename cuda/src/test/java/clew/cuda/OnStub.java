package clew.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Processes that find a driver's library compiled for the processor, and no other.
final class OnStub {
    private static final Path FOLDER = Path.of("target/host").toAbsolutePath();

    private final Path library;
    private final Map<String, String> environment = new HashMap<>();

    /// @param name    of its folder
    /// @param options of the compiler
    OnStub(String name, String... options) {
        assumeTrue(System.getProperty("os.name").equals("Linux") && System.getProperty("os.arch").equals("amd64"),
            "skipped: the library is made for Linux on x86-64 only");
        library = FOLDER.resolve(name);
        try {
            HostLibrary.build("driver.cpp", library.resolve("libcuda.so.1"), options);
        } catch (IOException e) {
            assumeTrue(false, "skipped: " + e.getMessage());
        }
    }

    /// A number that the library asks for.
    OnStub with(String name, int value) {
        environment.put(name, Integer.toString(value));
        return this;
    }

    /// What a program prints that goes well.
    List<String> lines(String main, String... args) throws Exception {
        return lines(0, main, args);
    }

    /// What a program prints, line by line, without the JVM's warnings.
    ///
    /// @param exit what it ends with
    List<String> lines(int exit, String main, String... args) throws Exception {
        var command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx1g", "-ea", "--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED", "-cp",
            System.getProperty("java.class.path"), main));
        command.addAll(List.of(args));
        var java = new ProcessBuilder(command).redirectErrorStream(true);
        java.environment().putAll(environment);
        java.environment().put("LD_LIBRARY_PATH", library.toString());
        java.environment().put("XDG_CACHE_HOME", FOLDER.resolve("cache").toString());
        var process = java.start();
        process.getOutputStream().close();
        var lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines()
            .filter(line -> !line.startsWith("WARNING:")).toList();
        assertEquals(exit, process.waitFor(), () -> String.join("\n", lines));
        return lines;
    }
}
