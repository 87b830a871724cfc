package clew.attribution;

import clew.engine.rule.RuleSets;
import clew.model.HookPoint;
import clew.model.LanguageModel;
import clew.model.ModelException;
import clew.model.Run;
import java.util.Set;

/// One number of the model: unit `unit` of token `token` at a hook point, such as `blocks.3.mlp.hook_post:-1:17`.
///
/// @param token 0-based; negative from the end
public record Neuron(String hook, int token, int unit) {
    /// @throws IllegalArgumentException if the text is not HOOK:TOKEN:UNIT
    public static Neuron named(String text) {
        if (!text.matches("[^:]+:-?\\d{1,9}:\\d{1,9}"))
            throw new IllegalArgumentException("'" + text + "' names no neuron; write HOOK:TOKEN:UNIT, such as"
                + " blocks.0.mlp.hook_post:-1:17");
        var parts = text.split(":");
        return new Neuron(parts[0], Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
    }

    /// @throws ModelException if the hook point is none, or does not hold numbers of tokens
    void require(LanguageModel model) {
        var kind = Place.of(model, hook).point().kind();
        if (kind != HookPoint.Kind.RESIDUAL && kind != HookPoint.Kind.HEADS && kind != HookPoint.Kind.KEY_HEADS
            && kind != HookPoint.Kind.HIDDEN)
            throw new ModelException(hook + " has no neurons of tokens; choose a hook point of rows [T, …]");
    }

    int row(Run run) {
        var T = run.pass().tokens();
        var row = token < 0 ? T + token : token;
        if (row < 0 || row >= T)
            throw new ModelException("neuron " + this + ": token " + token + " is outside the input of " + T
                + " tokens");
        return row;
    }

    /// Its value in every sequence of a run.
    double value(Run run, int sequence) {
        var x = run.value(hook);
        var each = x.rows() / run.pass().sequences();
        return x.tensor().get((long) (sequence * each + row(run)) * x.cols() + unit);
    }

    /// Its derivative with respect to the embeddings, sequence after sequence.
    double[] gradient(Run run) {
        var e = run.embeddings();
        var back = run.backward(hook, row(run), unit, RuleSets.GRADIENT, Set.of(e));
        return back.reached(e) ? back.of(e).of(0) : new double[Math.toIntExact(e.tensor().size())];
    }

    /// The index of its number in a gradient of the hook point's value.
    int at(Run run, int sequence) {
        var x = run.value(hook);
        return (sequence * (x.rows() / run.pass().sequences()) + row(run)) * x.cols() + unit;
    }

    @Override
    public String toString() {
        return hook + ":" + token + ":" + unit;
    }
}
