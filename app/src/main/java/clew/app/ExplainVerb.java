package clew.app;

import clew.engine.kernel.ScalarKernels;
import clew.engine.tensor.DType;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `clew explain`: which tokens of the prompt made the model say what it said.
@Command(name = "explain", addMethodSubcommands = false,
    description = "Show which tokens of the prompt made the model say what it said.")
final class ExplainVerb implements Callable<Integer> {
    private static final Format[] FORMATS = {Format.TEXT, Format.JSON, Format.HTML, Format.CSV, Format.SAFETENSORS,
        Format.SVG, Format.PNG};

    private final Io io;

    @Spec CommandSpec spec = CommandSpec.create();
    @Mixin ModelOptions model = new ModelOptions();
    @Mixin PromptOptions prompt = new PromptOptions();
    @Mixin TargetOptions target = new TargetOptions();
    @Mixin ContinuationOptions continuation = new ContinuationOptions();
    @Mixin MethodOptions methods = new MethodOptions();
    @Mixin PictureOptions picture = new PictureOptions();
    @Mixin OutputOptions output = new OutputOptions();

    @Option(names = "--picture", paramLabel = "NAME",
        description = "svg and png: heatmap (default), bars or matrix (targets by tokens; of one target, the"
            + " method's map of tokens by tokens)")
    @Nullable String view;

    @Option(names = "--format", paramLabel = "FORMAT",
        description = "text (default), json, html, csv, safetensors, svg or png")
    @Nullable String format;

    ExplainVerb(Io io) {
        this.io = io;
    }

    @Override
    public Integer call() {
        var given = prompt.in(Given.of(spec.commandLine().getParseResult()), io);
        var to = output.output(io);
        if (prompt.jsonl != null) return lines(prompt.jsonl, given, to);
        var request = ExplainRequest.of(given);
        var chosen = Format.of(format, FORMATS);
        var rendering = Rendering.of(chosen, request, to, picture, view(chosen));
        for (var option : MethodName.idle(given)) output.note(io, option + " is read by none of the methods asked for");
        if (methods.features && chosen != Format.JSON && chosen != Format.SAFETENSORS)
            output.note(io, "--features adds to json and safetensors only");
        if (methods.regions && !Set.of(Format.TEXT, Format.JSON, Format.CSV).contains(chosen))
            output.note(io, "--regions adds to text and json, and csv holds nothing else then");
        try (var device = model.device(io, output); var opened = model.open(io, device, output);
             var progress = output.progress(io)) {
            var answers = new Explainer(opened, Reader.of(opened), progress).answer(request, _ -> true);
            progress.end();
            answers.stream().flatMap(a -> a.attribution().warnings().stream()).distinct()
                .forEach(w -> output.note(io, w));
            rendering.write(answers, opened.kernels() instanceof ScalarKernels ? DType.F64 : DType.F32);
            return Failure.of(answers.stream().map(Explainer.Answer::attribution).toList(), io);
        }
    }

    private Rendering.View view(Format chosen) {
        if (view == null) return Rendering.View.HEATMAP;
        if (!PictureOptions.isPicture(chosen))
            throw new UsageException("--picture chooses what svg and png show; add --format svg or leave it out");
        return Given.named("--picture", view, List.of(Rendering.View.values()), Rendering.View::label);
    }

    private int lines(String source, Given given, Output to) {
        JsonLines.requireJson(format);
        ExplainRequest.of(given.with(Key.IDS, "0", Key.IDS.option()));      // the options must do for any line
        try (var device = model.device(io, output); var opened = model.open(io, device, output);
             var progress = output.progress(io)) {
            var work = new Lines(new Explainer(opened, Reader.of(opened), Progress.silent(io)));
            return new JsonLines(io, work, given, progress, e -> output.trace(io, e)).run(source, to);
        }
    }

    /// A line of a jsonl file is a request like the command line's.
    private record Lines(Explainer explainer) implements JsonLines.Work {
        @Override
        public Set<Key> keys() {
            return ExplainRequest.KEYS;
        }

        @Override
        public JsonLines.Job job(Given given) {
            return new Line(explainer, ExplainRequest.of(given));
        }
    }

    private record Line(Explainer explainer, ExplainRequest request) implements JsonLines.Job {
        @Override
        public Set<String> parts() {
            return request.methods().stream().map(m -> m.name()).collect(Collectors.toCollection(LinkedHashSet::new));
        }

        @Override
        public JsonLines.Answer run(String name, Set<String> there) {
            var answers = explainer.answer(request, m -> !there.contains(m.name()));
            return new JsonLines.Answer(Rendering.lines(answers, name),
                answers.stream().allMatch(a -> a.attribution().meetsTolerance()));
        }
    }
}
