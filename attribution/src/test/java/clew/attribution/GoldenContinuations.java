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
/// Of what LLMAttribution computes token by token the first row is that of any method here. From the second on its loop
/// reads other sequences than prompt and continuation ([CaptumLoop]); these rows, and the sums, are compared with the
/// same loop. The way that runs prompt and continuation as one sequence is matched in full (`byseq`), and so are the
/// log-probabilities themselves.
final class GoldenContinuations {
    private GoldenContinuations() {}

    static List<Row> rows() {
        var rows = new ArrayList<Row>();
        gradients(rows, "lig",          m -> integrated(m.golden.pad()));
        gradients(rows, "lig_default0", _ -> integrated(0));
        gradients(rows, "lgxa",         _ -> new InputXGradient());
        removals(rows, "ablation_log_prob_byseq", Score.LOGPROB, "s1", GoldenContinuations::ablation);
        looped(rows, "ablation_log_prob", Score.LOGPROB, "s1", GoldenContinuations::ablation, (_, l) -> l.ablation());
        looped(rows, "ablation_prob",     Score.PROB,    "s1", GoldenContinuations::ablation, (_, l) -> l.ablation());
        looped(rows, "ablation_log_prob_skipfirst", Score.LOGPROB, "s1", GoldenContinuations::withoutTheFirst,
            (m, l) -> new CaptumLoop(l.model(), l.prompt(), l.continuation(), others(l.prompt()), l.pad(), l.score())
                .ablation());
        looped(rows, "shapley_exact_log_prob_s3", Score.LOGPROB, "s3", (m, f, run, x) ->
            f.of(run, new Shapley(pad(m)).explain(run, x, f.prompt().length)).scores(), (_, l) -> l.shapley());
        looped(rows, "shapley_sampling_log_prob", Score.LOGPROB, "s1", GoldenContinuations::sampled,
            (m, l) -> l.sampled(orders(m, l.prompt().length)));
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

    private static double[] rows(Subject m, Score score, String prompt, Removed how) {
        var f = new Continuation(m.golden.sequence(prompt), m.golden.continuation(), score, new Contrast.None());
        try (var run = m.model.run(f.pass())) {
            return Subject.concat(List.of(how.of(m, f, run, f.targets(run))));
        }
    }

    /// The matrix and its sum.
    private static void removals(List<Row> rows, String name, Score score, String prompt, Removed how) {
        rows.add(new Row("llm/" + name + "_tok", Kind.FORWARD, (m, _) ->
            new Computed(rows(m, score, prompt, how), scale(m, prompt, score))));
        rows.add(new Row("llm/" + name + "_seq", Kind.FORWARD, (m, _) -> {
            var values = rows(m, score, prompt, how);
            var N = m.golden.continuation().length;
            var sum = new double[values.length / N];
            for (int i = 0; i < values.length; i++) sum[i % sum.length] += values[i];
            return new Computed(sum, N * scale(m, prompt, score));
        }));
    }

    private interface Looped {
        double[][] of(Subject m, CaptumLoop loop);
    }

    /// The first row by the method itself; the others, and what is said of all together, as Captum's loop has them.
    private static void looped(List<Row> rows, String name, Score score, String prompt, Removed how, Looped again) {
        rows.add(new Row("llm/" + name + "_tok", Kind.FORWARD, (m, _) -> {
            var own = rows(m, score, prompt, how);
            int N = m.golden.continuation().length, columns = own.length / N;
            if (!CaptumLoop.isSeenBy(m.model))
                return new Computed(Arrays.copyOf(own, columns), scale(m, prompt, score), own.length);
            var loop = again.of(m, loop(m, prompt, score));
            for (int n = 1; n < N; n++) System.arraycopy(loop[n], 0, own, n * columns, columns);
            return new Computed(own, scale(m, prompt, score));
        }));
        rows.add(new Row("llm/" + name + "_seq", Kind.FORWARD, (m, _) -> {
            var loop = again.of(m, loop(m, prompt, score));
            return new Computed(loop[loop.length - 1], (loop.length - 1) * scale(m, prompt, score));
        }));
    }

    private static CaptumLoop loop(Subject m, String prompt, Score score) {
        var ids = m.golden.sequence(prompt);
        return new CaptumLoop(m.model, ids, m.golden.continuation(), IntStream.range(0, ids.length).toArray(),
            m.golden.pad(), score);
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
        var others = others(f.prompt());
        var scores = new Ablation(pad(m)).explain(run, targets, Groups.of(others)).scores();
        return Arrays.stream(scores).map(row -> IntStream.of(others).mapToDouble(t -> row[t]).toArray())
            .toArray(double[][]::new);
    }

    private static int[] others(int[] prompt) {
        return IntStream.range(0, prompt.length).filter(t -> prompt[t] != prompt[0]).toArray();
    }

    /// The orders that Captum drew.
    private static List<int[]> orders(Subject m, int T) {
        var drawn = m.golden.arrays().get("f64/llm/shapley_sampling_perms");
        return IntStream.range(0, drawn.length / T).mapToObj(i -> Arrays.stream(drawn, i * T, i * T + T)
            .mapToInt(v -> (int) v).toArray()).toList();
    }

    private static double[][] sampled(Subject m, Continuation f, Run run, List<Explained> targets) {
        var T = f.prompt().length;
        var orders = orders(m, T);
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
