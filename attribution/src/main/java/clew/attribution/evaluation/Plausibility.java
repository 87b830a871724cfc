package clew.attribution.evaluation;

import java.util.BitSet;
import java.util.Comparator;
import java.util.stream.IntStream;

/// How well the scores find the tokens that a person marked: m of those that may be replaced (DeYoung et al. 2020,
/// section 4.1).
///
/// | measure | formula |
/// |---|---|
/// | auprc | area under precision and recall: `Σ (R_i − R_{i−1}) P_i` over the distinct scores, the largest first |
/// | token-f1 | F1 of the m tokens of the largest score; precision and recall are the same then |
/// | iou | of those and the marked, how many are in both, divided by how many are in either |
///
/// NaN where no token is marked. What a person marks is not what the model used: a plausible explanation may be
/// unfaithful.
public record Plausibility(Measure measure) implements Metric {
    /// Which number.
    public enum Measure { AUPRC, TOKEN_F1, IOU }

    @Override
    public String name() {
        return switch (measure) {
            case AUPRC    -> "auprc";
            case TOKEN_F1 -> "token-f1";
            case IOU      -> "iou";
        };
    }

    @Override
    public Better better() {
        return Better.HIGHER;
    }

    @Override
    public double of(Judged judged) {
        var all = Judged.first(judged.trial().removable(), Integer.MAX_VALUE);
        var marked = judged.trial().marked();
        marked.and(all);
        int m = marked.cardinality();
        if (m == 0) return Double.NaN;
        if (measure == Measure.AUPRC) return auprc(judged, marked);
        var found = Judged.first(judged.order(), m);
        found.and(marked);
        double both = found.cardinality();
        return measure == Measure.TOKEN_F1 ? both / m : both / (2 * m - both);
    }

    private static double auprc(Judged judged, BitSet marked) {
        var scores = judged.trial().of(judged.scores());
        var at = judged.trial().removable();
        var order = IntStream.range(0, scores.length).boxed()
            .sorted(Comparator.comparingDouble((Integer i) -> -scores[i])).mapToInt(i -> i).toArray();
        double area = 0, found = 0, before = 0;
        for (int i = 0; i < order.length; i++) {
            if (marked.get(at[order[i]])) found++;
            var last = i + 1 == order.length || scores[order[i + 1]] != scores[order[i]];   // equals go together
            if (!last) continue;
            area += (found - before) / marked.cardinality() * found / (i + 1);
            before = found;
        }
        return area;
    }
}
