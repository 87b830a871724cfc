package clew.attribution;

import clew.model.LanguageModel;
import clew.model.Run;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/// A sparse linear surrogate: `argmin_{b, φ} Σ_S w(S) (v(S) − b − Σ_{i∈S} φ_i)² / (2 Σ w) + α ‖φ‖₁`, coalitions S drawn
/// feature by feature with probability ½, `w = exp(−d² / 2)`, d one minus the cosine to the whole prompt (Ribeiro et
/// al. 2016; kernel, penalty and draws as Captum's Lime).
///
/// `R²` is the share of the (weighted) variance of v that the surrogate explains where it was fitted, the held-out
/// correlation Pearson's of surrogate and v on a fifth as many coalitions more that it has not seen. Standard errors
/// are the spread over 100 fits to coalitions drawn from those drawn (the bootstrap, Efron 1979).
///
/// @param likeness  what the cosine is of
/// @param penalty   α, in units of the explained scalar
/// @param samples   coalitions at most
/// @param tolerance stops early once half of no 95 % interval is above this share of the largest score; 0 never
public record Lime(Removal removal, Likeness likeness, double penalty, int samples, long seed, double tolerance)
        implements JointMethod {
    /// Captum's α.
    public static final double PENALTY = 0.01;
    private static final int RESAMPLED = 100;
    private static final int LEAST_HELD_OUT = 10;

    /// What two prompts are alike in.
    public enum Likeness {
        /// Which features are there.
        PRESENCE,
        /// The numbers that the tokens' ids are, as Captum compares ids.
        IDS
    }

    public Lime {
        if (samples < 2) throw new IllegalArgumentException("LIME takes at least 2 coalitions, not " + samples);
        if (!(penalty >= 0)) throw new IllegalArgumentException("a penalty is at least 0, not " + penalty);
        if (!(tolerance >= 0)) throw new IllegalArgumentException("a tolerance is at least 0, not " + tolerance);
    }

    @Override
    public String name() {
        return "lime";
    }

    @Override
    public void require(LanguageModel model, Groups groups) {
        new Ablation(removal).require(model, groups);
    }

    @Override
    public long evaluations(Groups groups, int targets) {
        var all = samples + heldOut();
        return groups.size() < 31 ? Math.min(all, 1L << groups.size()) : all;
    }

    private int heldOut() {
        return Math.max(LEAST_HELD_OUT, samples / 5);
    }

    @Override
    public Attribution explain(Run run, List<Explained> targets, Groups groups) {
        var n = groups.size();
        return explain(run, targets, groups, drawn(n, samples, new Random(seed)),
            drawn(n, heldOut(), new Random(~seed)));
    }

    private static List<BitSet> drawn(int n, int count, Random random) {
        return IntStream.range(0, count).mapToObj(_ -> {
            var set = new BitSet();
            for (int i = 0; i < n; i++) set.set(i, random.nextBoolean());
            return set;
        }).toList();
    }

    /// @param heldOut coalitions that the surrogate does not see
    Attribution explain(Run run, List<Explained> targets, Groups groups, List<BitSet> sets, List<BitSet> heldOut) {
        require(run.model(), groups);
        var work = new Explanation(run, targets);
        var games = Games.of(run, targets, groups, removal, sets.size() + heldOut.size());
        Coalitions played = new Coalitions(games), unseen = new Coalitions(games);
        unseen.play(heldOut);
        var round = tolerance == 0 ? sets.size() : Math.max(Coalitions.ROUND, 2 * groups.size());
        Fit fit;
        do {
            var at = played.sets().size();
            played.play(sets.subList(at, Math.min(sets.size(), at + round)));
            fit = new Fit(played, weights(played, run, groups, games.removal()), targets.size());
        } while (played.sets().size() < sets.size()
            && !fit.drawn.within(tolerance));
        if (tolerance > 0 && !fit.drawn.within(tolerance))
            work.warnOfDraws(name(), sets.size(), "coalitions", tolerance);
        if (Arrays.stream(fit.drawn.scores()).anyMatch(s -> Arrays.stream(s).allMatch(v -> v == 0)))
            work.warn("lime's penalty of " + penalty + " leaves nothing of scores as small as these; explain --score"
                + " logit, or take another method");
        work.figure("r2", fit.explained());
        work.figure("heldOutCorrelation", fit.correlation(unseen));
        var parameters = new HashMap<String, Object>(Map.of("samples", played.sets().size(), "seed", seed, "penalty",
            penalty, "likeness", likeness.name().toLowerCase(Locale.ROOT)));
        if (tolerance > 0) parameters.put("tolerance", tolerance);
        return work.removed(name(), parameters, games, groups, fit.drawn);
    }

    private double[] weights(Coalitions played, Run run, Groups groups, Removal how) {
        return played.sets().stream().mapToDouble(there -> {
            var d = 1 - switch (likeness) {
                case PRESENCE -> Math.sqrt(there.cardinality() / (double) groups.size());
                case IDS      -> cosine(run.pass().ids(), ids(run.pass().ids(), there, groups, how));
            };
            return Math.exp(-d * d / 2);
        }).toArray();
    }

    /// A token that is gone without another in its place is a 0.
    private static int[] ids(int[] ids, BitSet there, Groups groups, Removal how) {
        var absent = new BitSet();
        absent.set(0, groups.size());
        absent.andNot(there);
        var out = ids.clone();
        groups.positions(absent).stream().forEach(t -> out[t] = how instanceof Removal.Token(int id) ? id : 0);
        return out;
    }

    private static double cosine(int[] a, int[] b) {
        double dot = 0, first = 0, second = 0;
        for (int i = 0; i < a.length; i++) {
            dot += (double) a[i] * b[i];
            first += (double) a[i] * a[i];
            second += (double) b[i] * b[i];
        }
        return dot == 0 ? 0 : dot / Math.sqrt(first) / Math.sqrt(second);
    }

    /// The surrogates of all targets.
    private final class Fit {
        private final Coalitions played;
        private final double[][] rows;
        private final double[] weights;
        private final List<Lasso> surrogates = new ArrayList<>();
        private final Drawn drawn;

        Fit(Coalitions played, double[] weights, int targets) {
            this.played = played;
            this.rows = played.rows(0);
            this.weights = weights;
            var scores = new double[targets][];
            for (int t = 0; t < targets; t++) {
                surrogates.add(Lasso.of(rows, played.of(t), weights, penalty));
                scores[t] = surrogates.get(t).coefficients();
            }
            this.drawn = new Drawn(scores, spread(targets, rows[0].length));
        }

        /// Over fits to rows drawn from the rows: how often each came is a factor of its weight.
        private Deviations spread(int targets, int n) {
            var random = new Random(seed);
            var tally = new Tally(targets, n);
            for (int b = 0; b < RESAMPLED; b++) {
                var counted = new double[rows.length];
                for (int i = 0; i < rows.length; i++) {
                    var one = random.nextInt(rows.length);
                    counted[one] += weights[one];
                }
                tally.add(IntStream.range(0, targets)
                    .mapToObj(t -> Lasso.of(rows, played.of(t), counted, penalty).coefficients())
                    .toArray(double[][]::new));
            }
            return tally.spread(Math.max(1, rows.length - 1));
        }

        double[] explained() {
            return IntStream.range(0, surrogates.size()).mapToDouble(t -> {
                var y = played.of(t);
                var mean = Products.sum(Products.of(weights, y)) / Products.sum(weights);
                double missed = 0, all = 0;
                for (int i = 0; i < y.length; i++) {
                    missed += weights[i] * Math.pow(y[i] - surrogates.get(t).at(rows[i]), 2);
                    all += weights[i] * Math.pow(y[i] - mean, 2);
                }
                return 1 - missed / all;
            }).toArray();
        }

        double[] correlation(Coalitions unseen) {
            var others = unseen.rows(0);
            return IntStream.range(0, surrogates.size()).mapToDouble(t -> {
                var said = new double[others.length];
                for (int i = 0; i < said.length; i++) said[i] = surrogates.get(t).at(others[i]);
                return pearson(said, unseen.of(t));
            }).toArray();
        }
    }

    private static double pearson(double[] a, double[] b) {
        double first = Products.sum(a) / a.length, second = Products.sum(b) / b.length;
        double product = 0, squares = 0, others = 0;
        for (int i = 0; i < a.length; i++) {
            product += (a[i] - first) * (b[i] - second);
            squares += (a[i] - first) * (a[i] - first);
            others += (b[i] - second) * (b[i] - second);
        }
        return product / Math.sqrt(squares * others);
    }
}
