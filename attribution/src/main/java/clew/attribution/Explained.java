package clew.attribution;

import clew.engine.op.LogarithmicMean;
import clew.model.Run;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// One explained scalar f: a score of one token at one row, as a function of that row's logits z, with its derivative.
///
/// | score | f | `∂f/∂z[i]`, p = softmax(z) |
/// |---|---|---|
/// | logit | `z[t]` | `1[i=t]` |
/// | logprob | `z[t] − log Σ exp z` | `1[i=t] − p[i]` |
/// | prob | `p[t]` | `p[t](1[i=t] − p[i])` |
/// | entropy | `H = −Σ p log p` | `−p[i](log p[i] + H)` |
/// | kl | `Σ q (log p − log q)` | `q[i] − p[i]` |
///
/// A contrast subtracts the same of the foil, or the mean over all tokens.
///
/// @param rank  1 for the likeliest token of the row
/// @param value f at the input
/// A sum of such scalars is one too: at the last one's row and of its token, with the worst rank among them.
///
/// @param known log q of the row, for kl; else null
/// @param terms of a sum, by ascending row; else empty
public record Explained(int position, int id, Score score, Contrast contrast, int rank, double value,
                        double @Nullable [] known, List<Explained> terms) {
    /// By a score that compares with nothing known.
    public Explained(int position, int id, Score score, Contrast contrast, int rank, double value) {
        this(position, id, score, contrast, rank, value, null, List.of());
    }

    static Explained of(int position, int id, Score score, Contrast contrast, double[] logits) {
        var rank = 1;
        for (double z : logits) if (z > logits[id]) rank++;
        var known = score == Score.KL ? logSoftmax(logits) : null;
        var f = new Explained(position, id, score, contrast, rank, 0, known, List.of());
        return new Explained(position, id, score, contrast, rank, f.at(logits), known, List.of());
    }

    /// `Σ f` of scalars at ascending rows: what explains it takes one way back for all of them.
    static Explained sum(List<Explained> terms) {
        var last = terms.getLast();
        return new Explained(last.position, last.id, last.score, last.contrast,
            terms.stream().mapToInt(Explained::rank).max().orElseThrow(),
            terms.stream().mapToDouble(Explained::value).sum(), null, List.copyOf(terms));
    }

    /// The scalars of single rows that this one is the sum of.
    List<Explained> rows() {
        return terms.isEmpty() ? List.of(this) : terms;
    }

    /// f of one sequence of a run.
    double at(Run run, int sequence) {
        var sum = 0.0;
        for (var f : rows()) sum += f.at(run.logits(sequence, f.position));
        return sum;
    }

    /// `⟨∂f/∂z, z⟩` of a run of one sequence: the amount that relevance begins with.
    double amount(Run run) {
        var sum = 0.0;
        for (var f : rows()) {
            var z = run.logits(0, f.position);
            sum += Products.sum(Products.of(f.derivative(z), z));
        }
        return sum;
    }

    /// ∂f/∂z in every sequence of a run.
    Run.Seed seed(Run run) {
        return new Run.Seed(rows().stream().map(f -> new Run.Row(f.position,
            IntStream.range(0, run.pass().sequences()).mapToObj(b -> f.derivative(run.logits(b, f.position))).toList()))
            .toList());
    }

    /// [#multipliers] of a run of two inputs, from the second to the first.
    Run.Seed difference(Run pair) {
        return new Run.Seed(rows().stream().map(f -> new Run.Row(f.position,
            List.of(f.multipliers(pair.logits(0, f.position), pair.logits(1, f.position)), new double[0]))).toList());
    }

    /// f at a row of logits.
    public double at(double[] z) {
        var of = score == Score.LOGIT ? z : score == Score.PROB ? exp(logSoftmax(z)) : logSoftmax(z);
        if (score == Score.ENTROPY) return entropy(of);
        if (known != null) return 0 - divergence(known, of);               // 0 and not −0 where nothing moved
        return of[id] - switch (contrast) {
            case Contrast.None _         -> 0;
            case Contrast.Foil(int foil) -> of[foil];
            case Contrast.Mean _         -> mean(of);
        };
    }

    /// ∂f/∂z at a row of logits: the seed of a backward pass.
    public double[] derivative(double[] z) {
        var seed = new double[z.length];
        if (known != null) {
            var p = exp(logSoftmax(z));
            for (int i = 0; i < z.length; i++) seed[i] = Math.exp(known[i]) - p[i];
            return seed;
        }
        if (score == Score.ENTROPY) {
            var logp = logSoftmax(z);
            var h = entropy(logp);
            for (int i = 0; i < z.length; i++)
                seed[i] = logp[i] == Double.NEGATIVE_INFINITY ? 0 : -Math.exp(logp[i]) * (logp[i] + h);
            return seed;
        }
        var outer = outer(z.length);                            // ∂f/∂(score of every token)
        if (score == Score.LOGIT) return outer;
        var p = exp(logSoftmax(z));
        var sum = 0.0;
        for (int i = 0; i < z.length; i++) sum += score == Score.PROB ? outer[i] * p[i] : outer[i];
        for (int i = 0; i < z.length; i++)
            seed[i] = score == Score.PROB ? p[i] * (outer[i] - sum) : outer[i] - p[i] * sum;
        return seed;
    }

    /// What every logit has of `f(z) − f(z′)`, per unit that it moved: the derivative with finite differences in it.
    ///
    /// `Δp = λ Δlog p` with λ the [LogarithmicMean], and `Δlog p = Δz − ⟨λ, Δz⟩/Σλ`, as `Σ Δp = 0`.
    double[] multipliers(double[] z, double[] from) {
        var seed = outer(z.length);
        if (score == Score.LOGIT) return seed;
        double[] a = logSoftmax(z), b = logSoftmax(from), lambda = new double[z.length];
        for (int i = 0; i < z.length; i++) {
            lambda[i] = LogarithmicMean.of(a[i], b[i]);
            seed[i] = switch (score) {                          // Δf/Δlog p
                case LOGIT, LOGPROB -> seed[i];
                case PROB           -> seed[i] * lambda[i];
                case KL             -> Math.exp(Objects.requireNonNull(known)[i]);
                case ENTROPY        -> lambda[i] == 0 ? 0
                    : -lambda[i] * (a[i] + b[i]) / 2 - (Math.exp(a[i]) + Math.exp(b[i])) / 2;
            };
        }
        var all = Arrays.stream(seed).sum() / Arrays.stream(lambda).sum();
        for (int i = 0; i < z.length; i++) seed[i] -= lambda[i] * all;
        return seed;
    }

    /// Of the scores of all tokens, what f adds and subtracts.
    private double[] outer(int tokens) {
        var outer = new double[tokens];
        if (score == Score.ENTROPY || score == Score.KL) return outer;
        switch (contrast) {
            case Contrast.None _         -> {}
            case Contrast.Foil(int foil) -> outer[foil] -= 1;
            case Contrast.Mean _         -> Arrays.fill(outer, -1.0 / tokens);
        }
        outer[id] += 1;
        return outer;
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

    /// `KL(q ‖ p)`.
    private static double divergence(double[] logq, double[] logp) {
        var d = 0.0;
        for (int i = 0; i < logp.length; i++)
            if (logq[i] != Double.NEGATIVE_INFINITY) d += Math.exp(logq[i]) * (logq[i] - logp[i]);
        return d;
    }

    private static double mean(double[] v) {
        var sum = 0.0;
        for (double x : v) sum += x;
        return sum / v.length;
    }
}
