package clew.attribution.evaluation;

import clew.attribution.AttributionMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.LongSupplier;

/// Judges several methods by several metrics on one prompt after another, always beside random rankings.
///
/// @param draws random rankings of each prompt
/// @param seed  of the random rankings
/// @param clock nanoseconds that an explanation is charged for, asked before and after it by the thread that judges
/// @param top   how many tokens at the top of two methods are compared
public record Evaluation(List<Candidate> candidates, List<Metric> metrics, int draws, long seed, LongSupplier clock,
                         int top) {
    /// A method under a name of its own, such as `lrp (cp-lrp)`.
    public record Candidate(String label, AttributionMethod method) {}

    public Evaluation {
        candidates = List.copyOf(candidates);
        metrics = List.copyOf(metrics);
        if (draws < 1) throw new IllegalArgumentException("draws must be at least 1, not " + draws);
        if (top < 1) throw new IllegalArgumentException("the top has at least 1 token, not " + top);
    }

    /// By the time on the wall, with the top three.
    public Evaluation(List<Candidate> candidates, List<Metric> metrics, int draws, long seed) {
        this(candidates, metrics, draws, seed, System::nanoTime, Agreement.TOP);
    }

    /// The metrics that need nothing but the model.
    ///
    /// @param perturbations draws of max-sensitivity
    public static List<Metric> standard(long seed, int perturbations) {
        var metrics = new ArrayList<Metric>();
        for (int k : new int[] {1, 3, 5}) metrics.add(new Sufficiency(k));
        for (int k : new int[] {1, 3, 5}) metrics.add(new Comprehensiveness(k));
        metrics.add(new Eraser(Eraser.Part.SUFFICIENCY));
        metrics.add(new Eraser(Eraser.Part.COMPREHENSIVENESS));
        for (var reading : Perturbation.Reading.values()) metrics.add(new Perturbation(reading));
        metrics.add(new Infidelity(32, seed));
        metrics.add(new MaxSensitivity(0.02, perturbations, seed));
        metrics.add(new TauLoo());
        for (var measure : Sparsity.Measure.values()) metrics.add(new Sparsity(measure));
        for (var measure : Plausibility.Measure.values()) metrics.add(new Plausibility(measure));
        metrics.add(new Consistency());
        return metrics;
    }

    /// Who hears what share of a prompt's work is done.
    public interface Listener {
        void done(double share);
    }

    /// The verdict on every method for this prompt.
    ///
    /// @param name names the prompt and, with the seed, fixes its random rankings
    public Verdict judge(String name, Trial trial, Listener listener) {
        var rankings = new ArrayList<Verdict.Ranking>();
        for (var candidate : candidates) {
            var start = clock.getAsLong();
            var judged = Judged.of(trial, Scorer.of(candidate.method()));
            var seconds = (clock.getAsLong() - start) / 1e9;
            rankings.add(new Verdict.Ranking(candidate.label(), judged.scores(), numbers(judged), seconds));
            listener.done((rankings.size() + 0.0) / (candidates.size() + 1));
        }
        var random = new double[draws][];
        var chance = chance(seed, name);
        for (int i = 0; i < draws; i++) random[i] = numbers(Judged.of(trial, chance));
        listener.done(1);
        return Verdict.of(name, trial, rankings, random, top);
    }

    /// Random rankings, one after another.
    ///
    /// @param name of the prompt that they are of
    public static Scorer chance(long seed, String name) {
        return Scorer.random(new Random(mixed(seed * 31 + name.hashCode())));
    }

    /// A seed that shares nothing with its neighbours': a linear congruential generator begins alike from seeds near
    /// each other, and prompts have names such as 1, 2, 3 (the finaliser of SplitMix64, Steele et al. 2014).
    static long mixed(long seed) {
        var z = seed + 0x9E3779B97F4A7C15L;
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }

    private double[] numbers(Judged judged) {
        return metrics.stream().mapToDouble(m -> m.of(judged)).toArray();
    }
}
