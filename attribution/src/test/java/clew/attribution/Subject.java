package clew.attribution;

import clew.engine.kernel.Kernels;
import clew.engine.op.RmsNorm;
import clew.engine.rule.RuleSet;
import clew.engine.tape.Tape;
import clew.engine.tensor.Shape;
import clew.model.Gain;
import clew.model.Gemma;
import clew.model.Generator;
import clew.model.Gpt2;
import clew.model.GptNeoX;
import clew.model.HookPoint;
import clew.model.LanguageModel;
import clew.model.Llama;
import clew.model.Models;
import clew.model.Pass;
import clew.model.Rope;
import clew.model.Run;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/// A golden checkpoint open on a device, and everything computed on it, each thing once. For one thread.
final class Subject implements AutoCloseable {
    final Golden golden;
    final LanguageModel model;
    private final Map<List<Object>, Object> known = new HashMap<>();

    Subject(Golden golden, Device device) {
        this(golden, device.kernels());
    }

    /// On a device that is none of the engine's own.
    Subject(Golden golden, Kernels kernels) {
        this.golden = golden;
        this.model = Models.open(Shared.path("goldens/models/" + golden.checkpoint()), kernels);
    }

    /// A sequence with the logits of all rows and every named value.
    Run run(String sequence) {
        return once(() -> run(golden.sequence(sequence)), "run", sequence);
    }

    Run run(int[] ids) {
        var all = model.family().hooks().stream().map(HookPoint::name).toArray(String[]::new);
        return model.run(Pass.of(ids).atAll().hooks(all));
    }

    double[] hook(String sequence, String name) {
        return run(sequence).value(name).tensor().toDoubles();
    }

    /// The value at a hook point of every block, one after another.
    double[] everyBlock(Run run, String name) {
        return concat(IntStream.range(0, model.spec().layers())
            .mapToObj(l -> run.value("blocks." + l + "." + name).tensor().toDoubles()).toList());
    }

    double[] lastLogits(String sequence) {
        var run = run(sequence);
        return run.logits(0, run.pass().tokens() - 1);
    }

    List<Explained> targets(String sequence, Score score) {
        return once(() -> List.of(target(sequence, "t0", score), target(sequence, "t1", score)),
            "targets", sequence, score);
    }

    private Explained target(String sequence, String t, Score score) {
        return Target.id(golden.target(sequence, t)).by(score).on(run(sequence)).getFirst();
    }

    Explained target(Case c) {
        return targets(c.sequence(), Score.LOGIT).get(number(c));
    }

    /// Both targets of a sequence explained at once, on a run as a user makes it: nothing named, the one row asked for.
    Attribution explain(String sequence, AttributionMethod method, Score score) {
        return once(() -> {
            var targets = targets(sequence, score);
            return method.explain(asked(sequence, targets.getFirst().position()), targets);
        }, "explain", sequence, method, score);
    }

    interface Joint {
        double[][] of(Run run, List<Explained> targets);
    }

    /// Both targets of a sequence by the logit, on a run as a user makes it.
    double[][] joint(Case c, Joint how) {
        return how.of(asked(c), targets(c.sequence(), Score.LOGIT));
    }

    /// The last row asked for, nothing named.
    Run asked(Case c) {
        return asked(c.sequence(), tokens(c) - 1);
    }

    private Run asked(String sequence, int row) {
        return once(() -> model.run(Pass.of(golden.sequence(sequence)).at(row)), "asked", sequence, row);
    }

    double[] scores(Case c, AttributionMethod method) {
        return scores(c, method, Score.LOGIT);
    }

    double[] scores(Case c, AttributionMethod method, Score score) {
        return explain(c.sequence(), method, score).scores()[number(c)];
    }

    double[] features(Case c, AttributionMethod method) {
        return Objects.requireNonNull(explain(c.sequence(), method, Score.LOGIT).features())[number(c)];
    }

    HeadRelevance heads(Case c, RuleSet rules) {
        return once(() -> HeadRelevance.of(run(c.sequence()), target(c), rules),
            "heads", c.sequence(), c.target(), rules);
    }

    /// `Σ_d x ⊙ g` at hook points, one after another, each `[T]`.
    double[] relevance(Case c, RuleSet rules, List<String> hooks) {
        return relevance(c, rules, hooks, Aggregate.SUM);
    }

    double[] relevance(Case c, RuleSet rules, List<String> hooks, Aggregate aggregate) {
        var run = run(c.sequence());
        var f = target(c);
        var values = hooks.stream().map(run::value).toList();
        var seed = Run.Seed.of(f.position(), f.derivative(run.logits(0, f.position())));
        var back = run.backward(List.of(seed), rules, new LinkedHashSet<>(values));
        return concat(values.stream().map(x -> aggregate.of(Lrp.relevance(x, back, 0), x.cols())).toList());
    }

    /// The input of every block and the output of the last.
    List<String> stream() {
        var names = new ArrayList<String>();
        for (int l = 0; l < model.spec().layers(); l++) names.add("blocks." + l + ".hook_resid_pre");
        names.add(lastResidual());
        return names;
    }

    String lastResidual() {
        return "blocks." + (model.spec().layers() - 1) + ".hook_resid_post";
    }

    /// The target's logit with every token embedded as the baseline.
    double atBaseline(Case c, Baseline baseline) {
        var row = baseline.row(model);
        var tokens = golden.sequence(c.sequence()).length;
        var rows = concat(IntStream.range(0, tokens).mapToObj(t -> row).toList());
        var tensor = model.kernels().tensor(Shape.of(tokens, row.length), rows);
        try (var run = model.run(Pass.of(golden.sequence(c.sequence())).embeddings(tensor, 1))) {
            return run.logits(0, tokens - 1)[golden.target(c.sequence(), c.target())];
        }
    }

    int[] greedy(String sequence) {
        return once(() -> new Generator(model).greedy(golden.sequence(sequence), 12, Set.of()).ids(),
            "greedy", sequence);
    }

    /// The gap between the two best logits before every greedy step.
    double[] greedyMargins(String sequence) {
        int[] prompt = golden.sequence(sequence), more = greedy(sequence);
        try (var run = run(joined(prompt, more))) {
            return IntStream.range(0, more.length)
                .mapToDouble(i -> GoldenTable.margin(run.logits(0, prompt.length - 1 + i))).toArray();
        }
    }

    /// `log p(ids[i] | ids[:i])` from row `first` on.
    double[] logProbabilities(int[] ids, int first) {
        try (var run = model.run(Pass.of(ids).atAll().forgetting())) {
            return IntStream.range(first, ids.length)
                .mapToDouble(i -> Explained.logSoftmax(run.logits(0, i - 1))[ids[i]]).toArray();
        }
    }

    /// The same of the recorded continuation behind a prompt.
    double[] continuation(int[] prompt) {
        return logProbabilities(joined(prompt, golden.continuation()), prompt.length);
    }

    /// s1 with the recorded continuation behind it.
    Run continued() {
        return once(() -> run(joined(golden.sequence("s1"), golden.continuation())), "continued");
    }

    /// Every token of the continuation, as predicted by the row before it.
    List<Explained> continuationTargets(Score score) {
        var prompt = golden.sequence("s1").length;
        var more = golden.continuation();
        return IntStream.range(0, more.length)
            .mapToObj(n -> Target.id(more[n]).at(prompt - 1 + n).by(score).on(continued()).getFirst()).toList();
    }

    Attribution explainContinuation(AttributionMethod method, Score score) {
        return once(() -> method.explain(continued(), continuationTargets(score)), "continuation", method, score);
    }

    /// The recorded continuation behind a sequence.
    Attribution explained(String sequence, Score score, AttributionMethod method) {
        return once(() -> {
            var continuation = new Continuation(golden.sequence(sequence), golden.continuation(), score,
                new Contrast.None());
            try (var run = model.run(continuation.pass())) {
                return continuation.explain(run, method);
            }
        }, "explained", sequence, score, method);
    }

    /// Mean attention over layers and heads, `[T·T]`.
    double[] attention(String sequence) {
        return Objects.requireNonNull(explain(sequence, new Attention(), Score.LOGIT).map());
    }

    /// Mean attention over heads that the last row pays, `[L·T]`.
    double[] attentionOfLayers(String sequence) {
        int H = model.spec().heads(), T = golden.sequence(sequence).length;
        return concat(IntStream.range(0, model.spec().layers()).mapToObj(l -> {
            var pattern = hook(sequence, "blocks." + l + ".attn.hook_pattern");                 // [H, T, T]
            var mean = new double[T];
            for (int i = 0; i < H * T; i++) mean[i % T] += pattern[(i / T * T + T - 1) * T + i % T] / H;
            return mean;
        }).toList());
    }

    /// The input of every block, and what the final norm makes of the last one's output.
    double[] hiddenStates(String sequence) {
        return concat(List.of(everyBlock(run(sequence), "hook_resid_pre"), finalNorm(sequence)));
    }

    /// The likeliest token, and the other that the goldens chose.
    double[] bothTargets(String sequence) {
        return new double[] {Target.top().on(run(sequence)).getFirst().id(), golden.target(sequence, "t1")};
    }

    /// All rows after the final norm. What TransformerLens calls an RMS norm's `hook_normalized` lies before the
    /// weight, where this engine has no value, so such a norm's output comes from the op itself.
    private double[] finalNorm(String sequence) {
        return switch (model.family()) {
            case Gpt2 _, GptNeoX _ -> hook(sequence, "ln_final.hook_normalized");
            case Llama l           -> finalNorm(sequence, l.last());
            case Gemma g           -> finalNorm(sequence, g.last());
        };
    }

    private double[] finalNorm(String sequence, Gain last) {
        var tape = new Tape(model.kernels(), Tape.Memory.FORGET);
        var x = tape.leaf(run(sequence).value(lastResidual()).tensor());
        var gain = Arrays.stream(last.weight().toDoubles()).map(w -> w + last.offset()).toArray();
        var w = tape.leaf(model.kernels().tensor(last.weight().shape(), gain));
        return tape.record(new RmsNorm(x, w, last.eps())).tensor().toDoubles();
    }

    /// The positions of the layers of one kind; of all, where a model has but one.
    Rope rope(String kind) {
        var sliding = kind.equals("sliding_attention");
        return model.family() instanceof Gemma g
            ? g.blocks().stream().map(Gemma.Block::attention)
                .filter(a -> sliding == a.attending().window() < Integer.MAX_VALUE).findFirst().orElseThrow().rope()
            : Objects.requireNonNull(model.spec().rope());
    }

    /// Where the output of an MLP lies before anything is made of it.
    String mlpOutput(int layer) {
        var name = model.family() instanceof Gemma ? "mlp.hook_out" : "hook_mlp_out";
        return "blocks." + layer + "." + name;
    }

    IntegratedGradients integrated(String from, Quadrature quadrature, int steps) {
        return new IntegratedGradients(baseline(from), steps, quadrature, Aggregate.SUM);
    }

    Baseline baseline(String from) {
        return from.equals("zero") ? new Baseline.Zero() : new Baseline.Token(golden.pad());
    }

    int tokens(Case c) {
        return golden.sequence(c.sequence()).length;
    }

    int number(Case c) {
        return c.target().charAt(1) - '0';
    }

    private static int[] joined(int[] a, int[] b) {
        return IntStream.concat(IntStream.of(a), IntStream.of(b)).toArray();
    }

    static double[] concat(List<double[]> parts) {
        return parts.stream().flatMapToDouble(Arrays::stream).toArray();
    }

    @SuppressWarnings("unchecked")                               // a key is made in one place, with one type of value
    private <T> T once(Supplier<T> compute, Object... key) {
        var name = List.of(key);
        var there = known.get(name);
        if (there == null) {
            there = compute.get();
            known.put(name, there);
        }
        return (T) there;
    }

    @Override
    public void close() {
        known.clear();
        model.close();
    }
}
