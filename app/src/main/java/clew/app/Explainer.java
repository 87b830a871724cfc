package clew.app;

import clew.attribution.Attribution;
import clew.attribution.AttributionMethod;
import clew.attribution.Groups;
import clew.attribution.JointMethod;
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
        var features = shape.groups().before(row + 1);
        methods.forEach(m -> UsageException.unless(() -> m.require(model, features)));
        var pass = Pass.of(prompt.ids()).at(row);
        pass = pass.hooks(methods.stream().flatMap(m -> m.hooks(model).stream()).distinct().toArray(String[]::new));
        return answer(request, methods, pass, target, shape, features, prompt);
    }

    /// @param features what a method may remove: nothing behind the explained row
    private List<Answer> answer(ExplainRequest request, List<AttributionMethod> methods, Pass pass, Target target,
        Shaping shape, Groups features, Prompt prompt) {
        var targets = target.choice() instanceof Target.Choice.Top(int k) ? k : 1;
        var counted = progress.counting(model,
            1 + methods.stream().mapToLong(m -> m.evaluations(features, targets)).sum());
        UsageException.unless(() -> model.require(pass));
        try (var run = counted.run(pass)) {
            var explained = UsageException.unless(() -> target.on(run));
            var hints = new ArrayList<>(prompt.warnings());
            hints.addAll(new TwinHint(run).of(request.aim(), explained));
            if (run.worksWithCheckpoints()) hints.add(TWICE);
            model.quantised().ifPresent(q -> hints.add("the blocks' matrices are in " + q.how().label()
                + ", so scores differ from those of the weights as they are (docs/quantised.md says how far)"));
            var answers = new ArrayList<Answer>();
            for (var method : methods) {
                var memory = PeakMemory.start();
                var joint = method instanceof JointMethod;
                var raw = method instanceof JointMethod j ? j.explain(run, explained, features)
                    : method.explain(run, explained);
                answers.add(new Answer(shape.apply(raw, joint, hints), memory.bytes(), prompt.roles()));
            }
            return answers;
        }
    }
}
