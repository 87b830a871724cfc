package clew.attribution;

import clew.attribution.GoldenTable.Computed;
import clew.attribution.GoldenTable.Row;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/// What the peers compute by taking tokens out: Captum's perturbation methods and those of the seed notebooks.
///
/// A score is a difference of two values of f, or made of such, so it errs by what the larger of the two errs: measured
/// against the largest logit of the row, or against 1 for a probability, unless its own scale is larger.
final class GoldenRemovals {
    private GoldenRemovals() {}

    static List<Row> rows() {
        var rows = new ArrayList<Row>();
        for (var score : List.of(Score.LOGIT, Score.PROB, Score.LOGPROB))
            row(rows, "ablation_pad_" + score.label(), score, (m, c) -> m.scores(c, ablation(m), score));
        row(rows, "ablation_zeroemb_logit", Score.LOGIT,
            (m, c) -> m.scores(c, new Ablation(new Removal.Zero())));
        row(rows, "ablation_groups_pad_logit", Score.LOGIT, (m, c) -> grouped(m, c, ablation(m)));
        row(rows, "occlusion3_pad_logit",   Score.LOGIT, (m, c) -> m.scores(c, new Occlusion(pad(m), 3, 1)));
        row(rows, "occlusion3s2_pad_logit", Score.LOGIT, (m, c) -> m.scores(c, new Occlusion(pad(m), 3, 2)));
        row(rows, "occlusion3_zeroemb_logit", Score.LOGIT,
            (m, c) -> m.scores(c, new Occlusion(new Removal.Zero(), 3, 1)));
        row(rows, "loo_prob_drop", Score.PROB, (m, c) -> m.scores(c, ablation(m), Score.PROB));
        row(rows, "sliding3_logit_impact", Score.LOGIT, (m, c) -> m.joint(c, (run, targets) ->
            new Occlusion(pad(m), 3, 1).regions(run, targets, Groups.each(m.tokens(c))))[m.number(c)]);
        row(rows, "shapley_exact_pad_logit", Score.LOGIT, (m, c) -> m.scores(c, new Shapley(pad(m))));
        row(rows, "shapley_exact_pad_logprob", Score.LOGPROB,
            (m, c) -> m.scores(c, new Shapley(pad(m)), Score.LOGPROB));
        row(rows, "shapley_exact_zeroemb_logit", Score.LOGIT,
            (m, c) -> m.scores(c, new Shapley(new Removal.Zero())));
        row(rows, "shapley_groups_pad_logit", Score.LOGIT, (m, c) -> grouped(m, c, new Shapley(pad(m))));
        row(rows, "shapley_sampling_pad_logit", Score.LOGIT, (m, c) -> m.joint(c, (run, targets) ->
            new ShapleySampling(pad(m), 10, 0, 0).explain(run, targets, Groups.each(m.tokens(c)), recorded(m, c))
                .scores())[m.number(c)]);
        rounded(rows, "kernelshap_pad_logit", (m, c) -> m.joint(c, (run, targets) ->
            new KernelShap(pad(m), 200, 0, 0).explain(run, targets, Groups.each(m.tokens(c)),
                coalitions(m, c, "kernelshap_samples"), false).scores())[m.number(c)]);
        rounded(rows, "lime_pad_logit", (m, c) -> m.joint(c, (run, targets) -> {
            var drawn = coalitions(m, c, "lime_samples");
            return new Lime(pad(m), Lime.Likeness.IDS, Lime.PENALTY, 120, 0, 0)
                .explain(run, targets, Groups.each(m.tokens(c)), drawn, drawn.subList(0, 10)).scores();
        })[m.number(c)]);
        return rows;
    }

    /// Captum keeps the weights and the targets of these regressions as floats, whatever it computes in.
    private static void rounded(List<Row> rows, String name, GoldenTable.Values how) {
        rows.add(new Row(name, Kind.ROUNDED, (m, c) -> {
            var values = how.of(m, c);
            var scale = GoldenTable.largest(m.lastLogits(c.sequence()));
            return new Computed(values, Math.max(scale, GoldenTable.largest(values)));
        }));
    }

    /// The coalitions that Captum drew.
    private static List<BitSet> coalitions(Subject m, Case c, String name) {
        var T = m.tokens(c);
        var drawn = m.golden.arrays().get(c.array().replaceFirst("[^/]*$", name));
        return IntStream.range(0, drawn.length / T).mapToObj(i -> {
            var set = new BitSet();
            for (int t = 0; t < T; t++) set.set(t, drawn[i * T + t] == 1);
            return set;
        }).toList();
    }

    /// The orders that Captum drew.
    private static List<int[]> recorded(Subject m, Case c) {
        var T = m.tokens(c);
        var drawn = m.golden.arrays().get(c.array().replace("pad_logit", "perms"));
        return IntStream.range(0, drawn.length / T).mapToObj(i -> Arrays.stream(drawn, i * T, i * T + T)
            .mapToInt(v -> (int) v).toArray()).toList();
    }

    private static Removal pad(Subject m) {
        return new Removal.Token(m.golden.pad());
    }

    private static Ablation ablation(Subject m) {
        return new Ablation(pad(m));
    }

    /// Captum's feature mask: two tokens and two and …, the rest together; every token carries its group's value.
    private static double[] grouped(Subject m, Case c, JointMethod method) {
        var T = m.tokens(c);
        var groups = Groups.spans(IntStream.rangeClosed(0, 4).filter(g -> 2 * g < T)
            .mapToObj(g -> new int[] {2 * g, g == 4 ? T : Math.min(T, 2 * g + 2)}).toList());
        var scores = m.joint(c, (run, targets) -> method.explain(run, targets, groups).scores())[m.number(c)];
        return IntStream.range(0, T).mapToDouble(t -> scores[2 * Math.min(t / 2, 4)]).toArray();
    }

    static void row(List<Row> rows, String name, Score score, GoldenTable.Values how) {
        rows.add(new Row(name, Kind.FORWARD, (m, c) -> {
            var values = how.of(m, c);
            var scale = score == Score.PROB ? 1 : GoldenTable.largest(m.lastLogits(c.sequence()));
            return new Computed(values, Math.max(scale, Arrays.stream(values).map(Math::abs).max().orElse(0)));
        }));
    }
}
