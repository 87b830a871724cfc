package clew.attribution;

import clew.model.LanguageModel;
import clew.model.Run;
import java.util.List;
import java.util.Set;

/// A way to say which tokens made the model say what it said. Implementations are small, final and without state.
public interface AttributionMethod {
    /// As the command line names it.
    String name();

    /// What a run may declare beforehand, so that it serves this method too; else the method runs the model once more.
    default Set<String> hooks(LanguageModel model) {
        return Set.of();
    }

    /// Explains scalars of a run of one sequence that asked for their rows.
    Attribution explain(Run run, List<Explained> targets);

    /// Says in one sentence why the method cannot explain this model, or features made of tokens like this.
    ///
    /// @throws clew.model.ModelException if it cannot
    default void require(LanguageModel model, Groups groups) {}

    /// Sequences that an explanation of `targets` scalars runs forward, besides the run itself; a guess where it
    /// depends on what is found.
    default long evaluations(Groups groups, int targets) {
        return 0;
    }

    /// Explains scalars of a run whose first `prompt` tokens are a prompt and the rest a continuation that is given:
    /// what moves inputs, or takes them away, moves those of the prompt alone. Scores are of all tokens of the run.
    default Attribution explain(Run run, List<Explained> targets, int prompt) {
        return explain(run, targets);
    }

    /// Explains a target of a run.
    default Attribution explain(Run run, Target target) {
        return explain(run, target.on(run));
    }
}
