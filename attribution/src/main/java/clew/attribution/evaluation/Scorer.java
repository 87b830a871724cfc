package clew.attribution.evaluation;

import clew.attribution.AttributionMethod;
import clew.attribution.Explained;
import clew.attribution.Target;
import clew.model.LanguageModel;
import clew.model.Pass;
import java.util.Random;

/// What gives every token a score: a method, or chance.
public interface Scorer {
    /// `[T]` for the scalar that is defined as `f` is, on this pass of this model.
    double[] scores(LanguageModel model, Pass pass, Explained f);

    /// A method.
    static Scorer of(AttributionMethod method) {
        return (model, pass, f) -> {
            try (var run = model.run(declaring(model, pass, method))) {
                return method.explain(run, again(f)).scores()[0];
            }
        };
    }

    /// The pass with the hooks that serve the method, so that it needs no second one.
    static Pass declaring(LanguageModel model, Pass pass, AttributionMethod method) {
        var hooks = method.hooks(model);
        return hooks.isEmpty() ? pass : pass.hooks(hooks.toArray(String[]::new));
    }

    /// Independent draws from −1 … 1: every order of the tokens is as likely as any other.
    static Scorer random(Random random) {
        return (_, pass, _) -> random.doubles(pass.tokens(), -1, 1).toArray();
    }

    /// The target that is explained by f, for another run.
    static Target again(Explained f) {
        return Target.id(f.id()).at(f.position()).by(f.score()).against(f.contrast());
    }
}
