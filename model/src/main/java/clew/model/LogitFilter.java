package clew.model;

import static java.util.Comparator.comparingDouble;

import java.util.Arrays;
import java.util.BitSet;
import java.util.PriorityQueue;
import java.util.stream.IntStream;

/// What is done to a row of logits before a token is chosen: each is one of Hugging Face's logits processors.
///
/// A filter returns a row of its own; a token that is out has the logit −∞.
public sealed interface LogitFilter permits Barrier, LogitFilter.RepetitionPenalty, LogitFilter.Temperature,
    LogitFilter.TopK, LogitFilter.TopP, LogitFilter.MinP, LogitFilter.Typical {
    /// @param seen   the ids so far, prompt and continuation
    /// @param logits `[V]`
    double[] apply(int[] seen, double[] logits);

    /// `z → z / penalty` where z ≥ 0, else `z · penalty`, for every token that was seen (CTRL, section 4.1).
    record RepetitionPenalty(double penalty) implements LogitFilter {
        public RepetitionPenalty {
            require(penalty > 0 && Double.isFinite(penalty),
                "the repetition penalty is a number above 0, not", penalty);
        }

        @Override
        public double[] apply(int[] seen, double[] logits) {
            var out = logits.clone();
            var done = new BitSet(out.length);
            for (int id : seen) {
                if (id >= out.length || done.get(id)) continue;
                done.set(id);
                out[id] = out[id] < 0 ? out[id] * penalty : out[id] / penalty;
            }
            return out;
        }
    }

    /// `z / τ`.
    record Temperature(double tau) implements LogitFilter {
        public Temperature {
            require(tau > 0 && Double.isFinite(tau), "a temperature to draw with is a number above 0, not", tau);
        }

        @Override
        public double[] apply(int[] seen, double[] logits) {
            return Arrays.stream(logits).map(z -> z / tau).toArray();
        }
    }

    /// Keeps the k highest logits, and what ties with the lowest of them.
    record TopK(int k) implements LogitFilter {
        public TopK {
            require(k >= 1, "top-k keeps at least 1 token, not", k);
        }

        @Override
        public double[] apply(int[] seen, double[] logits) {
            var best = new PriorityQueue<Double>(Math.min(k, logits.length) + 1);
            for (double z : logits) {
                if (best.size() == k && z <= best.element()) continue;
                best.add(z);
                if (best.size() > k) best.remove();
            }
            double least = best.element();
            return Arrays.stream(logits).map(z -> z < least ? Double.NEGATIVE_INFINITY : z).toArray();
        }
    }

    /// Keeps the likeliest tokens whose probabilities together reach p: in ascending order a token is out while the
    /// sum up to it is at most 1 − p. The likeliest always stays (nucleus sampling, Holtzman et al. 2020).
    record TopP(double p) implements LogitFilter {
        public TopP {
            require(p >= 0 && p <= 1, "top-p lies from 0 to 1, not at", p);
        }

        @Override
        public double[] apply(int[] seen, double[] logits) {
            var rising = Arrays.stream(logits).filter(z -> z > Double.NEGATIVE_INFINITY).sorted().toArray();
            var probabilities = softmax(rising);
            var out = 0;
            for (double sum = 0; out < rising.length - 1; out++) {
                sum += probabilities[out];
                if (sum > 1 - p) break;
            }
            return without(out, rising, logits);
        }

        /// Without the `out` lowest; of tokens that tie, the lowest ids go first.
        private static double[] without(int out, double[] rising, double[] logits) {
            if (rising.length == 0) return logits.clone();
            var least = rising[out];
            var ties = 0;
            while (ties < out && rising[out - 1 - ties] == least) ties++;
            var kept = logits.clone();
            for (int i = 0; i < kept.length; i++)
                if (kept[i] < least || kept[i] == least && ties-- > 0) kept[i] = Double.NEGATIVE_INFINITY;
            return kept;
        }
    }

    /// Keeps tokens at least `p` times as likely as the likeliest (Nguyen et al. 2024).
    record MinP(double p) implements LogitFilter {
        public MinP {
            require(p >= 0 && p <= 1, "min-p lies from 0 to 1, not at", p);
        }

        @Override
        public double[] apply(int[] seen, double[] logits) {
            var probabilities = softmax(logits);
            var best = 0;
            for (int i = 1; i < logits.length; i++) if (probabilities[i] > probabilities[best]) best = i;
            var out = logits.clone();
            for (int i = 0; i < out.length; i++)
                if (i != best && probabilities[i] < p * probabilities[best]) out[i] = Double.NEGATIVE_INFINITY;
            return out;
        }
    }

    /// Keeps the tokens whose surprise `−log p` is nearest the row's entropy, of probability `mass` together, and what
    /// ties with the farthest of them (locally typical sampling, Meister et al. 2023).
    record Typical(double mass) implements LogitFilter {
        public Typical {
            require(mass > 0 && mass <= 1, "typical-p lies above 0 and at most at 1, not at", mass);
        }

        @Override
        public double[] apply(int[] seen, double[] logits) {
            var p = softmax(logits);
            var entropy = -Arrays.stream(p).filter(x -> x > 0).map(x -> x * Math.log(x)).sum();
            var apart = Arrays.stream(p).map(x -> Math.abs(-Math.log(x) - entropy)).toArray();
            var nearest = IntStream.range(0, p.length).boxed().sorted(comparingDouble(i -> apart[i])).toList();
            var last = 0;
            for (var sum = p[nearest.getFirst()]; sum < mass && last < p.length - 1; sum += p[nearest.get(last)])
                last++;
            var farthest = apart[nearest.get(last)];
            return IntStream.range(0, p.length)
                .mapToDouble(i -> apart[i] > farthest ? Double.NEGATIVE_INFINITY : logits[i]).toArray();
        }
    }

    /// `exp(z − max) / Σ exp(z − max)`.
    static double[] softmax(double[] logits) {
        var max = Arrays.stream(logits).max().orElse(0);
        var out = Arrays.stream(logits).map(z -> Math.exp(z - max)).toArray();
        var sum = Arrays.stream(out).sum();
        for (int i = 0; i < out.length; i++) out[i] /= sum;
        return out;
    }

    private static void require(boolean fits, String what, Number value) {
        if (!fits) throw new IllegalArgumentException(what + " " + value);
    }
}
