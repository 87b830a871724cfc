package clew.app;

import clew.attribution.Attribution;
import clew.attribution.AttributionMethod;
import clew.attribution.Baseline;
import clew.attribution.IntegratedGradients;
import clew.attribution.Target;
import clew.model.LanguageModel;
import clew.model.Pass;
import clew.model.template.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// Answers requests with a model that is open: one forward pass, then every method on it.
record Explainer(LanguageModel model, Reader reader, Progress progress) {
    private static final String TWICE = "what this input needs passes --max-memory, so every block was computed twice";

    /// One method's answer.
    ///
    /// @param peakBytes the most memory in use meanwhile, as [PeakMemory] counts it
    /// @param roles     who wrote each token of the prompt, for a chat; else empty
    record Answer(Attribution attribution, long peakBytes, List<Role> roles) {}

    /// @param wanted which of the request's methods are still to be run
    List<Answer> answer(ExplainRequest request, Predicate<AttributionMethod> wanted) {
        var prompt = reader.forModel(request.input());
        var shape = Shaping.of(request, model, prompt);
        var target = request.aim().on(model);
        var row = UsageException.unless(() -> target.row(prompt.size()));
        var methods = request.methods().stream().filter(wanted).toList();
        methods.forEach(this::requireBaseline);
        var pass = Pass.of(prompt.ids()).at(row);
        pass = pass.hooks(methods.stream().flatMap(m -> m.hooks(model).stream()).distinct().toArray(String[]::new));
        return answer(request, methods, pass, target, shape, prompt);
    }

    private List<Answer> answer(ExplainRequest request, List<AttributionMethod> methods, Pass pass, Target target,
        Shaping shape, Prompt prompt) {
        var counted = progress.counting(model, evaluations(methods));
        UsageException.unless(() -> model.require(pass));
        try (var run = counted.run(pass)) {
            var targets = UsageException.unless(() -> target.on(run));
            var hints = new ArrayList<>(prompt.warnings());
            hints.addAll(new TwinHint(run).of(request.aim(), targets));
            if (run.worksWithCheckpoints()) hints.add(TWICE);
            model.quantised().ifPresent(q -> hints.add("the blocks' matrices are in " + q.how().label()
                + ", so scores differ from those of the weights as they are (docs/quantised.md says how far)"));
            var answers = new ArrayList<Answer>();
            for (var method : methods) {
                var memory = PeakMemory.start();
                var raw = method.explain(run, targets);
                answers.add(new Answer(shape.apply(raw, hints), memory.bytes(), prompt.roles()));
            }
            return answers;
        }
    }

    private static long evaluations(List<AttributionMethod> methods) {
        return 1 + methods.stream().mapToLong(m -> m instanceof IntegratedGradients ig ? ig.steps() + 1L : 0).sum();
    }

    private void requireBaseline(AttributionMethod method) {
        if (method instanceof IntegratedGradients ig && !(ig.baseline() instanceof Baseline.Mean))
            UsageException.unless(() -> ig.baseline().row(model));
    }
}
