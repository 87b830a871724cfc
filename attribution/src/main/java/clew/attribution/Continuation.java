package clew.attribution;

import clew.model.ModelException;
import clew.model.Pass;
import clew.model.Run;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// `log p(y | x) = Σ_n log p(y_n | x, y_1 … y_{n−1})` — a continuation y of N tokens behind a prompt x of T, as N
/// targets of one run over both (teacher-forced): token n is explained at the row before it, `T − 1 + n`.
///
/// Its explanation has a row of scores for every token of y, `[N, T]`, and their sum over y, `[T]` (Captum's token and
/// sequence attributions). What a row gives to earlier tokens of y is listed apart. Tokens of y are never removed, nor
/// moved along a path: they are given, and only the prompt is asked about.
public record Continuation(int[] prompt, int[] ids, Score score, Contrast contrast) {
    /// Numbers that the features of a matrix may have: 512 MB.
    private static final long FEATURES = 1L << 26;

    /// @throws ModelException if the prompt or the continuation is empty
    public Continuation {
        if (prompt.length == 0) throw new ModelException("the prompt yields no ids; give it at least one token");
        if (ids.length == 0) throw new ModelException("the continuation yields no ids; give it at least one token");
        prompt = prompt.clone();
        ids = ids.clone();
    }

    /// By log-probabilities.
    public Continuation(int[] prompt, int[] ids) {
        this(prompt, ids, Score.LOGPROB, new Contrast.None());
    }

    /// What is run: prompt and continuation but for its last token, which predicts nothing; logits where a token of the
    /// continuation is predicted.
    public Pass pass() {
        int T = prompt.length, N = ids.length;
        return Pass.of(IntStream.concat(IntStream.of(prompt), IntStream.of(ids).limit(N - 1)).toArray())
            .at(IntStream.range(T - 1, T - 1 + N).toArray());
    }

    /// The tokens of the continuation as targets on such a run, in their order.
    ///
    /// @throws ModelException if the model classifies texts, or an id is outside its vocabulary
    public List<Explained> targets(Run run) {
        if (!run.model().spec().labels().isEmpty())
            throw new ModelException(run.model().path() + " classifies texts and has no continuation; explain its"
                + " classes");
        return IntStream.range(0, ids.length).mapToObj(n -> new Target(new Target.Choice.Id(ids[n]),
            prompt.length - 1 + n, score, contrast).on(run).getFirst()).toList();
    }

    /// The token matrix and its sum.
    public Attribution explain(Run run, AttributionMethod method) {
        return explain(run, method, FEATURES);
    }

    /// Rows whose features together would be more than so many numbers are explained some at a time, and their features
    /// are not kept. Methods that remove features have none, and read all rows from the same runs.
    Attribution explain(Run run, AttributionMethod method, long most) {
        var targets = targets(run);
        var some = Math.clamp(most / run.embeddings().tensor().size(), 1, targets.size());
        if (some == targets.size() || method instanceof JointMethod)
            return of(run, method.explain(run, targets, prompt.length));
        var parts = new ArrayList<Attribution>();
        for (int n = 0; n < targets.size(); n += some) {
            var part = method.explain(run, targets.subList(n, Math.min(targets.size(), n + some)), prompt.length);
            parts.add(of(run, part).withoutFeatures());
        }
        return Attribution.joined(parts);
    }

    /// The sum alone, `[T]` — by one way back instead of N where the method allows it.
    ///
    /// @return an explanation of one target, whose value is the sum of those of all tokens
    public Attribution explainSum(Run run, AttributionMethod method) {
        if (method instanceof AdditiveMethod m && m.aggregate() == Aggregate.SUM)
            return of(run, method.explain(run, List.of(Explained.sum(targets(run))), prompt.length));
        return explain(run, method).summed();
    }

    /// An explanation of all targets, or of their sum, whose scores are of all tokens of the run, as one of the
    /// prompt's tokens.
    public Attribution of(Run run, Attribution a) {
        int T = prompt.length, N = ids.length;
        var earlier = new double[a.targets().size()][];
        for (int n = 0; n < earlier.length; n++)
            earlier[n] = Arrays.copyOfRange(a.scores()[n], T, a.targets().get(n).position() + 1);
        var all = Explanation.tokens(run.model(), IntStream.concat(IntStream.of(prompt), IntStream.of(ids)).toArray());
        var d = a.diagnostics();
        return new Attribution(a.model(), a.method(), all.subList(0, T), a.targets(), a.texts(), first(a.scores(), T),
            features(a.features(), a.tokens().size()), first(a.positions(), T), null,
            d.with(d.drawn().first(T)), a.warnings(), new Attribution.Sequence(all.subList(T, T + N),
                Explanation.text(run.model(), all.subList(T, T + N)),
                Attribution.columns(first(a.scores(), T)), earlier)).beside(a.regions());
    }

    private double @Nullable [][] features(double @Nullable [][] all, int tokens) {
        return all == null ? null
            : Arrays.stream(all).map(f -> Arrays.copyOf(f, f.length / tokens * prompt.length)).toArray(double[][]::new);
    }

    private static double[][] first(double[][] rows, int T) {
        return Arrays.stream(rows).map(row -> Arrays.copyOf(row, T)).toArray(double[][]::new);
    }
}
