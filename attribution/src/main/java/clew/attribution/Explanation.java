package clew.attribution;

import clew.engine.rule.RuleSet;
import clew.engine.tape.Cotangents;
import clew.engine.tape.Value;
import clew.model.LanguageModel;
import clew.model.ModelException;
import clew.model.Run;
import clew.model.token.Token;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// An explanation being made: what all methods share.
final class Explanation {
    /// Cotangent elements that one group of seeds may hold in its widest layer: 256 MB of floats.
    private static final long GROUP = 1L << 26;

    private Run run;
    private final List<Explained> targets;
    private final long start = System.nanoTime();
    private final List<String> warnings = new ArrayList<>();
    private final Map<String, double[]> figures = new HashMap<>();
    private long evaluations = 1;
    private boolean isWithin = true;

    Explanation(Run run, List<Explained> targets) {
        if (run.pass().sequences() != 1)
            throw new IllegalArgumentException("an explanation takes a run of one sequence");
        this.run = run;
        this.targets = targets;
        targets.stream().flatMap(t -> t.rows().stream()).forEach(this::requireNumbers);
    }

    /// A NaN among the logits of the row spoils every probability, and says that a weight is one.
    private void requireNumbers(Explained t) {
        var finite = Double.isFinite(t.value())
            && Arrays.stream(run.logits(0, t.position())).noneMatch(Double::isNaN);
        if (!finite) throw run.model().notFinite("the score of token " + t.id() + " at row " + t.position());
    }

    /// The run if it declared all these hooks, else the same again with them; backward passes then read that one.
    Run declaring(Set<String> hooks) {
        if (!run.pass().hooks().containsAll(hooks)) {
            evaluated(1);
            run = run.model().run(run.pass().hooks(hooks.toArray(String[]::new)));
        }
        return run;
    }

    /// Learned positions would stay; without them a zero input is where every norm is singular.
    void warnOfZero(Baseline baseline) {
        if (baseline instanceof Baseline.Zero && run.model().spec().rope() != null)
            warn("zero embeddings are a singular baseline for models without learned positions; the convergence"
                + " delta shows how much is missing: try --baseline mean, pad or token:ID");
    }

    /// What a path from a baseline is described by.
    static Map<String, Object> steps(Baseline baseline, int steps, Quadrature quadrature, Aggregate aggregate) {
        return new HashMap<>(Map.of("baseline", baseline.toString(), "steps", steps, "quadrature", quadrature.label(),
            "aggregate", aggregate.label()));
    }

    /// The same of a path that is gone once; warns where it begins at zero.
    Map<String, Object> path(Baseline baseline, int steps, Quadrature quadrature, Aggregate aggregate) {
        warnOfZero(baseline);
        return steps(baseline, steps, quadrature, aggregate);
    }

    /// Draws that ended before the errors were as small as they should be.
    ///
    /// @param drawn what they are called, `samples`
    void warnOfDraws(String method, int count, String drawn, double tolerance) {
        unmet(method + " did not come within the tolerance of " + tolerance + " after " + count + " " + drawn
            + "; draw more with --" + drawn);
    }

    /// The scores are not as good as was asked for: what a reader is told, and the result says.
    void unmet(String sentence) {
        isWithin = false;
        warn(sentence);
    }

    /// Relevance without an account of the rest.
    void warnOfNoLedger(RuleSet rules) {
        warn(rules.name() + " keeps no ledger: under it " + String.join(", ", rules.moving()) + " moves as in calculus,"
            + " so relevance is not conserved there, and what is won or lost is booked nowhere");
    }

    /// A ledger; what does not close is said.
    Ledger closing(Ledger ledger, Explained f) {
        if (!ledger.closes(run.logits().dtype()))
            warn("the ledger of target " + f.id() + " does not close: " + ledger.closure() + " of "
                + ledger.explained() + " is unaccounted for");
        return ledger;
    }

    void warn(String sentence) {
        warnings.add(sentence);
    }

    /// What else is known of the worth of the scores, one number per target.
    void figure(String name, double[] perTarget) {
        figures.put(name, perTarget);
    }

    void evaluated(long sequences) {
        evaluations += sequences;
    }

    /// Reads a backward pass of each target; seeds travel together as far as memory allows.
    interface Reader {
        /// @param seed the target's number within `back`
        void read(int target, Cotangents back, int seed);
    }

    /// @throws ModelException if a target has no gradient at the run itself
    void backward(RuleSet rules, Set<Value> wanted, Reader reader) {
        if (targets.stream().anyMatch(t -> t.score() == Score.KL))
            throw new ModelException("kl is at its maximum at the prompt itself and has no gradient there; take a"
                + " method that changes the prompt: ablation, occlusion, shapley or integrated-gradients");
        backward(run, f -> f.seed(run), rules, wanted, reader);
    }

    /// The same of another run, by seeds of its own.
    void backward(Run through, Function<Explained, Run.Seed> seed, RuleSet rules, Set<Value> wanted, Reader reader) {
        var group = Math.clamp(GROUP / widest(), 1, 256);
        for (int from = 0; from < targets.size(); from += group) {
            var some = targets.subList(from, Math.min(targets.size(), from + group));
            var back = through.backward(some.stream().map(seed).toList(), rules, wanted);
            for (int i = 0; i < some.size(); i++) reader.read(from + i, back, i);
        }
    }

    /// Elements of one seed's largest cotangent: a hidden layer, the patterns, or the logits' row.
    private long widest() {
        var s = run.model().spec();
        long T = run.pass().tokens();
        return Math.max(s.outputs(), T * Math.max(Math.max(s.hidden(), s.width()), s.heads() * T));
    }

    /// What a mean over draws says; standard errors belong to sums over features and to nothing else.
    ///
    /// @param tolerance that the draws were to come within, 0 for none
    Attribution sampled(String method, Map<String, Object> settings, Samples mean, double tolerance,
                        Aggregate aggregate, List<Double> deltas) {
        var parameters = new HashMap<>(settings);
        parameters.put("samples", mean.count());
        parameters.put("aggregate", aggregate.label());
        if (tolerance > 0) parameters.put("tolerance", tolerance);
        if (tolerance > 0 && !mean.tokens().within(tolerance)) warnOfDraws(method, mean.count(), "samples",
            tolerance);
        var scores = new double[targets.size()][];
        for (int t = 0; t < scores.length; t++)
            scores[t] = aggregate.of(mean.features()[t], run.embeddings().cols());
        var drawn = aggregate == Aggregate.SUM ? mean.tokens().deviations() : Deviations.NONE;
        return result(method, parameters, scores, mean.features(), new double[0][], null, deltas, List.of(), drawn);
    }

    /// What relevance says; positions only where they are told.
    Attribution relevance(String method, Map<String, Object> parameters, double[][] scores, double[][] features,
                          double[][] positions, List<Ledger> ledgers) {
        return result(method, parameters, scores, features, positions, null, List.of(), ledgers, Deviations.NONE);
    }

    /// Scores of features that were removed, `[targets][features]`, with standard errors if any were drawn.
    Attribution removed(String method, Map<String, Object> parameters, Games games, Groups groups, Drawn drawn) {
        var all = new HashMap<>(parameters);
        all.put("removal", games.removal().toString());
        if (games.removal() instanceof Removal.Resample r) all.put("seed", r.seed());
        evaluated(games.sequences());
        var T = run.pass().tokens();
        var scores = new double[drawn.scores().length][];
        for (int t = 0; t < scores.length; t++) scores[t] = groups.atFirst(drawn.scores()[t], T);
        return result(method, all, scores, null, new double[0][], null, List.of(), List.of(),
            drawn.deviations().atFirst(groups, T));
    }

    /// What is left of `Σ φ = v(N) − v(∅)`.
    ///
    /// @param wholes `v(N) − v(∅)`, `[targets][1]`
    void residual(double[][] phi, double[][] wholes) {
        var residual = new double[phi.length];
        for (int t = 0; t < phi.length; t++) residual[t] = Products.sum(phi[t]) - wholes[t][0];
        figure("efficiencyResidual", residual);
    }

    Attribution result(String method, Map<String, Object> parameters, double[][] scores, double @Nullable [][] features,
                       double @Nullable [] map, List<Double> deltas, List<Ledger> ledgers) {
        return result(method, parameters, scores, features, new double[0][], map, deltas, ledgers, Deviations.NONE);
    }

    private Attribution result(String method, Map<String, Object> parameters, double[][] scores,
                               double @Nullable [][] features, double[][] positions, double @Nullable [] map,
                               List<Double> deltas, List<Ledger> ledgers, Deviations drawn) {
        var numbers = DoubleStream.concat(Arrays.stream(scores).flatMapToDouble(Arrays::stream),
            DoubleStream.concat(deltas.stream().mapToDouble(d -> d), ledgers.stream().mapToDouble(Ledger::closure)));
        if (numbers.anyMatch(v -> !Double.isFinite(v)))
            warnings.add("some results are not finite numbers; JSON holds null for them");
        var settings = new HashMap<>(parameters);
        if (settings.containsKey("tolerance")) settings.put(Attribution.Method.MET, isWithin);
        var model = run.model();
        var provenance = Provenance.of(model);
        var seconds = (System.nanoTime() - start) / 1e9;
        return new Attribution(new Attribution.Model(model.path(), model.spec().family(), provenance.weights(),
            provenance),
            new Attribution.Method(method, settings), tokens(run), targets, texts(), scores, features, positions, map,
            new Attribution.Diagnostics(deltas, ledgers, drawn, figures, evaluations, seconds), warnings);
    }

    /// What the ids of targets and foils stand for: classes by their labels, tokens as far as the tokenizer says.
    private Map<Integer, String> texts() {
        var texts = new HashMap<Integer, String>();
        var labels = run.model().spec().labels();
        if (!labels.isEmpty())
            targets.stream().flatMapToInt(Explanation::ids).forEach(id -> texts.put(id, labels.get(id)));
        else run.model().tokenizer().ifPresent(tokenizer -> targets.stream().flatMapToInt(Explanation::ids)
            .forEach(id -> texts.put(id, tokenizer.describe(new int[] {id}).getFirst().text())));
        return texts;
    }

    private static IntStream ids(Explained t) {
        return t.contrast() instanceof Contrast.Foil(int foil) ? IntStream.of(t.id(), foil) : IntStream.of(t.id());
    }

    /// The input's tokens; without a tokenizer their ids in decimal.
    static List<Token> tokens(Run run) {
        return tokens(run.model(), run.pass().ids());
    }

    static List<Token> tokens(LanguageModel model, int[] ids) {
        return model.tokenizer().map(t -> t.describe(ids)).orElseGet(() -> IntStream.range(0, ids.length)
            .mapToObj(i -> bare(i, ids[i])).toList());
    }

    /// What tokens that stand one behind the other say together.
    static String text(LanguageModel model, List<Token> tokens) {
        return String.join("", model.tokenizer().map(t -> t.texts(tokens.stream().mapToInt(Token::id).toArray()))
            .orElseGet(() -> tokens.stream().map(Token::text).toList()));
    }

    private static Token bare(int index, int id) {
        var text = Integer.toString(id);
        return new Token(index, id, text, text, -1, -1, false);
    }
}
