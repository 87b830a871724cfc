import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import java.util.zip.ZipInputStream;

/// Maven under the JDK that runs this: the system's if it is 3.8 or newer, else one fetched once into `.build`.
record Maven(Path root) {
    private static final boolean WINDOWS = System.getProperty("os.name").startsWith("Windows");
    private static final Pattern VERSION = Pattern.compile("Apache Maven (\\d+)\\.(\\d+)");
    private static final String NAME = "apache-maven-3.9.16";
    private static final String CENTRAL = "https://repo.maven.apache.org/maven2";
    private static final String SHA512 = "ed41650d42485cfc243fad22158caf9cbb5dc408ce7a09ddb94dd42a019de929"
            + "ca43065bfa450612cf12bf78b5cafa3884b96c090de326ff590448c933454af3";

    /// What Maven's own libraries would otherwise print a page of warnings about.
    private static final String QUIET = "--sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED";

    ProcessBuilder command(List<String> arguments) throws Exception {
        var console = System.console();
        var colour = console != null && console.isTerminal() ? "always" : "never";
        var command = new ArrayList<>(isRecent(launcher("mvn")) ? launcher("mvn") : launcher(own().toString()));
        command.addAll(List.of("-B", "-Dstyle.color=" + colour));
        command.addAll(arguments);
        return prepared(command);
    }

    /// Runs to the end; a build that is told to stop takes Maven with it, for the lock must outlive Maven.
    static int execute(ProcessBuilder builder) throws IOException, InterruptedException {
        var process = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            process.destroy();
            process.onExit().join();
        }));
        return process.waitFor();
    }

    private static List<String> launcher(String mvn) {
        return WINDOWS ? List.of("cmd", "/c", mvn) : List.of(mvn);
    }

    private static ProcessBuilder prepared(List<String> command) {
        var builder = new ProcessBuilder(command);
        var environment = builder.environment();
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.merge("MAVEN_OPTS", QUIET, (theirs, ours) -> ours + " " + theirs);
        return builder;
    }

    private static boolean isRecent(List<String> launcher) throws InterruptedException {
        var command = new ArrayList<>(launcher);
        command.add("--version");
        try {
            var process = prepared(command).redirectErrorStream(true).start();
            var version = VERSION.matcher(new String(process.getInputStream().readAllBytes()));
            if (process.waitFor() != 0 || !version.find()) return false;
            int major = Integer.parseInt(version.group(1)), minor = Integer.parseInt(version.group(2));
            return major > 3 || major == 3 && minor >= 8;
        } catch (IOException absent) {
            return false;
        }
    }

    private Path own() throws Exception {
        var home = root.resolve(".build").resolve(NAME);
        var mvn = home.resolve(WINDOWS ? "bin/mvn.cmd" : "bin/mvn");
        if (Files.exists(mvn)) return mvn;
        var address = URI.create("%s/org/apache/maven/apache-maven/3.9.16/%s-bin.zip".formatted(CENTRAL, NAME));
        System.err.println("clew: no Maven 3.8 or newer on PATH, fetching " + address);
        var zip = Files.createTempFile(home.getParent(), "maven", ".zip");
        try {
            fetch(address, zip);
            var part = Files.createTempDirectory(home.getParent(), "maven");
            unzip(zip, part);
            part.resolve(NAME).resolve(home.relativize(mvn)).toFile().setExecutable(true);
            Files.move(part.resolve(NAME), home, StandardCopyOption.ATOMIC_MOVE);
            Files.delete(part);
        } finally {
            Files.delete(zip);
        }
        return mvn;
    }

    private static void fetch(URI address, Path zip) throws Exception {
        try (var client = HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build()) {
            client.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofFile(zip));
        } catch (IOException e) {
            throw new IOException(address + " cannot be fetched (" + e + "): install Maven 3.8 or newer.", e);
        }
        var digest = MessageDigest.getInstance("SHA-512").digest(Files.readAllBytes(zip));
        if (!HexFormat.of().formatHex(digest).equals(SHA512))
            throw new IOException(address + " is not the file it should be: install Maven 3.8 or newer.");
    }

    private static void unzip(Path zip, Path folder) throws IOException {
        try (var entries = new ZipInputStream(Files.newInputStream(zip))) {
            for (var entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
                var target = folder.resolve(entry.getName());
                if (entry.isDirectory()) Files.createDirectories(target);
                else Files.copy(entries, target);
            }
        }
    }
}
