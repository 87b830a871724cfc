package clew.app;

import clew.training.demo.Recipe;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `clew evaluate-demo`: held-out accuracy of a demo model, and which methods find what it retrieves.
@Command(name = "evaluate-demo",
    description = "Examine a model of train-demo on held-out examples of every skill, and the methods on retrieval.")
final class EvaluateDemoVerb implements Callable<Integer> {
    private final Io io;

    @Mixin ModelOptions model = new ModelOptions();

    @Option(names = "--examples", paramLabel = "N",
        description = "examples of each skill; " + DemoReport.EXAMPLES + " by default")
    @Nullable String examples;

    @Option(names = "--prompts", paramLabel = "N",
        description = "retrieval prompts for the methods; " + DemoReport.PROMPTS + " by default")
    @Nullable String prompts;

    @Mixin OutputOptions output = new OutputOptions();

    EvaluateDemoVerb(Io io) {
        this.io = io;
    }

    @Override
    public Integer call() {
        var to = output.output(io);
        int each = whole("--examples", examples, DemoReport.EXAMPLES);
        int asked = whole("--prompts", prompts, DemoReport.PROMPTS);
        try (var device = model.device(io, output); var opened = model.open(io, device, output)) {
            var report = DemoReport.of(opened, Recipe.DEMO.seed(), each, asked);
            to.write(report.markdown().getBytes(StandardCharsets.UTF_8));
        }
        return Failure.SUCCESS;
    }

    private static int whole(String option, @Nullable String text, int usual) {
        return text == null ? usual : Given.whole(option, text, 1, 100_000);
    }
}
