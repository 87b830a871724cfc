package clew.model;

import java.util.List;
import java.util.SplittableRandom;

/// How the next token comes from a row of logits: filters in their order, then a choice.
///
/// Hugging Face's order is repetition penalty, barriers, temperature, top-k, top-p, min-p, typical-p; from the
/// temperature on only when drawing.
public record Sampler(List<LogitFilter> filters, Choice choice) {
    /// The likeliest token of the logits as they are.
    public static final Sampler GREEDY = new Sampler(List.of(), new Choice.Best());

    public Sampler {
        filters = List.copyOf(filters);
    }

    /// Which token is taken of those that the filters leave.
    public sealed interface Choice {
        /// The likeliest; of tokens that tie, the lowest id.
        record Best() implements Choice {}

        /// One by its probability; the same seed draws the same tokens again.
        record Draw(long seed) implements Choice {}
    }

    /// A beginning: where the draws of one continuation come from.
    SplittableRandom start() {
        return new SplittableRandom(choice instanceof Choice.Draw(var seed) ? seed : 0);
    }

    /// @param seen the ids so far, prompt and continuation
    /// @throws ModelException if the filters leave no token
    int next(int[] seen, double[] logits, SplittableRandom random) {
        var left = filter(seen, logits);
        var best = best(left);
        if (left[best] == Double.NEGATIVE_INFINITY)
            throw new ModelException("no token is left to come next: those that may not are all there are");
        return switch (choice) {
            case Choice.Best _ -> best;
            case Choice.Draw _ -> draw(LogitFilter.softmax(left), random.nextDouble());
        };
    }

    /// The logits that the choice sees; −∞ for tokens that are out.
    public double[] filter(int[] seen, double[] logits) {
        var row = logits;
        for (var filter : filters) row = filter.apply(seen, row);
        return row;
    }

    private static int best(double[] logits) {
        var best = 0;
        for (int i = 1; i < logits.length; i++) if (logits[i] > logits[best]) best = i;
        return best;
    }

    /// The first id whose cumulative probability passes `u`; the last possible one if rounding keeps the sum below it.
    private static int draw(double[] probabilities, double u) {
        int last = 0;
        double sum = 0;
        for (int i = 0; i < probabilities.length; i++) {
            if (probabilities[i] == 0) continue;
            last = i;
            sum += probabilities[i];
            if (sum > u) return i;
        }
        return last;
    }
}
