package clew.attribution;

import clew.model.Run;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntFunction;

/// `1/n Σ_i (e + ν_i) ⊙ g(e + ν_i)`, `ν_i ~ N(0, σ²)` — input × gradient averaged over noisy copies of the input
/// (Smilkov et al. 2017; the product with the noisy input as Captum's NoiseTunnel of InputXGradient).
///
/// @param noise   σ as a share of the standard deviation of the input's embeddings
/// @param samples n, at most
/// @param seed    of the draws: `java.util.Random`, sample after sample, row after row
/// @param tolerance stops early once half of no 95 % interval of a token's sum is above this share of the largest;
///     0 never
public record SmoothGrad(double noise, int samples, long seed, double tolerance, Aggregate aggregate)
        implements AdditiveMethod, MovingMethod {
    public SmoothGrad {
        if (!(noise > 0 && noise < 1e6)) throw new IllegalArgumentException("noise must be above 0, not " + noise);
        if (samples < 1) throw new IllegalArgumentException("samples must be at least 1, not " + samples);
        if (!(tolerance >= 0)) throw new IllegalArgumentException("a tolerance is at least 0, not " + tolerance);
    }

    /// All samples.
    public SmoothGrad(double noise, int samples, long seed, Aggregate aggregate) {
        this(noise, samples, seed, 0, aggregate);
    }

    @Override
    public String name() {
        return "smoothgrad";
    }

    @Override
    public long evaluations(Groups groups, int targets) {
        return samples;
    }

    @Override
    public Attribution explain(Run run, List<Explained> targets, int prompt) {
        var e = run.embeddings().tensor().toDoubles();
        return explain(run, targets, prompt, draws(e));
    }

    private IntFunction<double[]> draws(double[] e) {
        var sigma = noise * deviation(e);
        var random = new Random(seed);
        var all = new double[samples][e.length];
        for (var one : all) for (int i = 0; i < one.length; i++) one[i] = sigma * random.nextGaussian();
        return i -> all[i];
    }

    /// With noise that is given, `[T·D]` per sample.
    Attribution explain(Run run, List<Explained> targets, int prompt, IntFunction<double[]> drawn) {
        var work = new Explanation(run, targets);
        var inputs = new Inputs(run, targets, prompt);
        var zero = new double[inputs.own().length];
        var mean = Samples.of(inputs, targets, samples, tolerance, i -> {
            var noisy = drawn.apply(i).clone();
            for (int j = 0; j < noisy.length; j++)
                noisy[j] = inputs.own()[j] + (j < inputs.movable() ? noisy[j] : 0);
            return new Samples.Draw(zero, noisy, 1);
        });
        work.evaluated(mean.count());
        return work.sampled(name(), Map.of("noise", noise, "seed", seed), mean, tolerance, aggregate, List.of());
    }

    private static double deviation(double[] e) {
        double mean = Products.sum(e) / e.length, square = 0;
        for (double v : e) square += (v - mean) * (v - mean) / e.length;
        return Math.sqrt(square);
    }
}
