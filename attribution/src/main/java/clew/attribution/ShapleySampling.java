package clew.attribution;

import clew.model.LanguageModel;
import clew.model.Run;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// `φ_i ≈ mean over orders π of v(before i in π, and i) − v(before i in π)` — Shapley values from drawn orders (Castro
/// et al. 2009; Štrumbelj & Kononenko 2010).
///
/// Without bias; every order is efficient by itself, so `Σ φ = f(x) − v(∅)` but for rounding. Standard errors are those
/// of the mean over orders, and each is `√(Σ_π (d_π − φ)² / (m (m − 1)))`.
///
/// @param samples m, how many orders are drawn at most
/// @param tolerance stops early once no standard error, times 1.96, is above this share of the largest score; 0 never
public record ShapleySampling(Removal removal, int samples, long seed, double tolerance) implements JointMethod {
    /// Orders before the first look at the standard errors, and between looks.
    private static final int ROUND = 25;

    public ShapleySampling {
        if (samples < 1) throw new IllegalArgumentException("Shapley sampling draws at least 1 order, not " + samples);
        if (!(tolerance >= 0)) throw new IllegalArgumentException("a tolerance is at least 0, not " + tolerance);
    }

    @Override
    public String name() {
        return "shapley-sampling";
    }

    @Override
    public void require(LanguageModel model, Groups groups) {
        new Ablation(removal).require(model, groups);
    }

    @Override
    public long evaluations(Groups groups, int targets) {
        return (long) samples * groups.size();
    }

    @Override
    public Attribution explain(Run run, List<Explained> targets, Groups groups) {
        return explain(run, targets, groups, orders(groups.size()));
    }

    /// The orders of a game of n players.
    List<int[]> orders(int n) {
        var random = new Random(seed);
        var out = new ArrayList<int[]>();
        for (int m = 0; m < samples; m++) {
            var order = new int[n];
            for (int i = 0; i < n; i++) {
                var j = random.nextInt(i + 1);
                order[i] = order[j];
                order[j] = i;
            }
            out.add(order);
        }
        return out;
    }

    Attribution explain(Run run, List<Explained> targets, Groups groups, List<int[]> orders) {
        var work = new Explanation(run, targets);
        var game = new PromptGame(run, targets, groups, removal);
        var tally = new Tally(targets.size(), groups.size());
        var round = tolerance > 0 ? ROUND : orders.size();
        for (int at = 0; at < orders.size() && !(tolerance > 0 && tally.within(tolerance)); at += round)
            tally.add(game, orders.subList(at, Math.min(orders.size(), at + round)));
        if (tolerance > 0 && !tally.within(tolerance))
            work.warn("shapley-sampling did not come within the tolerance of " + tolerance + " after " + tally.count
                + " orders; draw more with --samples");
        var T = run.pass().tokens();
        double[][] scores = new double[targets.size()][], errors = new double[targets.size()][];
        var residual = new double[targets.size()];
        var ends = game.values(List.of(game.everyone(), new BitSet()));
        for (int t = 0; t < scores.length; t++) {
            scores[t] = groups.atFirst(tally.mean(t), T);
            errors[t] = groups.atFirst(tally.error(t), T);
            residual[t] = Products.sum(scores[t]) - (ends[0][t] - ends[1][t]);
        }
        work.evaluated(game.sequences());
        work.figure("efficiencyResidual", residual);
        var parameters = Map.<String, Object>of("removal", removal.toString(), "samples", tally.count, "seed", seed,
            "tolerance", tolerance);
        return work.removed(name(), parameters, scores, orders.size() > 1 ? errors : new double[0][]);
    }

    /// Sums over orders, `[scalars][players]`.
    private static final class Tally {
        private final double[][] sum;
        private final double[][] squares;
        private int count;

        Tally(int scalars, int players) {
            sum = new double[scalars][players];
            squares = new double[scalars][players];
        }

        void add(Game game, List<int[]> orders) {
            var sets = new ArrayList<BitSet>();
            for (var order : orders) {
                var there = new BitSet();
                sets.add((BitSet) there.clone());
                for (int i : order) {
                    there.set(i);
                    sets.add((BitSet) there.clone());
                }
            }
            var v = game.values(sets);
            var at = 0;
            for (var order : orders) {
                for (int i : order) {
                    at++;
                    for (int t = 0; t < sum.length; t++) {
                        var d = v[at][t] - v[at - 1][t];
                        sum[t][i] += d;
                        squares[t][i] += d * d;
                    }
                }
                at++;
                count++;
            }
        }

        double[] mean(int t) {
            var out = new double[sum[t].length];
            for (int i = 0; i < out.length; i++) out[i] = sum[t][i] / count;
            return out;
        }

        double[] error(int t) {
            var out = mean(t);
            for (int i = 0; i < out.length; i++)
                out[i] = Math.sqrt(Math.max(0, squares[t][i] / count - out[i] * out[i]) / (count - 1));
            return out;
        }

        boolean within(double tolerance) {
            if (count < 2) return false;
            for (int t = 0; t < sum.length; t++) {
                double largest = 0, widest = 0;
                for (double m : mean(t)) largest = Math.max(largest, Math.abs(m));
                for (double e : error(t)) widest = Math.max(widest, e);
                if (Attribution.Diagnostics.INTERVAL * widest > tolerance * largest) return false;
            }
            return true;
        }
    }
}
