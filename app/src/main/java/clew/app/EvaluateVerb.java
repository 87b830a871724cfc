package clew.app;

import clew.attribution.evaluation.Report;
import clew.attribution.render.EvaluationHtml;
import clew.attribution.render.EvaluationJson;
import clew.attribution.render.EvaluationText;
import clew.training.demo.Recipe;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `clew evaluate`: how good explanations are, by many measures, beside chance.
@Command(name = "evaluate", description = "Measure how good explanations are, beside random rankings: of one prompt, of"
    + " the lines of a file, or of held-out prompts of the bundled models.")
final class EvaluateVerb implements Callable<Integer> {
    private static final Format[] FORMATS = {Format.TEXT, Format.JSON, Format.HTML, Format.MARKDOWN};

    private final Io io;

    @Spec CommandSpec spec = CommandSpec.create();
    @Mixin ModelOptions model = new ModelOptions();
    @Mixin PromptOptions prompt = new PromptOptions();
    @Mixin TargetOptions target = new TargetOptions();
    @Mixin MethodOptions methods = new MethodOptions();
    @Mixin EvaluationOptions options = new EvaluationOptions();
    @Mixin OutputOptions output = new OutputOptions();

    @Option(names = "--held-out", paramLabel = "N",
        description = "N held-out prompts of the world that the bundled models learned from")
    @Nullable String heldOut;

    @Option(names = "--jobs", paramLabel = "N",
        description = "work on N prompts at a time, each on one thread of the processor; seconds are then those that it"
            + " was at work. By default one prompt after another, on all threads")
    @Nullable String jobs;

    @Option(names = "--journal", paramLabel = "FILE",
        description = "keep every verdict in this file as it comes; the same command goes on where it was interrupted")
    @Nullable String journal;

    @Option(names = "--format", paramLabel = "FORMAT", description = "text (default), json, html or markdown")
    @Nullable String format;

    EvaluateVerb(Io io) {
        this.io = io;
    }

    @Override
    public Integer call() {
        var given = prompt.in(Given.of(spec.commandLine().getParseResult()), io);
        var to = output.output(io);
        var chosen = Format.of(format, FORMATS);
        var seed = options.seed(given);
        options.metrics(seed, Set.of());
        options.draws();
        options.top();
        var candidates = Candidates.of(given, "evaluate", List.of("lrp"));
        var cases = cases(given);
        var at = jobs();
        Candidates.idle(given, candidates).forEach(note -> output.note(io, note));
        try (var device = model.device(io, output); var opened = model.open(io, device, output);
             var progress = output.progress(io)) {
            var asked = Judging.of(opened, candidates, options, seed, Set.of(), at);
            var trial = asked.trials().of(cases.getFirst()).trial();
            var judging = asked.choosing(given, cases, trial, why -> output.note(io, why));
            var first = judging.explanations(trial);
            var report = judging.report(cases, first, journal, progress);
            progress.end();
            to.write(written(chosen, report));
        }
        return Failure.SUCCESS;
    }

    private Jobs jobs() {
        if (jobs == null) return Jobs.ONE_BY_ONE;
        var count = Given.whole("--jobs", jobs, 1, 1024);
        model.alone("--jobs");
        return new Jobs(count);
    }

    private List<EvaluationCase> cases(Given given) {
        if (heldOut != null && (prompt.jsonl != null || given.has(Key.PROMPT) || given.has(Key.IDS)
            || given.has(Key.MESSAGES)))
            throw new UsageException("--held-out brings prompts of its own; leave the other prompt out");
        if (heldOut != null)
            return EvaluationCase.heldOut(Given.whole("--held-out", heldOut, 1, 100_000), Recipe.DEMO.seed(), given);
        if (prompt.jsonl != null) return EvaluationCase.lines(prompt.jsonl, given, io);
        return List.of(EvaluationCase.of("1", given));
    }

    private static byte[] written(Format format, Report report) {
        return switch (format) {
            case JSON     -> new EvaluationJson().bytes(report);
            case HTML     -> new EvaluationHtml().text(report).getBytes(StandardCharsets.UTF_8);
            case MARKDOWN -> new EvaluationText(EvaluationText.Form.MARKDOWN).text(report)
                .getBytes(StandardCharsets.UTF_8);
            default       -> new EvaluationText(EvaluationText.Form.TERMINAL).text(report)
                .getBytes(StandardCharsets.UTF_8);
        };
    }
}
