package clew.app;

import clew.attribution.Attribution;
import clew.attribution.Baseline;
import clew.attribution.Groups;
import clew.attribution.evaluation.Agreement;
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
               Set<String> usual, Jobs jobs, Map<String, Object> settings) {
    /// Sequences that a method may run for a prompt where all methods are asked for.
    private static final long MOST = 20_000;

    static Judging of(LanguageModel model, List<Candidate> candidates, EvaluationOptions options, long seed,
        Set<String> usual, Jobs jobs) {
        var replacement = Trials.replacement(Optional.ofNullable(options.replacement), model);
        var removal = options.removeAll ? Trials.Removal.ALL : Trials.Removal.PLAIN;
        var trials = new Trials(model, Reader.of(model), removal, replacement);
        var settings = new TreeMap<String, Object>(Map.of("draws", options.draws(), "seed", seed, "removeAll",
            options.removeAll, "replacement",
            replacement.orElseGet(() -> Baseline.pad(model).orElse(0)), "seconds", jobs.seconds(),
            "perturbations", options.perturbations()));
        if (options.top() != Agreement.TOP) settings.put("agreementTop", options.top());
        return new Judging(model, trials, candidates, options, seed, usual, jobs, settings);
    }

    /// Of all methods those that can explain the cases; methods that were named have to.
    Judging choosing(Given given, List<EvaluationCase> cases, Trial first, Consumer<String> told) {
        if (given.list(Key.METHOD).equals(List.of(Candidates.ALL))) return able(cases, first, told);
        candidates.forEach(c -> require(c, cases, Long.MAX_VALUE));
        return this;
    }

    /// With the candidates that can explain every case, and for a reasonable price; of the others, `told` hears why
    /// they cannot.
    ///
    /// @param trial of the first case
    private Judging able(List<EvaluationCase> cases, Trial trial, Consumer<String> told) {
        var able = candidates.stream().filter(c -> {
            try (var run = model.run(Scorer.declaring(model, trial.pass(), c.method()))) {
                require(c, cases, MOST);
                c.method().explain(run, Scorer.again(trial.explained()));
                return true;
            } catch (ModelException | IllegalArgumentException | UsageException e) {
                told.accept(c.label() + " is left out: " + e.getMessage());
                return false;
            }
        }).toList();
        return new Judging(model, trials, able, options, seed, usual, jobs, settings);
    }

    /// @throws UsageException if the candidate cannot explain one of the cases
    private void require(Candidate c, List<EvaluationCase> cases, long most) {
        for (var one : cases) {
            var prompt = trials.reader().forModel(one.input());
            var row = UsageException.unless(() -> one.aim().on(model).row(prompt.size()));
            var features = Groups.each(row + 1);
            try {
                c.method().require(model, features);
            } catch (ModelException | IllegalArgumentException e) {
                throw cases.size() == 1 ? new UsageException(e.getMessage())
                    : new UsageException("prompt '" + one.name() + "': " + e.getMessage());
            }
            var sequences = c.method().evaluations(features, 1);
            if (sequences > most)
                throw new UsageException("prompt '" + one.name() + "' takes " + sequences
                    + " sequences; name the method with --method to have it all the same");
        }
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
        if (!options.wantsRandomisation()) return report(cases, Optional.empty(), first, methods, kept, progress);
        try {
            var folder = Files.createTempDirectory("clew-random");
            try (var random = RandomisedModel.of(model, seed, folder)) {
                return report(cases, Optional.of(random.model()), first, methods, kept, progress);
            } finally {
                Files.deleteIfExists(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("a model with random weights cannot be written (" + Output.reason(e)
                + "); leave randomisation out of --metrics", e);
        }
    }

    private Report report(List<EvaluationCase> cases, Optional<LanguageModel> random, Map<String, Attribution> first,
        Map<String, Attribution.Method> methods, @Nullable String kept, Progress progress) {
        var evaluation = evaluation(random);
        var verdicts = kept == null ? judge(cases, random, null, progress)
            : kept(cases, random, kept, asked(cases, evaluation.metrics(), methods), progress);
        return new Report(first.values().iterator().next().model(), settings, methods,
            Summary.of(evaluation, verdicts), verdicts);
    }

    private Evaluation evaluation(Optional<LanguageModel> random) {
        var metrics = new ArrayList<>(options.metrics(seed, usual));
        random.ifPresent(other -> metrics.add(new Randomisation(other)));
        return new Evaluation(candidates, metrics, options.draws(), seed, jobs.clock(), options.top());
    }

    private List<Verdict> kept(List<EvaluationCase> cases, Optional<LanguageModel> random, String file, String asked,
        Progress progress) {
        try (var journal = Journal.open(file, asked)) {
            return judge(cases, random, journal, progress);
        }
    }

    /// Judges the cases that have no verdict yet, and foretells how long it takes; there the model itself stands in for
    /// the one with random weights, which is as large.
    private List<Verdict> judge(List<EvaluationCase> cases, Optional<LanguageModel> random, @Nullable Journal journal,
        Progress progress) {
        var alone = cases.size() == 1;
        var open = cases.stream().filter(one -> known(journal, one).isEmpty()).toList();
        var done = new double[1];
        var watcher = progress.following(model, counted -> {
            for (int i = 0; i < open.size(); i++) {
                var at = i;
                judge(evaluation(random.map(_ -> counted)), trials.on(counted), open.get(i), alone,
                    share -> done[0] = (at + share) / open.size());
            }
        }, _ -> done[0]);
        var evaluation = evaluation(random.map(other -> other.watched(watcher)));
        var watched = trials.on(model.watched(watcher));
        return jobs.each(cases.size(), i -> known(journal, cases.get(i)).orElseGet(() -> {
            var verdict = judge(evaluation, watched, cases.get(i), alone, _ -> {});
            if (journal != null) journal.add(verdict);
            return verdict;
        }));
    }

    private static Optional<Verdict> known(@Nullable Journal journal, EvaluationCase one) {
        return journal == null ? Optional.empty() : journal.verdict(one.name());
    }

    private static Verdict judge(Evaluation evaluation, Trials trials, EvaluationCase one, boolean alone,
        Evaluation.Listener listener) {
        try {
            return evaluation.judge(one.name(), trials.of(one).trial(), listener);
        } catch (UsageException e) {
            throw alone ? e : new UsageException("prompt '" + one.name() + "': " + e.getMessage());
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
