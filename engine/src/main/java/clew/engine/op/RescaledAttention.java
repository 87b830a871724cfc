package clew.engine.op;

import static clew.engine.op.Halves.factor;
import static clew.engine.op.Halves.facing;

import clew.engine.kernel.Fused;
import clew.engine.kernel.Heads;
import clew.engine.kernel.Kernels;
import clew.engine.rule.Product;
import clew.engine.tape.Pull;
import clew.engine.tensor.Rows;
import clew.engine.tensor.Rows.Run;
import clew.engine.tensor.Shape;
import clew.engine.tensor.Tensor;
import clew.engine.tensor.Weight;
import clew.engine.tensor.Weight.Layout;
import java.util.List;
import java.util.stream.IntStream;

/// How [Attend] is read where mix or score is RESCALE: as [Mix], [CausalSoftmax] and [Score] in turn, the pairs of a
/// band of queries at a time.
///
/// With `S = c · q kᵀ`, `P = softmax(S)`, a prime for the other half of the batch and a bar for the mean of the two:
///
/// | share of | is |
/// |---|---|
/// | v | `P̄ᵀ g` |
/// | P | `G = g v̄ᵀ` |
/// | S | `D = λ ⊙ (G − ⟨λ, G⟩/Σλ)`, `λ = (P − P′)/(log P − log P′)` |
/// | q | `c · D k̄` |
/// | k | `c · Dᵀ q̄` |
///
/// A product that is not RESCALE has its own factor in the place of the mean, and a softmax before such scores its
/// gradient. What goes to v is what attention in one piece hands back, of both halves, so it needs no pattern; λ and D
/// exist for 64 queries at a time, `[H·64, T]`. What bands add to k is summed in float64.
///
/// Shrikumar et al. 2017, "Learning important features"; products split evenly as in SHAP's DeepExplainer.
record RescaledAttention(Attend op, Pull pull) {
    /// Queries of a band.
    private static final int BAND = 64;

    private record Shares(Tensor q, Tensor k) {}

    void backward() {
        var x = op.tensors();
        if (x.sequences() % 2 != 0)
            throw new IllegalArgumentException(
                "rescale: " + x.sequences() + " sequences are not some and as many to compare them with");
        var keyRows = x.keyRows(pull.rows());
        var rules = pull.rules();
        pull.to(op.v(), keyRows, () -> toValues(x));
        if (rules.mix() == Product.FREEZE || !pull.wants(op.q()) && !pull.wants(op.k())) return;
        var shares = rules.score() == Product.RESCALE ? compared(x) : moved(x);
        pull.to(op.q(), shares::q);
        pull.to(op.k(), keyRows, shares::k);
    }

    private Tensor toValues(Fused.Inputs x) {
        var mix = pull.rules().mix();
        if (mix != Product.RESCALE) return patternTransposed(x, mix.share());
        var k = pull.k();
        var other = new Fused.Inputs(facing(k, x.q()), facing(k, x.k()), x.v(), x.heads(), x.c());
        return k.add(patternTransposed(x, 0.5), patternTransposed(other, 0.5));
    }

    private Tensor patternTransposed(Fused.Inputs x, double share) {
        return pull.k().attendBackward(pull.g(), x, new Fused.Reading(share, 0, 1, 1, false), pull.rows()).v();
    }

    /// Where the mix alone compares: the gradient at means of values.
    private Shares moved(Fused.Inputs x) {
        var rules = pull.rules();
        var mean = new Fused.Inputs(x.q(), x.k(), factor(pull.k(), rules.mix(), x.v()), x.heads(), x.c());
        var how = new Fused.Reading(1, rules.mix().share(), rules.score().share(), rules.softmaxTemperature(), false);
        var shares = pull.k().attendBackward(pull.g(), mean, how, pull.rows());
        return new Shares(shares.q(), shares.k());
    }

    /// Where the scores compare, band by band.
    private Shares compared(Fused.Inputs x) {
        var k = pull.k();
        var keyRows = x.keyRows(pull.rows()).count();
        var means = new Fused.Inputs(factor(k, Product.RESCALE, x.q()), factor(k, Product.RESCALE, x.k()),
            factor(k, pull.rules().mix(), x.v()), x.heads(), x.c());
        var toQ = k.tensor(pull.g().shape(), new double[Math.toIntExact(pull.g().size())]);
        var toK = new double[keyRows * x.k().cols()];
        var starts = x.keyStarts(pull.rows());
        var cut = pull.rows().cut(x.heads().queries());
        for (int r = 0; r < starts.length; r++)
            for (int done = 0; done < cut.get(r).length(); done += BAND) {
                var run = cut.get(r);
                var n = Math.min(BAND, run.length() - done);
                try (var lent = k.loans()) {                                    // what a band borrows goes back with it
                    new Band(lent.kernels(), x, means, run.at() + done, run.first() + done, n)
                        .read(pull.g(), pull.rules().mix().share(), toQ, toK, starts[r]);
                }
            }
        return new Shares(toQ, k.tensor(Shape.of(keyRows, x.k().cols()), toK));
    }

    /// `n` queries of a sequence, `at` among the cotangent's rows and `first` among the activations', and the keys that
    /// any of them sees.
    private record Band(Kernels k, Fused.Inputs x, Fused.Inputs means, int at, int first, int n) {
        void read(Tensor g, double mixShare, Tensor toQ, double[] toK, int keysAt) {
            var pairs = all().heads() * n;
            var heads = heads();
            var toP = k.score(k.selectRows(g, range(at, n)), k.selectRows(means.v(), keys(sequence())), heads, mixShare,
                Rows.all(n));
            var d = Halves.softmax(k, toP, scores(), heads, new Rows(2 * pairs, List.of(new Run(0, 0, 0, pairs))));
            k.overwriteRows(toQ, at,
                k.mix(d, k.selectRows(means.k(), keys(sequence())), heads, x.c(), Rows.all(n)));
            for (int kv = 0; kv < heads.kvHeads(); kv++) addToKeys(d, kv, toK, keysAt + firstKey());
        }

        /// Of this half's queries, then of the other's: `[2·H·n, keys]`.
        private Tensor scores() {
            int half = x.q().rows() / 2, other = (first + half) % (2 * half);
            var q = k.selectRows(x.q(), both(range(first, n), range(other, n)));
            var keys = k.selectRows(x.k(), both(keys(sequence()), keys(other / all().queries())));
            return k.score(q, keys, heads(), x.c(), Rows.all(2 * n));
        }

        /// `c · Σ_{h: kv(h)=kv} Dᵀ q̄`: heads and queries are the rows of one product.
        private void addToKeys(Tensor d, int kv, double[] toK, int at) {
            int H = all().heads(), group = H / all().kvHeads(), width = all().width(), L = heads().keys();
            var rows = IntStream.range(0, group * n).map(i -> (first + i % n) * H + kv * group + i / n).toArray();
            var q = k.selectRows(means.q().reshape(means.q().rows() * H, width), rows);
            var shape = Weight.whole(Tensor.of(new float[L * width], L, width), Layout.OUT_IN);
            var own = k.selectRows(d, range(kv * group * n, group * n));
            var share = k.weightGradient(own, q, Rows.all(group * n), shape).toDoubles();
            for (int i = 0; i < share.length; i++)
                toK[((at + i / width) * all().kvHeads() + kv) * width + i % width] += x.c() * share[i];
        }

        private Heads all() {
            return x.heads();
        }

        /// The band as a sequence of its own: its last query sees the last key.
        private Heads heads() {
            var keys = all().lastKey(query() + n - 1) + 1 - firstKey();
            return new Heads(all().heads(), all().kvHeads(), all().width(), n, keys, all().window());
        }

        private int query() {
            return first % all().queries();
        }

        private int sequence() {
            return first / all().queries();
        }

        private int firstKey() {
            return all().firstKey(query());
        }

        private int[] keys(int sequence) {
            return range(sequence * x.keyStride() + firstKey(), heads().keys());
        }
    }

    private static int[] range(int from, int count) {
        return IntStream.range(from, from + count).toArray();
    }

    private static int[] both(int[] a, int[] b) {
        return IntStream.concat(IntStream.of(a), IntStream.of(b)).toArray();
    }
}
