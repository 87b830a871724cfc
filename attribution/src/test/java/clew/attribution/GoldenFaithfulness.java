package clew.attribution;

import clew.attribution.GoldenTable.Computed;
import clew.attribution.GoldenTable.Row;
import clew.attribution.evaluation.Agreement;
import clew.attribution.evaluation.Comprehensiveness;
import clew.attribution.evaluation.Judged;
import clew.attribution.evaluation.Sufficiency;
import clew.attribution.evaluation.Trial;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// How the goldens judge their own arrays: each ranks all tokens of the sequence, none left out.
final class GoldenFaithfulness {
    private GoldenFaithfulness() {}

    static List<Row> rows() {
        return List.of(
            new Row("faithfulness_.*", Kind.FORWARD, (m, c) -> new Computed(faithfulness(m, c), Double.NaN)),
            new Row("spearman_pairs", Kind.FORWARD, (m, c) -> new Computed(pairs(m, c), Double.NaN)));
    }

    /// Sufficiency and comprehensiveness of the top 1, 3 and 5.
    private static double[] faithfulness(Subject m, Case c) {
        var scores = m.golden.arrays().get(c.array().replace("faithfulness_", ""));
        var ids = m.golden.sequence(c.sequence());
        var all = IntStream.range(0, ids.length).toArray();
        var trial = new Trial(m.model, ids, m.target(c), Trial.Terms.of(m.model, all).replacing(m.golden.pad()));
        var judged = new Judged(trial, scores, (_, _, _) -> scores);
        return IntStream.of(1, 3, 5).mapToObj(k -> List.of(new Sufficiency(k), new Comprehensiveness(k)))
            .flatMap(List::stream).mapToDouble(metric -> metric.of(judged)).toArray();
    }

    /// ρ and its significance of every pair that the golden names.
    private static double[] pairs(Subject m, Case c) {
        var out = new ArrayList<double[]>();
        for (var pair : m.golden.facts().get("values").get(c.array()).propertyNames()) {
            var names = pair.split("\\|");
            var at = c.array().replace("spearman_pairs", "");
            double[] one = m.golden.arrays().get(at + names[0]), other = m.golden.arrays().get(at + names[1]);
            var rho = Agreement.spearman(one, other);
            out.add(new double[] {rho, Agreement.significance(rho, one.length)});
        }
        return Subject.concat(out);
    }
}
