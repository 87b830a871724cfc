package clew.app;

import clew.engine.kernel.ScalarKernels;
import clew.model.Models;
import clew.weights.Bundled;
import clew.weights.ModelDirectory;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `clew inspect`: what a model directory holds. Nothing is run.
@Command(name = "inspect", description = "Show what a model directory holds.")
final class InspectVerb implements Callable<Integer> {
    private final Io io;

    @Option(names = "--model", paramLabel = "DIR|NAME",
            description = "a Hugging Face model directory, demo (default) or demo-gpt2,"
                + " or a name in the local Hugging Face cache")
    String model = Bundled.NAMES.getFirst();

    @Option(names = "--hooks", description = "list the hook points and their shapes")
    boolean hooks;

    @Option(names = "--hash", description = "add the SHA-256 of the weights, every byte of them read")
    boolean hash;

    @Option(names = "--format", paramLabel = "FORMAT", description = "text (default) or json")
    @Nullable String format;

    @Mixin OutputOptions output = new OutputOptions();

    InspectVerb(Io io) {
        this.io = io;
    }

    @Override
    public Integer call() {
        var to = output.output(io);
        var chosen = Format.of(format, Format.TEXT, Format.JSON);
        var extras = EnumSet.noneOf(ModelCard.Extra.class);
        if (hooks) extras.add(ModelCard.Extra.HOOKS);
        if (hash) extras.add(ModelCard.Extra.HASH);
        var dir = ModelDirectory.resolve(model, io.env(), io.home());
        try (var opened = Models.open(dir, new ScalarKernels())) {
            var card = ModelCard.of(opened, extras);
            to.write(chosen == Format.JSON ? card.json() : card.text().getBytes(StandardCharsets.UTF_8));
        }
        return Failure.SUCCESS;
    }
}
