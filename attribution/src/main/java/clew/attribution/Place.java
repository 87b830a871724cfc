package clew.attribution;

import clew.engine.tape.Value;
import clew.model.HookPoint;
import clew.model.LanguageModel;
import clew.model.ModelException;
import clew.model.Run;

/// A hook point as what a layer method explains: everything that passes there is sorted by token.
///
/// Rows `[T, C]` stay as they are; of what holds only the rows asked for (the final norm, the logits) each goes to its
/// token; of patterns and scores `[H, T, T]` a key's column goes to that key, `C = H·T`.
record Place(HookPoint point) {
    /// @throws ModelException if the model has no such hook point
    static Place of(LanguageModel model, String hook) {
        return model.family().hooks().stream().filter(p -> p.name().equals(hook)).findFirst().map(Place::new)
            .orElseThrow(() -> new ModelException("this model has no hook point '" + hook
                + "'; list them with: clew inspect --hooks"));
    }

    /// `[T·C]` by token, of one sequence's numbers `one` in the layout of the hook point.
    double[] byToken(double[] one, Run run) {
        var T = run.pass().tokens();
        return switch (point.kind()) {
            case RESIDUAL, HEADS, KEY_HEADS, HIDDEN -> one;
            case FINAL, LOGITS -> {
                var asked = run.pass().asked();
                var C = one.length / asked.length;
                var out = new double[T * C];
                for (int j = 0; j < asked.length; j++) System.arraycopy(one, j * C, out, asked[j] * C, C);
                yield out;
            }
            case PATTERN, SCORES -> {
                var C = one.length / T;
                var out = new double[one.length];
                for (int i = 0; i < one.length; i++) out[i % T * C + i / T] = one[i];
                yield out;
            }
        };
    }

    /// Numbers of one sequence at a value of a batch.
    static int size(Value x, Run batch) {
        return Math.toIntExact(x.tensor().size() / batch.pass().sequences());
    }
}
