package clew.app;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/// Where a command reads and writes, and what it knows of its surroundings.
///
/// @param out       results, unbuffered: each write is one piece
/// @param err       everything else
/// @param terminals which of the two a person looks at
record Io(InputStream in, OutputStream out, PrintStream err, Map<String, String> env, Path home,
    Set<Stream> terminals) {
    enum Stream { OUT, ERR }

    /// The process's own.
    static Io system() {
        var terminals = EnumSet.noneOf(Stream.class);
        var console = System.console();
        if (console != null && console.isTerminal() || isTerminal(1)) terminals.add(Stream.OUT);
        if (isTerminal(2)) terminals.add(Stream.ERR);
        return new Io(System.in, new FileOutputStream(FileDescriptor.out),
            new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
            System.getenv(), Path.of(System.getProperty("user.home", ".")), terminals);
    }

    /// Linux says what a descriptor leads to; the console only answers for input and output together.
    private static boolean isTerminal(int descriptor) {
        try {
            var leads = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
            return leads.startsWith("/dev/pts/") || leads.startsWith("/dev/tty");
        } catch (IOException | UnsupportedOperationException _) {
            return false;
        }
    }
}
