package clew.attribution.evaluation;

import clew.attribution.analysis.StudentT;
import java.util.Comparator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// How alike two explanations of the same prompt are.
///
/// @param spearman ρ of the ranks
/// @param kendall  τ-b of the pairs
/// @param overlap  of the top k of one, the share that is among the top k of the other
public record Agreement(double spearman, double kendall, double overlap) {
    /// Tokens at the top where nobody says how many.
    public static final int TOP = 3;

    /// Of the scores of the same tokens.
    public static Agreement of(double[] a, double[] b, int top) {
        return new Agreement(spearman(a, b), kendall(a, b), overlap(a, b, top));
    }

    /// Pearson's correlation of the ranks, equals sharing the mean of theirs; NaN where one of the two is constant.
    public static double spearman(double[] a, double[] b) {
        return pearson(ranks(a), ranks(b));
    }

    /// How likely so large a |ρ| is where nothing is alike: two sided, by Student's distribution of n − 2 degrees.
    public static double significance(double rho, int n) {
        if (Math.abs(rho) >= 1) return 0;
        var t = rho * Math.sqrt((n - 2) / ((1 - rho) * (1 + rho)));
        return 2 * (1 - StudentT.cumulative(Math.abs(t), n - 2));
    }

    /// `(concordant − discordant) / √((pairs − ties of a)(pairs − ties of b))`; NaN where one of the two is constant.
    public static double kendall(double[] a, double[] b) {
        double sum = 0, pairsOfA = 0, pairsOfB = 0;
        for (int i = 0; i < a.length; i++)
            for (int j = 0; j < i; j++) {
                double x = Math.signum(a[i] - a[j]), y = Math.signum(b[i] - b[j]);
                sum += x * y;
                pairsOfA += x * x;
                pairsOfB += y * y;
            }
        return pairsOfA == 0 || pairsOfB == 0 ? Double.NaN : sum / Math.sqrt(pairsOfA * pairsOfB);
    }

    /// `|top k of a ∩ top k of b| / k`; of equals the first counts. k is the number of tokens, if there are fewer.
    public static double overlap(double[] a, double[] b, int k) {
        var most = Math.min(k, a.length);
        var top = top(b, most).boxed().collect(Collectors.toSet());
        return (double) top(a, most).filter(top::contains).count() / most;
    }

    private static IntStream top(double[] v, int k) {
        return IntStream.range(0, v.length).boxed().sorted(Comparator.comparingDouble((Integer i) -> -v[i]))
            .limit(k).mapToInt(i -> i);
    }

    /// From 1 for the smallest.
    static double[] ranks(double[] v) {
        var order = IntStream.range(0, v.length).boxed().sorted(Comparator.comparingDouble(i -> v[i])).toList();
        var ranks = new double[v.length];
        for (int from = 0, to; from < v.length; from = to) {
            for (to = from + 1; to < v.length && v[order.get(to)] == v[order.get(from)]; to++) {}
            for (int i = from; i < to; i++) ranks[order.get(i)] = (from + 1 + to) / 2.0;
        }
        return ranks;
    }

    private static double pearson(double[] a, double[] b) {
        double meanA = mean(a), meanB = mean(b), ab = 0, aa = 0, bb = 0;
        for (int i = 0; i < a.length; i++) {
            ab += (a[i] - meanA) * (b[i] - meanB);
            aa += (a[i] - meanA) * (a[i] - meanA);
            bb += (b[i] - meanB) * (b[i] - meanB);
        }
        return aa == 0 || bb == 0 ? Double.NaN : ab / Math.sqrt(aa * bb);
    }

    private static double mean(double[] v) {
        return IntStream.range(0, v.length).mapToDouble(i -> v[i]).average().orElse(Double.NaN);
    }
}
