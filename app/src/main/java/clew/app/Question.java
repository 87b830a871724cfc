package clew.app;

import clew.attribution.Attribution;
import clew.attribution.AttributionMethod;
import clew.attribution.Continuation;
import clew.attribution.Explained;
import clew.attribution.Groups;
import clew.attribution.JointMethod;
import clew.attribution.Target;
import clew.model.LanguageModel;
import clew.model.Pass;
import clew.model.Run;
import java.util.List;

/// What of a run is to be explained.
sealed interface Question {
    /// What is run, with the rows that are asked about.
    Pass pass();

    /// How many tokens of the prompt may be removed: those that what is explained sees from the first on.
    int seen();

    /// How many scalars there are.
    int count();

    /// The scalars to be explained, on such a run.
    List<Explained> targets(Run run);

    /// What their asker may not have meant.
    List<String> hints(Run run, List<Explained> targets);

    /// @param features what methods that remove features remove
    Attribution explain(Run run, List<Explained> targets, AttributionMethod method, Groups features);

    /// @throws UsageException if there is no such row, or no such continuation
    static Question of(ExplainRequest request, Prompt prompt, Reader reader, LanguageModel model) {
        var target = request.aim().on(model);
        if (request.following().isEmpty()) {
            var row = UsageException.unless(() -> target.row(prompt.size()));
            return new Row(request.aim(), target, row, Pass.of(prompt.ids()).at(row));
        }
        var following = request.following().get();
        var behind = following.behind(prompt, target, model);
        return new Behind(behind, following.extent(), following.warnings(request.input(), behind, reader, model));
    }

    /// Tokens at one row.
    record Row(Aim aim, Target target, int row, Pass pass) implements Question {
        @Override
        public int seen() {
            return row + 1;
        }

        @Override
        public int count() {
            return target.choice() instanceof Target.Choice.Top(int k) ? k : 1;
        }

        @Override
        public List<Explained> targets(Run run) {
            return target.on(run);
        }

        @Override
        public List<String> hints(Run run, List<Explained> targets) {
            return new TwinHint(run).of(aim, targets);
        }

        @Override
        public Attribution explain(Run run, List<Explained> targets, AttributionMethod method, Groups features) {
            return method instanceof JointMethod j ? j.explain(run, targets, features) : method.explain(run, targets);
        }
    }

    /// The tokens of a continuation.
    record Behind(Continuation continuation, Following.Extent extent, List<String> warnings) implements Question {
        @Override
        public Pass pass() {
            return continuation.pass();
        }

        @Override
        public int seen() {
            return continuation.prompt().length;
        }

        @Override
        public int count() {
            return extent == Following.Extent.SUM ? 1 : continuation.ids().length;
        }

        @Override
        public List<Explained> targets(Run run) {
            return continuation.targets(run);
        }

        @Override
        public List<String> hints(Run run, List<Explained> targets) {
            return warnings;
        }

        @Override
        public Attribution explain(Run run, List<Explained> targets, AttributionMethod method, Groups features) {
            if (method instanceof JointMethod joint) {
                var matrix = continuation.of(run, joint.explain(run, targets, features));
                return extent == Following.Extent.SUM ? matrix.summed() : matrix;
            }
            return extent == Following.Extent.SUM ? continuation.explainSum(run, method)
                : continuation.explain(run, method);
        }
    }
}
