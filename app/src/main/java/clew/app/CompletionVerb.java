package clew.app;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `source <(clew completion)`: the Tab key completes verbs and options.
@Command(name = "completion", description = "Print a script that completes clew's verbs and options in bash and zsh:"
    + " source <(clew completion)")
final class CompletionVerb implements Callable<Integer> {
    private final Io io;

    @Spec CommandSpec spec = CommandSpec.create();
    @Mixin OutputOptions output = new OutputOptions();

    CompletionVerb(Io io) {
        this.io = io;
    }

    @Override
    public Integer call() {
        var script = AutoComplete.bash("clew", spec.root().commandLine());
        output.output(io).write(script.getBytes(StandardCharsets.UTF_8));
        return Failure.SUCCESS;
    }
}
