package clew.attribution;

import clew.model.LanguageModel;
import clew.model.ModelException;
import clew.model.Run;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/// `argmin_φ Σ_S π(S) (v(S) − φ₀ − Σ_{i∈S} φ_i)²`, `π(S) = (n − 1) / (C(n, |S|) |S| (n − |S|))` — Shapley values as the
/// weighted least squares of drawn coalitions (Lundberg & Lee 2017, theorem 2).
///
/// Coalitions are drawn by their weight; all and nobody, whose weight is infinite, come first and weigh 10⁶, so
/// that `Σ φ = f(x) − v(∅)` but for the efficiency residual; both as Captum. Where there are no more coalitions than
/// samples, each is run once and φ is exact. Standard errors are those of a regression on what is no line
/// (White 1980).
///
/// @param samples   coalitions at most, all and nobody among them
/// @param tolerance stops early once half of no 95 % interval is above this share of the largest score; 0 never
public record KernelShap(Removal removal, int samples, long seed, double tolerance) implements JointMethod {
    /// Captum's.
    private static final double ENDS = 1e6;

    public KernelShap {
        if (samples < 2) throw new IllegalArgumentException("kernel SHAP takes at least 2 coalitions, not " + samples);
        if (!(tolerance >= 0)) throw new IllegalArgumentException("a tolerance is at least 0, not " + tolerance);
    }

    @Override
    public String name() {
        return "kernel-shap";
    }

    @Override
    public void require(LanguageModel model, Groups groups) {
        if (samples <= groups.size())
            throw new ModelException("kernel-shap needs more coalitions than features, at least " + (groups.size() + 1)
                + " of " + groups.size() + (groups.size() == 1 ? " feature" : " features") + "; take more"
                + " --coalitions");
        new Ablation(removal).require(model, groups);
    }

    @Override
    public long evaluations(Groups groups, int targets) {
        return groups.size() < 31 ? Math.min(samples, 1L << groups.size()) : samples;
    }

    @Override
    public Attribution explain(Run run, List<Explained> targets, Groups groups) {
        require(run.model(), groups);
        var n = groups.size();
        var exact = !(removal instanceof Removal.Resample) && n < 31 && 1 << n <= samples;
        return explain(run, targets, groups, exact ? every(n) : drawn(n), exact);
    }

    /// @param sets  all and nobody first
    /// @param exact whether these are all coalitions there are, each once
    Attribution explain(Run run, List<Explained> targets, Groups groups, List<BitSet> sets, boolean exact) {
        var work = new Explanation(run, targets);
        var games = Games.of(run, targets, groups, removal, sets.size());
        var played = new Coalitions(games);
        played.playWhole(sets.subList(0, 2));
        var round = exact || tolerance == 0 ? sets.size() : Math.max(Coalitions.ROUND, 2 * groups.size() + 4);
        Drawn fit;
        do {
            var at = played.sets().size();
            played.play(sets.subList(at, Math.min(sets.size(), at + round)));
            fit = fit(played, targets.size(), exact);
        } while (played.sets().size() < sets.size() && !fit.within(tolerance));
        if (tolerance > 0 && !exact && !fit.within(tolerance))
            work.warnOfDraws(name(), sets.size(), "coalitions", tolerance);
        work.residual(fit.scores(), wholes(played, targets.size()));
        var parameters = new HashMap<String, Object>(Map.of("samples", played.sets().size(), "seed", seed));
        if (tolerance > 0) parameters.put("tolerance", tolerance);
        return work.removed(name(), parameters, games, groups, fit);
    }

    private static Drawn fit(Coalitions played, int targets, boolean exact) {
        var rows = played.rows(1);
        var n = rows[0].length - 1;
        var weights = played.sets().stream().mapToDouble(s -> weight(s.cardinality(), n, exact)).toArray();
        var squares = new LeastSquares(rows, weights);
        var sure = !exact && rows.length > rows[0].length + 2;
        double[][] scores = new double[targets][];
        var draws = new double[sure ? rows.length - 2 : 0][targets][];
        for (int t = 0; t < targets; t++) {
            var y = played.of(t);
            var c = squares.of(y);
            scores[t] = Arrays.copyOfRange(c, 1, n + 1);
            var off = sure ? squares.deviations(y, c, 2) : new double[0][];
            for (int i = 0; i < off.length; i++) draws[i][t] = Arrays.copyOfRange(off[i], 1, n + 1);
        }
        return new Drawn(scores, Deviations.of(List.of(draws), rows.length - 2 - rows[0].length));
    }

    /// `v(N) − v(∅)`, `[targets][1]`.
    private static double[][] wholes(Coalitions played, int targets) {
        return IntStream.range(0, targets).mapToObj(played::of).map(y -> new double[] {y[0] - y[1]})
            .toArray(double[][]::new);
    }

    /// Drawn coalitions were drawn by their weight, and count alike.
    private static double weight(int size, int n, boolean exact) {
        if (size == 0 || size == n) return ENDS;
        if (!exact) return 1;
        var weight = (n - 1.0) / size / (n - size);
        for (int i = 1; i <= size; i++) weight *= i / (n - size + (double) i);                  // 1 / C(n, size)
        return weight;
    }

    private static List<BitSet> ends(int n) {
        var all = new BitSet();
        all.set(0, n);
        return List.of(all, new BitSet());
    }

    private static List<BitSet> every(int n) {
        var sets = new ArrayList<>(ends(n));
        for (long bits = 1; bits < (1L << n) - 1; bits++) sets.add(BitSet.valueOf(new long[] {bits}));
        return sets;
    }

    /// A size by the weight of all coalitions of that size together, `1 / (s (n − s))`, and of these any alike.
    private List<BitSet> drawn(int n) {
        var random = new Random(seed);
        var places = new ArrayList<>(IntStream.range(0, n).boxed().toList());
        var total = IntStream.range(1, n).mapToDouble(s -> 1.0 / s / (n - s)).sum();
        var sets = new ArrayList<>(ends(n));
        while (n > 1 && sets.size() < samples) {
            var size = 1;
            for (var at = random.nextDouble() * total - 1.0 / (n - 1); at >= 0 && size < n - 1;) {
                size++;
                at -= 1.0 / size / (n - size);
            }
            Collections.shuffle(places, random);
            var set = new BitSet();
            places.subList(0, size).forEach(set::set);
            sets.add(set);
        }
        return sets;
    }
}
