package clew.app;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `clew methods`: how prompts can be explained.
@Command(name = "methods", description = "List the methods that explain.")
final class MethodsVerb implements Callable<Integer> {
    private final Io io;

    @Mixin OutputOptions output = new OutputOptions();

    MethodsVerb(Io io) {
        this.io = io;
    }

    @Override
    public Integer call() {
        var out = new StringBuilder();
        for (var method : MethodName.values()) out.append("%-33s%s\n".formatted(method.label(), method.definition()));
        output.output(io).write(out.toString().getBytes(StandardCharsets.UTF_8));
        return Failure.SUCCESS;
    }
}
