package clew.app;

import clew.attribution.Attribution;
import clew.attribution.AttributionMethod;
import clew.attribution.Groups;
import clew.attribution.JointMethod;
import clew.attribution.Shapley;
import clew.model.LanguageModel;
import clew.model.template.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// Answers requests with a model that is open: one forward pass, then every method on it.
record Explainer(LanguageModel model, Reader reader, Progress progress) {
    /// From so many features on it is said beforehand how often Shapley values run them.
    private static final int MANY = 13;
    private static final String TWICE = "what this input needs passes --max-memory, so every block was computed twice";

    /// One method's answer.
    ///
    /// @param legible   the same for eyes, which see characters and not their bytes
    /// @param peakBytes the most memory in use meanwhile, as [PeakMemory] counts it
    /// @param roles     who wrote each token of the prompt, for a chat; else empty
    record Answer(Attribution attribution, Attribution legible, long peakBytes, List<Role> roles) {}

    /// @param wanted which of the request's methods are still to be run
    List<Answer> answer(ExplainRequest request, Predicate<AttributionMethod> wanted) {
        var prompt = reader.forModel(request.input());
        var shape = Shaping.of(request, model, prompt);
        var question = Question.of(request, prompt, reader, model);
        var methods = request.methods().stream().filter(wanted).toList();
        var features = shape.groups().before(question.seen());
        methods.forEach(m -> UsageException.unless(() -> m.require(model, features)));
        return answer(methods, question, shape, features, prompt);
    }

    /// @param features what a method may remove: nothing behind what is explained
    private List<Answer> answer(List<AttributionMethod> methods, Question question, Shaping shape, Groups features,
        Prompt prompt) {
        var pass = question.pass()
            .hooks(methods.stream().flatMap(m -> m.hooks(model).stream()).distinct().toArray(String[]::new));
        var sequences = 1 + methods.stream().mapToLong(m -> m.evaluations(features, question.count())).sum();
        UsageException.unless(() -> model.require(pass));
        if (features.size() >= MANY && methods.stream().anyMatch(Shapley.class::isInstance))
            progress.say("shapley runs all 2^" + features.size() + " = " + (1L << features.size()) + " coalitions of "
                + features.size() + " features; --method shapley-sampling or --group word takes fewer");
        var watcher = progress.following(model, counted -> {
            try (var run = counted.run(pass)) {
                var targets = question.targets(run);
                for (var method : methods) question.explain(run, targets, method, features);
            }
        }, forecast -> (double) forecast.sequences() / sequences);
        try (var run = model.watched(watcher).run(pass)) {
            var targets = UsageException.unless(() -> question.targets(run));
            var hints = new ArrayList<>(prompt.warnings());
            hints.addAll(question.hints(run, targets));
            if (run.worksWithCheckpoints()) hints.add(TWICE);
            model.quantised().ifPresent(q -> hints.add("the blocks' matrices are in " + q.how().label()
                + ", so scores differ from those of the weights as they are (docs/quantised.md says how far)"));
            var answers = new ArrayList<Answer>();
            for (var method : methods) {
                var memory = PeakMemory.start();
                var raw = question.explain(run, targets, method, features);
                var shaped = shape.apply(raw, method instanceof JointMethod, hints);
                var legible = model.tokenizer().map(shaped::legible).orElse(shaped);
                answers.add(new Answer(shaped, legible, memory.bytes(), prompt.roles()));
            }
            return answers;
        }
    }
}
