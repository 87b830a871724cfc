package clew.bench.suite;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/// What an entry of `RESULTS.md` must say beside its figures.
///
/// @param hardware processor, how many, memory, system
/// @param jdk      its maker and version
/// @param commit   of the sources, `-dirty` behind it where files were changed since
record Machine(String hardware, String jdk, String commit) {
    private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

    /// This one, and the sources in a folder.
    static Machine here(Path sources) throws IOException, InterruptedException {
        var gigabytes = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize() / 1e9;
        var hardware = "%s, %d processors, %.0f GB, %s".formatted(processor(),
            Runtime.getRuntime().availableProcessors(), gigabytes, System.getProperty("os.name"));
        return new Machine(hardware, System.getProperty("java.vendor.version", "Java") + ", "
            + System.getProperty("java.vm.version"), commit(sources));
    }

    private static String processor() throws IOException {
        if (!Files.exists(PROCESSORS)) return System.getProperty("os.arch");
        try (var lines = Files.lines(PROCESSORS)) {
            return lines.filter(line -> line.startsWith("model name")).map(line -> line.replaceFirst(".*: *", ""))
                .findFirst().orElse(System.getProperty("os.arch"));
        }
    }

    private static String commit(Path sources) throws IOException, InterruptedException {
        try {
            var git = new ProcessBuilder("git", "describe", "--always", "--dirty", "--exclude=*")
                .directory(sources.toFile()).redirectError(ProcessBuilder.Redirect.DISCARD).start();
            var said = new String(git.getInputStream().readAllBytes()).strip();
            return git.waitFor() == 0 ? said : "unknown";
        } catch (IOException noGit) {
            return "unknown";
        }
    }
}
