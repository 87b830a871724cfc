package clew.app;

import clew.attribution.Attribution;
import clew.attribution.evaluation.Band;
import clew.attribution.evaluation.Curve;
import clew.attribution.evaluation.Evaluation;
import clew.attribution.evaluation.Judged;
import clew.attribution.evaluation.Report;
import clew.attribution.evaluation.Trial;
import clew.attribution.render.EvaluationHtml;
import clew.attribution.render.EvaluationJson;
import clew.attribution.render.EvaluationText;
import clew.attribution.render.Origin;
import clew.attribution.render.Picture;
import clew.attribution.render.Pictures;
import clew.attribution.render.Scale;
import clew.attribution.render.TextPanels;
import clew.model.LanguageModel;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `clew compare`: several methods on one prompt, what they say and how good it is.
@Command(name = "compare", description = "Put several methods beside each other on one prompt: what each says, how far"
    + " they agree, how faithful they are, what they cost.")
final class CompareVerb implements Callable<Integer> {
    private static final Format[] FORMATS = {Format.TEXT, Format.JSON, Format.HTML, Format.SVG, Format.PNG};
    private static final List<String> METHODS =
        List.of("lrp", "input-x-gradient", "integrated-gradients", "saliency", "attention");

    private static final Set<String> USUAL = Set.of("sufficiency@1", "sufficiency@3", "sufficiency@5",
        "comprehensiveness@1", "comprehensiveness@3", "comprehensiveness@5", "area-difference", "tau-loo", "infidelity",
        "gini");

    /// What a picture shows.
    enum View {
        PANELS, COMBINED, CURVES;

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Io io;

    @Spec CommandSpec spec = CommandSpec.create();
    @Mixin ModelOptions model = new ModelOptions();
    @Mixin PromptOptions prompt = new PromptOptions();
    @Mixin TargetOptions target = new TargetOptions();
    @Mixin MethodOptions methods = new MethodOptions();
    @Mixin EvaluationOptions options = new EvaluationOptions();
    @Mixin PictureOptions picture = new PictureOptions();
    @Mixin OutputOptions output = new OutputOptions();

    @Option(names = "--picture", paramLabel = "NAME",
        description = "svg and png: panels (default), combined (every number in its cell) or curves")
    @Nullable String view;

    @Option(names = "--format", paramLabel = "FORMAT", description = "text (default), json, html, svg or png")
    @Nullable String format;

    CompareVerb(Io io) {
        this.io = io;
    }

    /// Everything there is to show.
    ///
    /// @param chance beside the curves, or null where there are none
    private record Shown(Report report, Map<String, Attribution> explanations, Map<String, List<Curve>> curves,
                         @Nullable Band chance) {}

    @Override
    public Integer call() {
        var given = prompt.in(Given.of(spec.commandLine().getParseResult()), io);
        if (prompt.jsonl != null)
            throw new UsageException("compare takes one prompt; clew evaluate takes --jsonl");
        var to = output.output(io);
        var chosen = Format.of(format, FORMATS);
        var drawn = PictureOptions.isPicture(chosen);
        if (view != null && !drawn)
            throw new UsageException("--picture chooses what svg and png show; add --format svg or leave it out");
        var shows = view == null ? View.PANELS : Given.named("--picture", view, List.of(View.values()), View::label);
        if (chosen == Format.PNG) to.regular("--format png");
        var seed = options.seed(given);
        options.metrics(seed, USUAL);
        options.draws();
        options.top();
        var candidates = Candidates.of(given, "compare", METHODS);
        Candidates.idle(given, candidates).forEach(note -> output.note(io, note));
        var one = EvaluationCase.of("1", given);
        try (var device = model.device(io, output); var opened = model.open(io, device, output);
             var progress = output.progress(io)) {
            var asked = Judging.of(opened, candidates, options, seed, USUAL, Jobs.ONE_BY_ONE);
            var trial = asked.trials().of(one).trial();
            var judging = asked.choosing(given, List.of(one), trial, why -> output.note(io, why));
            var explanations = judging.explanations(trial);
            var curved = chosen == Format.HTML || drawn && shows == View.CURVES;
            var shown = new Shown(judging.report(List.of(one), explanations, null, progress),
                legible(explanations, opened),
                curved ? curves(trial, explanations) : Map.of(),
                curved ? Band.of(trial, Evaluation.chance(seed, one.name()), options.draws()) : null);
            progress.end();
            explanations.values().stream().flatMap(a -> a.warnings().stream()).distinct()
                .forEach(w -> output.note(io, w));
            if (drawn) picture.write(drawing(shown, shows), chosen, to);
            else to.write(written(chosen, shown, to));
            return Failure.of(explanations.values(), io);
        }
    }

    private static Map<String, Attribution> legible(Map<String, Attribution> explanations, LanguageModel model) {
        var all = new LinkedHashMap<String, Attribution>();
        explanations.forEach((label, a) -> all.put(label, model.tokenizer().map(a::legible).orElse(a)));
        return all;
    }

    private static Map<String, List<Curve>> curves(Trial trial, Map<String, Attribution> explanations) {
        var curves = new LinkedHashMap<String, List<Curve>>();
        explanations.forEach((label, a) -> {
            var judged = new Judged(trial, a.scores()[0], (_, _, _) -> a.scores()[0]);
            curves.put(label, List.of(Curve.of(judged, Curve.First.MOST_RELEVANT),
                Curve.of(judged, Curve.First.LEAST_RELEVANT)));
        });
        return curves;
    }

    private Picture drawing(Shown shown, View shows) {
        var pictures = new Pictures(picture.scale());
        return UsageException.unless(() -> switch (shows) {
            case PANELS   -> pictures.panels(shown.explanations, 0);
            case COMBINED -> pictures.combined(shown.explanations, 0);
            case CURVES   -> Pictures.curves(shown.curves, Objects.requireNonNull(shown.chance))
                .madeWith(Origin.of(shown.report));
        });
    }

    private byte[] written(Format format, Shown shown, Output to) {
        return switch (format) {
            case JSON -> new EvaluationJson().bytes(shown.report);
            case HTML -> new EvaluationHtml(shown.explanations, shown.curves, shown.chance, picture.scale())
                .text(shown.report).getBytes(StandardCharsets.UTF_8);
            default   -> {
                var panels = new TextPanels(Rendering.colours(to), Rendering.width(to), picture.scale());
                var table = new EvaluationText(EvaluationText.Form.TERMINAL).text(shown.report);
                yield (panels.text(shown.explanations) + "\n" + table).getBytes(StandardCharsets.UTF_8);
            }
        };
    }
}
