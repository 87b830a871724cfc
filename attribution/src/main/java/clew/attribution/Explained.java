package clew.attribution;

import java.util.Arrays;

/// One explained scalar f: a score of one token at one row, as a function of that row's logits z, with its derivative.
///
/// | score | f | `∂f/∂z[i]`, p = softmax(z) |
/// |---|---|---|
/// | logit | `z[t]` | `1[i=t]` |
/// | logprob | `z[t] − log Σ exp z` | `1[i=t] − p[i]` |
/// | prob | `p[t]` | `p[t](1[i=t] − p[i])` |
/// | entropy | `H = −Σ p log p` | `−p[i](log p[i] + H)` |
///
/// A contrast subtracts the same of the foil, or the mean over all tokens.
///
/// @param rank  1 for the likeliest token of the row
/// @param value f at the input
public record Explained(int position, int id, Score score, Contrast contrast, int rank, double value) {
    static Explained of(int position, int id, Score score, Contrast contrast, double[] logits) {
        var rank = 1;
        for (double z : logits) if (z > logits[id]) rank++;
        var f = new Explained(position, id, score, contrast, rank, 0);
        return new Explained(position, id, score, contrast, rank, f.at(logits));
    }

    /// f at a row of logits.
    public double at(double[] z) {
        var of = score == Score.LOGIT ? z : score == Score.PROB ? exp(logSoftmax(z)) : logSoftmax(z);
        if (score == Score.ENTROPY) return entropy(of);
        return of[id] - switch (contrast) {
            case Contrast.None _         -> 0;
            case Contrast.Foil(int foil) -> of[foil];
            case Contrast.Mean _         -> mean(of);
        };
    }

    /// ∂f/∂z at a row of logits: the seed of a backward pass.
    public double[] derivative(double[] z) {
        var seed = new double[z.length];
        if (score == Score.ENTROPY) {
            var logp = logSoftmax(z);
            var h = entropy(logp);
            for (int i = 0; i < z.length; i++)
                seed[i] = logp[i] == Double.NEGATIVE_INFINITY ? 0 : -Math.exp(logp[i]) * (logp[i] + h);
            return seed;
        }
        var outer = new double[z.length];                       // ∂f/∂(score of every token)
        switch (contrast) {
            case Contrast.None _         -> {}
            case Contrast.Foil(int foil) -> outer[foil] -= 1;
            case Contrast.Mean _         -> Arrays.fill(outer, -1.0 / z.length);
        }
        outer[id] += 1;
        if (score == Score.LOGIT) return outer;
        var p = exp(logSoftmax(z));
        var sum = 0.0;
        for (int i = 0; i < z.length; i++) sum += score == Score.PROB ? outer[i] * p[i] : outer[i];
        for (int i = 0; i < z.length; i++)
            seed[i] = score == Score.PROB ? p[i] * (outer[i] - sum) : outer[i] - p[i] * sum;
        return seed;
    }

    /// `z − log Σ exp z`.
    public static double[] logSoftmax(double[] z) {
        var max = Double.NEGATIVE_INFINITY;
        for (double v : z) max = Math.max(max, v);
        var sum = 0.0;
        for (double v : z) sum += Math.exp(v - max);
        var out = new double[z.length];
        for (int i = 0; i < z.length; i++) out[i] = z[i] - max - Math.log(sum);
        return out;
    }

    private static double[] exp(double[] logp) {
        var out = new double[logp.length];
        for (int i = 0; i < logp.length; i++) out[i] = Math.exp(logp[i]);
        return out;
    }

    private static double entropy(double[] logp) {
        var h = 0.0;
        for (double l : logp) if (l != Double.NEGATIVE_INFINITY) h -= Math.exp(l) * l;
        return h;
    }

    private static double mean(double[] v) {
        var sum = 0.0;
        for (double x : v) sum += x;
        return sum / v.length;
    }
}
