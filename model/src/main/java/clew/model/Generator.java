package clew.model;

import java.util.Arrays;
import java.util.Set;
import java.util.function.IntPredicate;

/// Continuation with a key–value cache: each step runs only the new token.
public final class Generator {
    private final LanguageModel model;

    public Generator(LanguageModel model) {
        this.model = model;
    }

    /// Why a continuation ended: it is as long as was asked for, an end token came, or a stop token, or a listener had
    /// enough.
    public enum Stop { LENGTH, EOS, STOP }

    /// @param ids the continuation only, without the token that ended it
    public record Continuation(int[] ids, Stop stop) {}

    /// Where a continuation ends at the latest.
    ///
    /// @param length how many new tokens at most
    /// @param ends   ids that end the text; they are not part of it
    /// @param stops  more of them, the asker's own
    public record Limits(int length, Set<Integer> ends, Set<Integer> stops) {
        public Limits {
            if (length < 0)
                throw new IllegalArgumentException("a continuation has at least 0 tokens, not " + length);
            ends = Set.copyOf(ends);
            stops = Set.copyOf(stops);
        }
    }

    /// The likeliest token again and again, at most `length` of them.
    ///
    /// Ties go to the lowest id.
    ///
    /// @throws ModelException as [#generate] does
    public Continuation greedy(int[] prompt, int length, Set<Integer> ends) {
        return generate(prompt, new Limits(length, ends, Set.of()), Sampler.GREEDY, _ -> true);
    }

    /// One token after another, as the sampler chooses them.
    ///
    /// @param more hears of every new token, and says whether to go on behind it
    /// @throws ModelException if prompt and continuation together pass the model's positions, or a logit is NaN
    public Continuation generate(int[] prompt, Limits limits, Sampler sampler, IntPredicate more) {
        int length = limits.length(), T = prompt.length;
        requireRoom(T, length);
        var cache = new KvCache(model.spec().layers());
        var random = sampler.start();
        var all = Arrays.copyOf(prompt, T + Math.min(length, 64));
        for (int n = 0; n < length; n++) {
            var fresh = n == 0 ? prompt : new int[] {all[T + n - 1]};
            try (var run = model.run(Pass.of(fresh).forgetting(), cache)) {
                var logits = finite(run.logits(0, fresh.length - 1));
                var id = sampler.next(Arrays.copyOf(all, T + n), logits, random);
                if (limits.ends().contains(id)) return continuation(all, T, n, Stop.EOS);
                if (limits.stops().contains(id)) return continuation(all, T, n, Stop.STOP);
                if (T + n == all.length) all = Arrays.copyOf(all, T + Math.min(length, 2 * n));
                all[T + n] = id;
                if (!more.test(id)) return continuation(all, T, n + 1, Stop.STOP);
            }
        }
        return continuation(all, T, length, Stop.LENGTH);
    }

    private static Continuation continuation(int[] all, int prompt, int length, Stop stop) {
        return new Continuation(Arrays.copyOfRange(all, prompt, prompt + length), stop);
    }

    /// The last new token is never run, so it needs no position.
    private void requireRoom(int prompt, int length) {
        int positions = model.spec().positions(), room = positions - prompt + 1;
        if (room >= 1 && length > room)
            throw new ModelException("a prompt of " + prompt + " tokens and " + length
                + " new ones pass the model's " + positions + " positions; ask for at most " + room);
    }

    private double[] finite(double[] logits) {
        for (int i = 0; i < logits.length; i++)
            if (Double.isNaN(logits[i])) throw model.notFinite("the logit of token " + i);
        return logits;
    }
}
