package clew.app;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where results go, and how much is said beside them; behind a verb's other options in its help.
final class OutputOptions {
    @Option(order = 1, names = "--out", paramLabel = "FILE",
        description = "write to this file instead of standard output")
    @Nullable String out;

    @Option(order = 2, names = "--quiet", description = "no progress, notes or warnings on standard error")
    boolean quiet;

    @Option(order = 3, names = "--debug", description = "show where an error comes from")
    boolean debug;

    @Option(order = 4, names = {"-h", "--help"}, usageHelp = true, description = "show this help")
    boolean help;

    Output output(Io io) {
        return Output.of(io, Optional.ofNullable(out));
    }

    Progress progress(Io io) {
        return quiet ? Progress.silent(io) : Progress.to(io);
    }

    /// A sentence for the person, unless they asked for none.
    void note(Io io, String sentence) {
        if (!quiet) io.err().println("clew: " + sentence);
    }

    /// Where an error comes from, if that was asked for.
    void trace(Io io, Throwable e) {
        if (debug) e.printStackTrace(io.err());
    }
}
