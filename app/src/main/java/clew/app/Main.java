package clew.app;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;

/// `clew VERB …`: exit 0 success, 1 failure, 2 wrong usage, 3 a result that misses the tolerance asked for.
@Command(
        name = "clew",
        versionProvider = Main.Version.class,
        addMethodSubcommands = false,               // looking for them takes some hundredths of a second
        description = "Shows which prompt tokens made a language model say what it said.",
        synopsisSubcommandLabel = "VERB",
        commandListHeading = "%nVerbs (clew VERB --help says more):%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:success", "1:failure", "2:wrong usage", "3:printed, but short of the --tolerance asked for"},
        optionListHeading = "%n")
public final class Main implements Runnable {
    @Option(names = {"-h", "--help"}, usageHelp = true, description = "show this help")
    boolean help;

    @Option(names = "--version", versionHelp = true, description = "print the version")
    boolean version;

    private Main() {}

    public static void main(String[] args) {
        System.exit(run(Io.system(), args));
    }

    /// One command, from its arguments to its exit code.
    static int run(Io io, String... args) {
        var said = new StringWriter();                                      // help and version are results too
        try {
            var exit = commandLine(io, args.length == 0 ? "" : args[0]).setOut(new PrintWriter(said)).execute(args);
            if (!said.toString().isEmpty())
                new Output(io, Optional.empty()).print(said.toString().getBytes(StandardCharsets.UTF_8));
            return exit;
        } catch (Throwable e) {
            return fail(io, e, args);
        }
    }

    @Override
    public void run() {
        throw new UsageException("no verb is given; clew --help lists them");
    }

    /// The verbs by name, in the order of the help.
    private static Map<String, Supplier<Callable<Integer>>> verbs(Io io) {
        var verbs = new LinkedHashMap<String, Supplier<Callable<Integer>>>();
        verbs.put("explain",    () -> new ExplainVerb(io));
        verbs.put("compare",    () -> new CompareVerb(io));
        verbs.put("evaluate",   () -> new EvaluateVerb(io));
        verbs.put("generate",   () -> new GenerateVerb(io));
        verbs.put("tokens",     () -> new TokensVerb(io));
        verbs.put("inspect",    () -> new InspectVerb(io));
        verbs.put("run",        () -> new RunVerb(io));
        verbs.put("methods",    () -> new MethodsVerb(io));
        verbs.put("devices",    () -> new DevicesVerb(io));
        verbs.put("train-demo", () -> new TrainDemoVerb(io));
        verbs.put("evaluate-demo", () -> new EvaluateDemoVerb(io));
        verbs.put("completion", () -> new CompletionVerb(io));
        return verbs;
    }

    /// The command with the one verb that the first argument names: to read the annotations of all takes 0.3 s.
    /// Where it names none, or completion, which is about all, they are all there.
    private static CommandLine commandLine(Io io, String first) {
        var clew = new CommandLine(new Main());
        var all = verbs(io);
        var one = all.containsKey(first) && !first.equals("completion");
        for (var name : one ? Set.of(first) : all.keySet()) clew.addSubcommand(all.get(name).get());
        for (var command : clew.getSubcommands().values())
            command.getCommandSpec().usageMessage().sortOptions(false).abbreviateSynopsis(true)
                .parameterListHeading("%n").optionListHeading("%n");
        return clew.setExpandAtFiles(false)
            .setErr(new PrintWriter(io.err(), true, StandardCharsets.UTF_8))
            .setColorScheme(Help.defaultColorScheme(Help.Ansi.OFF))
            .setUsageHelpWidth(110)
            .setParameterExceptionHandler((e, args) -> fail(io, e, args))
            .setExecutionExceptionHandler((e, command, parsed) -> fail(io, e,
                parsed.originalArgs().toArray(String[]::new)));
    }

    /// Says what went wrong; nothing at all where the reader has gone.
    private static int fail(Io io, Throwable e, String... args) {
        if (e instanceof OutputException.Closed) return Failure.SUCCESS;
        var failure = Failure.of(e);
        io.err().println("clew: " + failure.sentence());
        if (Arrays.asList(args).contains("--debug")) e.printStackTrace(io.err());
        return failure.exit();
    }

    /// The version that Maven writes into the module descriptor.
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            var module = Main.class.getModule().getDescriptor();
            return new String[] {"clew " + (module == null ? "unknown" : module.rawVersion().orElse("unknown"))};
        }
    }
}
