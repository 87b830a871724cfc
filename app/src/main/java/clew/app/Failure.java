package clew.app;

import clew.attribution.Attribution;
import clew.engine.kernel.DeviceException;
import clew.model.ModelException;
import clew.model.template.TemplateException;
import clew.weights.WeightsException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// How a command ends that could not do its work: an exit code and one sentence.
record Failure(int exit, String sentence) {
    static final int SUCCESS = 0, FAILED = 1, USAGE = 2;
    /// The result is there, and is not as good as `--tolerance` asked for.
    static final int UNMET = 3;

    /// The exit code of results that are printed. Whoever asked for a tolerance hears of those that do not meet it,
    /// with `--quiet` too.
    static int of(Collection<Attribution> results, Io io) {
        var unmet = results.stream().filter(a -> !a.meetsTolerance()).map(a -> a.method().name()).distinct().toList();
        if (unmet.isEmpty()) return SUCCESS;
        io.err().println("clew: " + String.join(", ", unmet) + " did not meet " + Key.TOLERANCE.option()
            + "; the result is printed as it is, and the exit code is " + UNMET);
        return UNMET;
    }

    static Failure of(Throwable e) {
        return switch (e) {
            case ParameterException p       -> new Failure(USAGE, parameter(p));
            case UsageException _           -> new Failure(USAGE, message(e));
            case ModelException _, TemplateException _, WeightsException _, OutputException _, UncheckedIOException _,
                DeviceException _, IllegalArgumentException _
                                            -> new Failure(FAILED, message(e));
            case OutOfMemoryError _         -> new Failure(FAILED, outOfMemory());
            default                         -> new Failure(FAILED, "something went wrong that should not have;"
                + " please report what the same command prints with --debug");
        };
    }

    private static String outOfMemory() {
        return "the " + (Runtime.getRuntime().maxMemory() >> 20) + " MB that Java may use are not enough; shorten the"
            + " prompt, ask for fewer targets, or give it more with CLEW_JAVA_OPTS=-Xmx8g";
    }

    private static String message(Throwable e) {
        return String.valueOf(e.getMessage()).replaceAll("\\R", " ");
    }

    private static String parameter(ParameterException e) {
        var command = e.getCommandLine();
        return switch (e) {
            case UnmatchedArgumentException u -> unmatched(command, u.getUnmatched());
            case MissingParameterException m  -> missing(m);
            case OverwrittenOptionException o -> o.getOverwritten() instanceof OptionSpec option
                ? option.longestName() + " is given twice; give it once" : "the prompt is given twice; give it once";
            case ParameterException p when message(p).endsWith("is not a boolean") ->
                message(p).replaceFirst(".*option '(--[a-z-]+)'.*", "$1 takes no value; leave what follows it out");
            default -> message(e) + "; " + command.getCommandSpec().qualifiedName() + " --help says what is known";
        };
    }

    private static String unmatched(CommandLine command, List<String> arguments) {
        var first = arguments.getFirst();
        var isRoot = command.getParent() == null;
        if (first.startsWith("-") && first.length() > 1)
            return "unknown option '" + first.replaceFirst("=.*", "") + "'"
                + (isRoot ? " before the verb" : " of " + command.getCommandName()) + "; known are " + options(command)
                + (isRoot ? "" : " (a prompt that begins with a dash stands behind --)");
        if (isRoot) return "unknown verb '" + first + "'; known are " + verbs(command);
        return "'" + first + "' stands behind the prompt; put the whole prompt in quotes";
    }

    private static String missing(MissingParameterException e) {
        var option = e.getMissing().stream().filter(OptionSpec.class::isInstance)
            .map(OptionSpec.class::cast).findFirst();
        return option.map(o -> o.longestName() + " " + o.paramLabel() + ": its value is missing; give one")
            .orElseGet(() -> message(e));
    }

    static String verbs(CommandLine command) {
        return String.join(", ", command.getSubcommands().keySet());
    }

    private static String options(CommandLine command) {
        return command.getCommandSpec().options().stream().filter(o -> !o.hidden()).map(OptionSpec::longestName)
            .collect(Collectors.joining(", "));
    }
}
