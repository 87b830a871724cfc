package clew.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// The committed PTX is what nvcc makes of the sources, and ptxas takes it for every generation of cards.
///
/// With `-Dclew.ptx=write` it is made again first.
class PtxTest {
    private static final Path COMMITTED = Path.of("src/main/resources/clew/cuda");
    private static final Pattern RELEASE = Pattern.compile("V(\\d+\\.\\d+\\.\\d+)");

    @TempDir Path folder;

    @BeforeAll
    static void write() throws IOException {
        if (!"write".equals(System.getProperty("clew.ptx"))) return;
        for (var code : Code.values()) {
            var made = Files.createTempFile("kernels", ".ptx");
            Files.writeString(COMMITTED.resolve(code.file()), made(code, release().orElseThrow(), made));
            Files.delete(made);
        }
    }

    /// As it lies in the folder, which may be newer than what was copied beside the classes.
    private static String committed(Code code) throws IOException {
        return Files.readString(COMMITTED.resolve(code.file()));
    }

    private static Optional<String> release() {
        return Tools.run(List.of("nvcc", "--version")).map(r -> RELEASE.matcher(r.output())).filter(m -> m.find())
            .map(m -> m.group(1));
    }

    /// Header of ours, then what nvcc writes without its own comments, the version lowered to what the code needs.
    private static String made(Code code, String release, Path file) throws IOException {
        var command = new ArrayList<>(List.of("nvcc", "-ptx", "-std=c++17", "-arch=" + code.architecture(), "-o",
            file.toString(), HostLibrary.SOURCES.resolve("clew.cu").toString()));
        if (code == Code.TENSOR) command.add("-DCLEW_TENSOR_CORES");
        var result = Tools.run(command).orElseThrow();
        assertEquals(0, result.code(), result.output());
        return header(release) + Files.readString(file).lines().dropWhile(l -> l.startsWith("//") || l.isEmpty())
            .map(l -> l.startsWith(".version") ? ".version " + code.version() : l).map(String::stripTrailing)
            .collect(Collectors.joining("\n", "", "\n"));
    }

    private static String header(String release) throws IOException {
        return "// Made of cuda/src/main/cuda (" + digest() + ") by nvcc " + release + "; see docs/cuda.md.\n";
    }

    private static String digest() throws IOException {
        try (Stream<Path> sources = Files.list(HostLibrary.SOURCES)) {
            var sha = MessageDigest.getInstance("SHA-256");
            for (var source : sources.sorted().toList()) {
                sha.update(source.getFileName().toString().getBytes(StandardCharsets.UTF_8));
                sha.update(Files.readString(source).replace("\r\n", "\n").getBytes(StandardCharsets.UTF_8));
            }
            return HexFormat.of().formatHex(sha.digest(), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @EnumSource
    void itWasMadeOfTheseSources(Code code) throws IOException {
        var first = committed(code).lines().findFirst().orElseThrow();
        assertTrue(first.startsWith("// Made of cuda/src/main/cuda (" + digest() + ")"), () -> code.file()
            + " is of other sources; make it again with ./build test -pl cuda -am -Dtest=PtxTest -Dclew.ptx=write");
        assertTrue(committed(code).contains("\n.version " + code.version() + "\n.target "
            + code.architecture().replace("compute", "sm") + "\n"));
    }

    @ParameterizedTest
    @EnumSource
    void nvccMakesTheSameOfThem(Code code) throws IOException {
        var release = release();
        assumeTrue(release.isPresent(), "skipped: nvcc is not here");
        assumeTrue(committed(code).lines().findFirst().orElseThrow().contains("nvcc " + release.get() + ";"),
            () -> "skipped: nvcc " + release.get() + " is here, and the committed PTX is of another release");
        var made = made(code, release.get(), folder.resolve("made.ptx")).lines().toList();
        var committed = committed(code).lines().toList();
        assertEquals(committed.size(), made.size(), "lines");
        for (int i = 0; i < made.size(); i++) assertEquals(made.get(i), committed.get(i), "line " + (i + 1));
    }

    @ParameterizedTest
    @CsvSource({"PLAIN, 75", "PLAIN, 80", "PLAIN, 90", "PLAIN, 100", "TENSOR, 80", "TENSOR, 90", "TENSOR, 100"})
    void ptxasTakesIt(Code code, int architecture) throws IOException {
        var file = Files.writeString(folder.resolve("code.ptx"), committed(code));
        var result = Tools.run(List.of("ptxas", "-O0", "-arch=sm_" + architecture, "-o",
            folder.resolve("code.cubin").toString(), file.toString()));
        assumeTrue(result.isPresent(), "skipped: ptxas is not here");
        assumeTrue(!result.get().output().contains("is not defined for option 'gpu-name'"),
            () -> "skipped: this ptxas does not know sm_" + architecture);
        assertEquals(0, result.get().code(), result.get().output());
    }

    /// The check of versions means something: ptxas refuses tensor cores under the lower version.
    @Test
    void ptxasChecksTheVersion() throws IOException {
        var file = Files.writeString(folder.resolve("low.ptx"),
            committed(Code.TENSOR).replace(".version " + Code.TENSOR.version(), ".version " + Code.PLAIN.version()));
        var result = Tools.run(List.of("ptxas", "-arch=sm_80", "-o", folder.resolve("low.cubin").toString(),
            file.toString()));
        assumeTrue(result.isPresent(), "skipped: ptxas is not here");
        assertTrue(result.get().code() != 0 && result.get().output().contains("version"), result.get().output());
    }
}
