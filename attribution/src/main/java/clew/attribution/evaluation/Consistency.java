package clew.attribution.evaluation;

import java.util.ArrayList;
import java.util.List;

/// Spearman's ρ between the scores of the tokens that a prompt and its paraphrase have in common — 1 where other words
/// around them change nothing about which of them matter.
///
/// In common are the tokens of a longest common subsequence of the ids that may be replaced. The paraphrase explains
/// the same token by the same score at its own row. NaN without a paraphrase, or with less than three tokens in common.
public record Consistency() implements Metric {
    @Override
    public String name() {
        return "consistency";
    }

    @Override
    public Better better() {
        return Better.HIGHER;
    }

    @Override
    public double of(Judged judged) {
        var trial = judged.trial();
        if (trial.paraphrase().isEmpty()) return Double.NaN;
        var other = trial.paraphrase().get();
        var there = judged.scorer().scores(other.model(), other.pass(), other.explained());
        var pairs = common(ids(trial), ids(other));
        if (pairs.size() < 3) return Double.NaN;
        double[] here = trial.of(judged.scores()), beside = other.of(there);
        return Agreement.spearman(pairs.stream().mapToDouble(p -> here[p.one]).toArray(),
            pairs.stream().mapToDouble(p -> beside[p.other]).toArray());
    }

    private static int[] ids(Trial trial) {
        var ids = trial.ids();
        var at = trial.removable();
        var out = new int[at.length];
        for (int i = 0; i < out.length; i++) out[i] = ids[at[i]];
        return out;
    }

    /// Places of the same token in the two.
    record Pair(int one, int other) {}

    /// A longest common subsequence.
    static List<Pair> common(int[] a, int[] b) {
        var length = new int[a.length + 1][b.length + 1];                   // of the rests from i and j on
        for (int i = a.length - 1; i >= 0; i--)
            for (int j = b.length - 1; j >= 0; j--)
                length[i][j] = a[i] == b[j] ? 1 + length[i + 1][j + 1] : Math.max(length[i + 1][j], length[i][j + 1]);
        var pairs = new ArrayList<Pair>();
        for (int i = 0, j = 0; i < a.length && j < b.length;) {
            if (a[i] == b[j]) pairs.add(new Pair(i++, j++));
            else if (length[i + 1][j] >= length[i][j + 1]) i++;
            else j++;
        }
        return pairs;
    }
}
