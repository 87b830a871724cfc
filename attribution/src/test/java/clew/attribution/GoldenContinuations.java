package clew.attribution;

import clew.attribution.Baseline.Token;
import clew.attribution.GoldenTable.Computed;
import clew.attribution.GoldenTable.Row;
import clew.model.Run;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/// What Captum's LLMAttribution and LLMGradientAttribution compute of a prompt and a continuation: a row for every
/// token of the continuation, and their sum.
///
/// Of what LLMAttribution computes token by token only the first row is compared. The rest of these arrays are a
/// record: the peer's own two ways to the same numbers (`ablation_log_prob_tok`, `ablation_log_prob_byseq_tok`)
/// disagree from the second token on, where its loop begins to use a cache; why, was not found. The one that runs
/// prompt and continuation as one sequence is matched in full, and so are the log-probabilities themselves.
final class GoldenContinuations {
    private GoldenContinuations() {}

    static List<Row> rows() {
        var rows = new ArrayList<Row>();
        gradients(rows, "lig",          m -> integrated(m.golden.pad()));
        gradients(rows, "lig_default0", _ -> integrated(0));
        gradients(rows, "lgxa",         _ -> new InputXGradient());
        removals(rows, "ablation_log_prob_byseq", 4, Score.LOGPROB, "s1", GoldenContinuations::ablation);
        removals(rows, "ablation_log_prob", 1, Score.LOGPROB, "s1", GoldenContinuations::ablation);
        removals(rows, "ablation_prob",     1, Score.PROB,    "s1", GoldenContinuations::ablation);
        removals(rows, "ablation_log_prob_skipfirst", 1, Score.LOGPROB, "s1", GoldenContinuations::withoutTheFirst);
        removals(rows, "shapley_exact_log_prob_s3", 1, Score.LOGPROB, "s3",
            (m, f, run, x) -> f.of(run, new Shapley(pad(m)).explain(run, x, f.prompt().length)).scores());
        removals(rows, "shapley_sampling_log_prob", 1, Score.LOGPROB, "s1", GoldenContinuations::sampled);
        return rows;
    }

    private interface Method {
        AttributionMethod of(Subject m);
    }

    private static void gradients(List<Row> rows, String name, Method method) {
        rows.add(new Row("llm/" + name + "_tok", Kind.GRADIENT, (m, _) -> new Computed(
            Subject.concat(List.of(m.explained("s1", Score.LOGPROB, method.of(m)).scores())), Double.NaN)));
        rows.add(new Row("llm/" + name + "_seq", Kind.GRADIENT, (m, _) -> new Computed(
            sequence(m.explained("s1", Score.LOGPROB, method.of(m))), Double.NaN)));
    }

    private interface Removed {
        double[][] of(Subject m, Continuation continuation, Run run, List<Explained> targets);
    }

    /// @param matched how many rows of the matrix are; of all of them the sum is too
    private static void removals(List<Row> rows, String name, int matched, Score score, String prompt, Removed how) {
        GoldenTable.Values all = (m, _) -> {
            var f = new Continuation(m.golden.sequence(prompt), m.golden.continuation(), score, new Contrast.None());
            try (var run = m.model.run(f.pass())) {
                return Subject.concat(List.of(how.of(m, f, run, f.targets(run))));
            }
        };
        rows.add(new Row("llm/" + name + "_tok", Kind.FORWARD, (m, c) -> {
            var values = all.of(m, c);
            var N = m.golden.continuation().length;
            return new Computed(Arrays.copyOf(values, values.length / N * matched), scale(m, prompt, score),
                values.length);
        }));
        if (matched > 1)
            rows.add(new Row("llm/" + name + "_seq", Kind.FORWARD, (m, c) -> {
                var values = all.of(m, c);
                var sum = new double[values.length / matched];
                for (int i = 0; i < values.length; i++) sum[i % sum.length] += values[i];
                return new Computed(sum, matched * scale(m, prompt, score));
            }));
    }

    /// A difference of two values of f errs by what they err by, and log p errs as the logits do.
    private static double scale(Subject m, String prompt, Score score) {
        return score == Score.PROB ? 1 : GoldenTable.largest(m.lastLogits(prompt));
    }

    private static double[][] ablation(Subject m, Continuation f, Run run, List<Explained> targets) {
        return f.of(run, new Ablation(pad(m)).explain(run, targets, f.prompt().length)).scores();
    }

    /// Tokens like the first are no features, and have no column.
    private static double[][] withoutTheFirst(Subject m, Continuation f, Run run, List<Explained> targets) {
        var others = IntStream.range(0, f.prompt().length).filter(t -> f.prompt()[t] != f.prompt()[0]).toArray();
        var scores = new Ablation(pad(m)).explain(run, targets, Groups.of(others)).scores();
        return Arrays.stream(scores).map(row -> IntStream.of(others).mapToDouble(t -> row[t]).toArray())
            .toArray(double[][]::new);
    }

    /// In the orders that Captum drew.
    private static double[][] sampled(Subject m, Continuation f, Run run, List<Explained> targets) {
        var T = f.prompt().length;
        var drawn = m.golden.arrays().get("f64/llm/shapley_sampling_perms");
        var orders = IntStream.range(0, drawn.length / T).mapToObj(i -> Arrays.stream(drawn, i * T, i * T + T)
            .mapToInt(v -> (int) v).toArray()).toList();
        return f.of(run, new ShapleySampling(pad(m), orders.size(), 0, 0).explain(run, targets, Groups.each(T), orders))
            .scores();
    }

    private static double[] sequence(Attribution a) {
        return Objects.requireNonNull(a.sequence()).scores();
    }

    private static AttributionMethod integrated(int id) {
        return new IntegratedGradients(new Token(id), 50, Quadrature.GAUSS_LEGENDRE, Aggregate.SUM);
    }

    private static Removal pad(Subject m) {
        return new Removal.Token(m.golden.pad());
    }
}
