package clew.app;

import clew.engine.kernel.Kernels;
import clew.model.Models;
import clew.training.LossCurve;
import clew.training.ProgressLine;
import clew.training.demo.Course;
import clew.training.demo.ModelFolder;
import clew.training.demo.Recipe;
import clew.weights.Bundled;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `clew train-demo`: makes the bundled models again, from nothing but their seed.
@Command(name = "train-demo", description = "Train the bundled models again, from their seed.")
final class TrainDemoVerb implements Callable<Integer> {
    /// Steps after which what is done is kept.
    private static final int KEEP = 200;

    private final Io io;

    @Option(names = "--name", paramLabel = "NAME", description = "demo or demo-gpt2; both by default")
    @Nullable String name;

    @Option(names = "--out", paramLabel = "DIR",
        description = "where the models go, and what an interrupted run needs to go on; clew-demo by default")
    String out = "clew-demo";

    @Option(names = "--steps", paramLabel = "N",
        description = "stop after so many steps: enough to see whether the losses are those of the bundled models")
    @Nullable String steps;

    @Option(names = "--threads", paramLabel = "N",
        description = "as many as there are processors by default; the result does not depend on it")
    @Nullable String threads;

    @Option(names = "--quiet", description = "no progress on standard error")
    boolean quiet;

    @Option(names = "--debug", description = "show where an error comes from")
    boolean debug;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "show this help")
    boolean help;

    TrainDemoVerb(Io io) {
        this.io = io;
    }

    @Override
    public Integer call() throws InterruptedException {
        var team = threads == null ? Runtime.getRuntime().availableProcessors()
            : Given.whole("--threads", threads, 1, 1024);
        var most = steps == null ? Integer.MAX_VALUE : Given.whole("--steps", steps, 1, Integer.MAX_VALUE);
        var recipes = name == null ? Recipe.ALL : List.of(Given.named("--name", name, Recipe.ALL, Recipe::name));
        var to = new Output(io, Optional.empty());
        to.write(String.join("", train(recipes, most, team)).getBytes(StandardCharsets.UTF_8));
        return Failure.SUCCESS;
    }

    private List<String> train(List<Recipe> recipes, int most, int team) throws InterruptedException {
        var crew = new Crew(team, recipes.size());
        try (var trainings = Executors.newFixedThreadPool(Math.min(recipes.size(), team))) {
            var work = recipes.stream().<Callable<String>>map(r -> () -> train(r, most, crew)).toList();
            return trainings.invokeAll(work).stream().map(TrainDemoVerb::result).toList();
        }
    }

    private static String result(Future<String> training) {
        if (training.state() == Future.State.SUCCESS) return training.resultNow();
        throw training.exceptionNow() instanceof RuntimeException e ? e
            : new IllegalStateException(training.exceptionNow());
    }

    /// Part after part; one whose files are there is done.
    private String train(Recipe recipe, int most, Crew crew) {
        var said = new StringBuilder();
        var left = most;
        try (var share = crew.join()) {
            for (var part : recipe.parts()) {
                if (left <= 0) break;
                if (part == recipe || !Files.exists(Path.of(out, part.name(), ModelFolder.WEIGHTS)))
                    said.append(part(part, left, part == recipe, share));
                left -= part.steps();
            }
        }
        return said.toString();
    }

    private String part(Recipe recipe, int most, boolean last, Crew.Share share) {
        var folder = Path.of(out).resolve(recipe.name());
        if (!quiet) io.err().println("clew: " + recipe.name() + ": writing texts, learning the tokenizer");
        var course = Course.in(folder, recipe, share.kernels());
        var total = recipe.steps();
        var progress = new ProgressLine(io.err(), recipe.name(), total);
        while (course.step() < Math.min(most, total)) {
            var batch = course.advance();
            if (!quiet) progress.step(course.step() - 1, course.losses().getLast(), batch.ids().length);
            if (course.step() % KEEP == 0) course.save();
            if (share.grows()) course.on(share.kernels());
        }
        course.save();
        text(folder.resolveSibling(recipe.name() + "-loss.svg"),
            LossCurve.svg(recipe.name() + ": loss, nats per predicted token", course.losses()));
        var same = recipe.name() + ": " + course.agreement() + "\n";
        if (course.step() < total) return same;
        ModelFolder.write(folder, course);
        return last ? same + examine(recipe, folder, share.kernels()) : same;
    }

    private String examine(Recipe recipe, Path folder, Kernels kernels) {
        try (var model = Models.open(folder, kernels)) {
            var report = DemoReport.of(model, recipe.seed(), DemoReport.EXAMPLES, DemoReport.PROMPTS);
            text(folder.resolve("README.md"), DemoCard.text(recipe, model, report));
        }
        var list = Bundled.list(folder);
        text(folder.resolve(Bundled.LIST), list);
        return list.indent(2);
    }

    private static void text(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw Output.unwritable(file, e);
        }
    }
}
