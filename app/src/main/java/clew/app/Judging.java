package clew.app;

import clew.attribution.Attribution;
import clew.attribution.Baseline;
import clew.attribution.evaluation.Evaluation;
import clew.attribution.evaluation.Evaluation.Candidate;
import clew.attribution.evaluation.Metric;
import clew.attribution.evaluation.Randomisation;
import clew.attribution.evaluation.RandomisedModel;
import clew.attribution.evaluation.Report;
import clew.attribution.evaluation.Scorer;
import clew.attribution.evaluation.Summary;
import clew.attribution.evaluation.Trial;
import clew.attribution.evaluation.Verdict;
import clew.model.LanguageModel;
import clew.model.ModelException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Judges methods on cases, with a model that is open; evaluate and compare share it.
///
/// @param usual    metrics if none is named, or none for all
/// @param settings what the verdicts depend on beside the methods, for whoever repeats them
record Judging(LanguageModel model, Trials trials, List<Candidate> candidates, EvaluationOptions options, long seed,
               Set<String> usual, Map<String, Object> settings) {
    static Judging of(LanguageModel model, List<Candidate> candidates, EvaluationOptions options, long seed,
        Set<String> usual) {
        var replacement = Trials.replacement(Optional.ofNullable(options.replacement), model);
        var removal = options.removeAll ? Trials.Removal.ALL : Trials.Removal.PLAIN;
        var trials = new Trials(model, Reader.of(model), removal, replacement);
        var settings = new TreeMap<String, Object>(Map.of("draws", options.draws(), "seed", seed, "removeAll",
            options.removeAll, "replacement",
            replacement.orElseGet(() -> Baseline.pad(model).orElse(0))));
        return new Judging(model, trials, candidates, options, seed, usual, settings);
    }

    /// With the candidates that can explain this trial; of the others, `told` hears why they cannot.
    Judging able(Trial trial, Consumer<String> told) {
        var able = candidates.stream().filter(c -> {
            try (var run = model.run(Scorer.declaring(model, trial.pass(), c.method()))) {
                c.method().explain(run, Scorer.again(trial.explained()));
                return true;
            } catch (ModelException | IllegalArgumentException | UsageException e) {
                told.accept(c.label() + " is left out: " + e.getMessage());
                return false;
            }
        }).toList();
        return new Judging(model, trials, able, options, seed, usual, settings);
    }

    /// The explanations of one case, each under its candidate's label.
    Map<String, Attribution> explanations(Trial trial) {
        var all = new LinkedHashMap<String, Attribution>();
        for (var c : candidates)
            try (var run = model.run(Scorer.declaring(model, trial.pass(), c.method()))) {
                all.put(c.label(), c.method().explain(run, Scorer.again(trial.explained())));
            }
        return all;
    }

    /// @param first the explanations of the first case
    /// @param kept  where verdicts are kept, or null
    Report report(List<EvaluationCase> cases, Map<String, Attribution> first, @Nullable String kept,
        Progress progress) {
        var methods = new LinkedHashMap<String, Attribution.Method>();
        first.forEach((label, a) -> methods.put(label, a.method()));
        if (!options.wantsRandomisation())
            return report(cases, options.metrics(seed, usual), first, methods, kept, progress);
        try {
            var folder = Files.createTempDirectory("clew-random");
            try (var random = RandomisedModel.of(model, seed, folder)) {
                var metrics = new ArrayList<>(options.metrics(seed, usual));
                metrics.add(new Randomisation(random.model()));
                return report(cases, metrics, first, methods, kept, progress);
            } finally {
                Files.deleteIfExists(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("a model with random weights cannot be written (" + Output.reason(e)
                + "); leave randomisation out of --metrics", e);
        }
    }

    private Report report(List<EvaluationCase> cases, List<Metric> metrics, Map<String, Attribution> first,
        Map<String, Attribution.Method> methods, @Nullable String kept, Progress progress) {
        var evaluation = new Evaluation(candidates, metrics, options.draws(), seed);
        var verdicts = new ArrayList<Verdict>();
        if (kept == null) for (var one : cases) verdicts.add(judge(evaluation, one, verdicts.size(), cases, progress));
        else
            try (var journal = Journal.open(kept, asked(cases, metrics, methods))) {
                for (var one : cases) {
                    var known = journal.verdict(one.name());
                    verdicts.add(known.orElseGet(() -> judge(evaluation, one, verdicts.size(), cases, progress)));
                    if (known.isEmpty()) journal.add(verdicts.getLast());
                }
            }
        return new Report(first.values().iterator().next().model(), settings, methods,
            Summary.of(evaluation, verdicts), verdicts);
    }

    private Verdict judge(Evaluation evaluation, EvaluationCase one, int done, List<EvaluationCase> cases,
        Progress progress) {
        try {
            var trial = trials.of(one).trial();
            return evaluation.judge(one.name(), trial, share -> progress.at((done + share) / cases.size()));
        } catch (UsageException e) {
            throw cases.size() == 1 ? e : new UsageException("prompt '" + one.name() + "': " + e.getMessage());
        }
    }

    /// Everything that the verdicts depend on, as one line.
    private String asked(List<EvaluationCase> cases, List<Metric> metrics, Map<String, Attribution.Method> methods) {
        var all = new ArrayList<String>();
        methods.forEach((label, m) -> all.add(label + " " + m.parameters()));
        return "model " + model.fingerprint().substring(0, 12) + ", " + cases.size() + " prompts "
            + Integer.toHexString(cases.toString().hashCode()) + ", " + settings + ", methods " + all + ", metrics "
            + metrics.stream().map(Metric::name).toList();
    }
}
