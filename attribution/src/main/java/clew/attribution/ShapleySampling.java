package clew.attribution;

import clew.model.LanguageModel;
import clew.model.Run;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// `φ_i ≈ mean over orders π of v(before i in π, and i) − v(before i in π)` — Shapley values from drawn orders (Castro
/// et al. 2009; Štrumbelj & Kononenko 2010).
///
/// Without bias; every order is efficient by itself, so `Σ φ = f(x) − v(∅)` but for rounding. Standard errors are those
/// of the mean over orders, and each is `√(Σ_π (d_π − φ)² / (m (m − 1)))`. A removal that draws draws anew for every
/// order, so that the errors know of it.
///
/// @param samples m, how many orders are drawn at most
/// @param tolerance stops early once half of no 95 % interval is above this share of the largest score; 0 never
public record ShapleySampling(Removal removal, int samples, long seed, double tolerance) implements JointMethod {
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
        var n = groups.size();
        return n < 31 ? Math.min((long) samples * n, 1L << n) : (long) samples * n;
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
        var games = Games.of(run, targets, groups, removal, orders.size());
        Tally gains = new Tally(targets.size(), groups.size()), wholes = new Tally(targets.size(), 1);
        var round = tolerance > 0 ? Tally.ROUND : orders.size();
        for (int at = 0; at < orders.size() && !(tolerance > 0 && gains.within(tolerance)); at += round)
            add(gains, wholes, games, at, orders.subList(at, Math.min(orders.size(), at + round)));
        if (tolerance > 0 && !gains.within(tolerance)) work.warnOfDraws(name(), gains.count(), "orders", tolerance);
        work.residual(gains.means(), wholes.means());
        var parameters = new HashMap<String, Object>(Map.of("samples", gains.count(), "seed", seed));
        if (tolerance > 0) parameters.put("tolerance", tolerance);
        return work.removed(name(), parameters, games, groups, new Drawn(gains.means(), gains.deviations()));
    }

    /// The orders from `at` on: what each feature adds in them, and all together.
    private static void add(Tally gains, Tally wholes, Games games, int at, List<int[]> orders) {
        var chains = orders.stream().map(ShapleySampling::chain).toList();
        var values = games.values(at, chains);
        for (int m = 0; m < chains.size(); m++) {
            var v = values.get(m);
            var order = orders.get(m);
            double[][] gain = new double[v[0].length][order.length], whole = new double[v[0].length][1];
            for (int t = 0; t < gain.length; t++) {
                for (int i = 0; i < order.length; i++) gain[t][order[i]] = v[i + 1][t] - v[i][t];
                whole[t][0] = v[order.length][t] - v[0][t];
            }
            gains.add(gain);
            wholes.add(whole);
        }
    }

    /// Nobody, the first, the first two, …
    private static List<BitSet> chain(int[] order) {
        var chain = new ArrayList<BitSet>();
        var there = new BitSet();
        chain.add((BitSet) there.clone());
        for (int i : order) {
            there.set(i);
            chain.add((BitSet) there.clone());
        }
        return chain;
    }
}
