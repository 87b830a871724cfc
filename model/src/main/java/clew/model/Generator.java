package clew.model;

import java.util.Arrays;
import java.util.Set;

/// Greedy continuation with a key–value cache: each step runs only the new token.
public final class Generator {
    private final LanguageModel model;

    public Generator(LanguageModel model) {
        this.model = model;
    }

    /// Why a continuation ended.
    public enum Stop { LENGTH, EOS }

    /// @param ids the continuation only, without an end-of-sequence token
    public record Continuation(int[] ids, Stop stop) {}

    /// The likeliest token again and again, at most `length` of them.
    ///
    /// Ties go to the lowest id.
    ///
    /// @param ends ids that end the text; they are not part of it
    /// @throws ModelException if prompt and continuation together pass the model's positions
    public Continuation greedy(int[] prompt, int length, Set<Integer> ends) {
        var cache = new KvCache(model.spec().layers());
        var out = new int[length];
        var next = prompt;
        for (int n = 0; n < length; n++) {
            try (var run = model.run(Pass.of(next).forgetting(), cache)) {
                var id = argmax(run.logits(0, next.length - 1));
                if (ends.contains(id)) return new Continuation(Arrays.copyOf(out, n), Stop.EOS);
                out[n] = id;
                next = new int[] {id};
            }
        }
        return new Continuation(out, Stop.LENGTH);
    }

    private static int argmax(double[] logits) {
        var best = 0;
        for (int i = 1; i < logits.length; i++) if (logits[i] > logits[best]) best = i;
        return best;
    }
}
