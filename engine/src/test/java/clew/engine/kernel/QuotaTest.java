package clew.engine.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A team is as large as the processors that a container leaves to it, however many the machine has.
final class QuotaTest {
    private static final int PERIOD = 100_000;

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void aTeamIsAsLargeAsTheMachineIsSaidToBe(int processors) throws IOException, InterruptedException {
        assertEquals(processors, threads(List.of(), "-XX:ActiveProcessorCount=" + processors));
    }

    /// Microseconds of processor time in every tenth of a second: half a processor, one, and one and a half.
    @ParameterizedTest
    @ValueSource(ints = {PERIOD / 2, PERIOD, PERIOD * 3 / 2})
    void aTeamIsAsLargeAsTheQuota(int quota) throws IOException, InterruptedException {
        var whole = Runtime.getRuntime().availableProcessors();
        try (var group = Group.with(quota)) {
            var enter = List.of("sh", "-c", "echo $$ > " + group.folder.resolve("cgroup.procs") + " && exec \"$@\"",
                "sh");
            assertEquals(Math.min(whole, Math.ceilDiv(quota, PERIOD)), threads(enter));
        }
    }

    @Test
    void withoutAQuotaItIsTheMachine() throws IOException, InterruptedException {
        assertEquals(Runtime.getRuntime().availableProcessors(), threads(List.of()));
    }

    /// What a process of its own says of its team.
    private static int threads(List<String> enter, String... flags) throws IOException, InterruptedException {
        var command = new ArrayList<>(enter);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx64m", "-Xshare:auto", "-XX:TieredStopAtLevel=1"));
        command.addAll(List.of(flags));
        command.addAll(List.of("-cp", "target/test-classes" + File.pathSeparator + "target/classes",
            Team.class.getName()));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertEquals(0, process.waitFor(), said);
        return Integer.parseInt(said);
    }

    /// A control group of Linux with a quota of processor time, of either version.
    private record Group(Path folder) implements AutoCloseable {
        private static final Path ROOT = Path.of("/sys/fs/cgroup");

        static Group with(int quota) {
            var first = Files.isDirectory(ROOT.resolve("cpu"));
            var folder = ROOT.resolve(first ? "cpu" : "").resolve("clew-quota-" + ProcessHandle.current().pid());
            try {
                Files.createDirectory(folder);
                if (first) {
                    Files.writeString(folder.resolve("cpu.cfs_period_us"), Integer.toString(PERIOD));
                    Files.writeString(folder.resolve("cpu.cfs_quota_us"), Integer.toString(quota));
                } else Files.writeString(folder.resolve("cpu.max"), quota + " " + PERIOD);
                return new Group(folder);
            } catch (IOException e) {
                folder.toFile().delete();
                assumeTrue(false, "no control group can be made (" + e + "); run as root on Linux with "
                    + ROOT + " writable");
                throw new AssertionError(e);
            }
        }

        /// The kernel lets go of an ended process a moment after it has ended.
        @Override
        public void close() throws IOException {
            for (int i = 0; i < 100 && !folder.toFile().delete(); i++) LockSupport.parkNanos(20_000_000);
            if (Files.exists(folder)) throw new IOException(folder + " is still in use");
        }
    }
}
