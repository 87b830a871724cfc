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
    /// @throws ModelException if prompt and continuation together pass the model's positions, or a logit is NaN
    public Continuation greedy(int[] prompt, int length, Set<Integer> ends) {
        requireRoom(prompt, length);
        var cache = new KvCache(model.spec().layers());
        var out = new int[Math.min(length, 64)];
        var next = prompt;
        for (int n = 0; n < length; n++) {
            try (var run = model.run(Pass.of(next).forgetting(), cache)) {
                var id = argmax(run.logits(0, next.length - 1));
                if (ends.contains(id)) return new Continuation(Arrays.copyOf(out, n), Stop.EOS);
                if (n == out.length) out = Arrays.copyOf(out, Math.min(length, 2 * n));
                out[n] = id;
                next = new int[] {id};
            }
        }
        return new Continuation(Arrays.copyOf(out, length), Stop.LENGTH);
    }

    /// The last new token is never run, so it needs no position.
    private void requireRoom(int[] prompt, int length) {
        if (length < 0) throw new IllegalArgumentException("a continuation has at least 0 tokens, not " + length);
        int positions = model.spec().positions(), room = positions - prompt.length + 1;
        if (room >= 1 && length > room)
            throw new ModelException("a prompt of " + prompt.length + " tokens and " + length
                + " new ones pass the model's " + positions + " positions; ask for at most " + room);
    }

    private int argmax(double[] logits) {
        var best = 0;
        for (int i = 0; i < logits.length; i++) {
            if (Double.isNaN(logits[i])) throw model.notFinite("the logit of token " + i);
            if (logits[i] > logits[best]) best = i;
        }
        return best;
    }
}
