package clew.app;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/// `clew VERB …`: exit 0 success, 1 failure, 2 wrong usage.
@Command(
        name = "clew",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        description = "Shows which prompt tokens made a language model say what it said.")
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        System.exit(new CommandLine(new Main()).execute(args));
    }

    /// The version that Maven writes into the module descriptor.
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"clew " + Main.class.getModule().getDescriptor().rawVersion().orElse("unknown")};
        }
    }
}
