import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// `java Build.java ROOT VERB [MAVEN OPTION]…`: what `./build` and the first `./clew` do, one source for every system.
///
/// One build at a time: whoever holds the lock on `.build/lock` builds. The system frees it even if a build is killed.
record Build(Path root, Maven maven) {
    private static final String USAGE = """
            Usage: ./build VERB [MAVEN OPTION]…
              test      every test, then the style check     ./build test -pl engine -am -Dtest=ShapeTest
              verify    the same, and the jars
              package   the jars, without the tests
              bench     the benchmarks, some minutes         ./build bench [--full] [REGEX]; bench/README.md
              cuda      the optional cuda device, which ./clew then offers; docs/cuda.md
              docs      the API documentation, into target/reports/apidocs
              style     the style check alone
              clean     removes what was built
            """;

    private static final String LOCKED = "CLEW_BUILD_LOCKED";
    /// There once the cuda device has been built.
    private static final String CUDA = "cuda/target/modules/.built";
    private static final String WITHOUT_TESTS = "-Dmaven.test.skip=true";

    /// Not -q, which would hide the warning that -Werror made an error of.
    private static final String WARNINGS_ONLY = "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn";

    public static void main(String[] args) throws Exception {
        var root = Path.of(args[0]);
        var verb = args.length > 1 ? args[1] : "none";
        var more = List.of(args).subList(Math.min(2, args.length), args.length);
        try {
            System.exit(new Build(root, new Maven(root)).run(verb, more));
        } catch (IOException e) {
            System.err.println("clew: " + e.getMessage());
            System.exit(1);
        }
    }

    /// What Maven does to the folder, one process at a time.
    private interface Chore {
        int run() throws Exception;
    }

    private int locked(Chore chore) throws Exception {
        if (System.getenv(LOCKED) != null) return chore.run();              // a test started clew: its build holds it
        var file = Files.createDirectories(root.resolve(".build")).resolve("lock");
        try (var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
             var _ = lock(channel)) {
            return chore.run();
        }
    }

    private static FileLock lock(FileChannel channel) throws IOException {
        var lock = channel.tryLock();
        if (lock != null) return lock;
        System.err.println("clew: waiting for another build of this folder to end");
        return channel.lock();
    }

    private int run(String verb, List<String> more) throws Exception {
        return switch (verb) {
            case "app"            -> locked(this::app);
            case "test", "verify" -> Math.max(locked(() -> maven(more, verb)), style());
            case "package"        -> locked(() -> maven(more, WITHOUT_TESTS, "package"));
            case "bench"          -> bench(more);
            case "cuda"           -> locked(this::cuda);
            case "docs"           -> locked(() -> maven(more, "javadoc:aggregate"));
            case "style"          -> style();
            case "clean"          -> locked(() -> maven(more, "clean"));
            case "help"           -> { System.out.print(USAGE); yield 0; }
            default               -> { System.err.print(USAGE); yield 2; }
        };
    }

    /// Builds what `./clew` runs, unless that is newer than every source and was built in this folder: an archive of
    /// classes from another place breaks the JVM that reads it.
    private int app() throws Exception {
        var built = root.resolve("app/target/modules/.built");
        if (Files.exists(built) && Files.readString(built).equals(root + "\n")
            && !anySourceNewerThan(Files.getLastModifiedTime(built))) return 0;
        System.err.println("clew: building; the first time this fetches libraries and may take some minutes");
        var start = FileTime.from(Instant.now());       // a source saved while Maven runs is newer than this
        var cuda = Files.exists(root.resolve(CUDA));
        int code = maven(List.of(), WARNINGS_ONLY, WITHOUT_TESTS, "-pl", cuda ? "app,cuda" : "app", "-am", "package");
        if (code == 0) {
            if (cuda) Files.writeString(root.resolve(CUDA), "");
            Files.setLastModifiedTime(Files.writeString(built, root + "\n"), start);
            rehearse(built.resolveSibling(".classes"));
        } else System.err.println("clew: the build failed, its errors are above");
        return code;
    }

    /// Builds the optional device; from then on the app is built with it.
    private int cuda() throws Exception {
        System.err.println("clew: building the cuda device; the first time this fetches JCuda, 10 MB");
        int code = maven(List.of(), WARNINGS_ONLY, WITHOUT_TESTS, "-pl", "cuda", "-am", "package");
        if (code == 0) {
            Files.writeString(root.resolve(CUDA), "");
            Files.deleteIfExists(root.resolve("app/target/modules/.built"));
        }
        return code;
    }

    /// Has the launcher run clew once and keep the classes it loaded: later starts read them from that archive.
    ///
    /// Without the archive clew starts later and is otherwise the same, so a failure here is none of the build.
    private void rehearse(Path archive) throws Exception {
        var models = Files.createTempDirectory("clew-rehearsal");
        try {
            var windows = System.getProperty("os.name").startsWith("Windows");
            var builder = windows ? new ProcessBuilder("cmd", "/c", root.resolve("clew.cmd").toString())
                                  : new ProcessBuilder(root.resolve("clew").toString());
            builder.command().add(models.toString());
            builder.environment().putAll(Map.of(LOCKED, "1", "CLEW_MAIN", "clew.app.Rehearsal",
                "JAVA_HOME", System.getProperty("java.home"),
                "CLEW_JAVA_OPTS", "-XX:ArchiveClassesAtExit=" + archive));
            builder.redirectOutput(Redirect.DISCARD).redirectError(Redirect.DISCARD);
            if (Maven.execute(builder) != 0) Files.deleteIfExists(archive);
        } finally {
            try (Stream<Path> left = Files.walk(models)) {
                for (var file : left.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
            }
        }
    }

    /// Folders count as well: they are newer when a file in them was deleted or renamed.
    private boolean anySourceNewerThan(FileTime time) throws IOException {
        var places = new ArrayList<Path>();
        for (var shared : List.of("pom.xml", ".mvn", "build-tools")) places.add(root.resolve(shared));
        try (var modules = Files.newDirectoryStream(root, child -> Files.exists(child.resolve("pom.xml")))) {
            for (var module : modules) {
                places.add(module.resolve("pom.xml"));
                places.add(module.resolve("src/main"));
            }
        }
        for (var place : places) {
            if (!Files.exists(place)) continue;
            try (Stream<Path> files = Files.walk(place)) {
                for (var file : (Iterable<Path>) files::iterator) {
                    if (Files.getLastModifiedTime(file, NOFOLLOW_LINKS).compareTo(time) > 0) return true;
                }
            }
        }
        return false;
    }

    private int style() throws IOException {
        return Style.check(root) ? 0 : 1;
    }

    private int bench(List<String> more) throws Exception {
        int code = locked(() -> maven(List.of(), WARNINGS_ONLY, WITHOUT_TESTS, "-pl", "bench", "-am", "package"));
        if (code != 0) return code;
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var jars = root.resolve("bench/target/modules/*").toString();
        var command = new ArrayList<>(List.of(java, "@" + root.resolve("build-tools/java.options"),
                "--add-modules", "jdk.incubator.vector", "--sun-misc-unsafe-memory-access=allow",
                "-cp", jars, "clew.bench.suite.Suite"));
        command.addAll(more);
        return Maven.execute(new ProcessBuilder(command).directory(root.toFile()).inheritIO());
    }

    private int maven(List<String> more, String... arguments) throws Exception {
        var process = maven.command(Stream.concat(Stream.of(arguments), more.stream()).toList());
        process.environment().put(LOCKED, "1");
        return Maven.execute(process.directory(root.toFile()).inheritIO());
    }
}
