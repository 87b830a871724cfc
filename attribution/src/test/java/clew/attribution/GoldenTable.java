package clew.attribution;

import static clew.attribution.Kind.EXPLICIT;
import static clew.attribution.Kind.FORWARD;
import static clew.attribution.Kind.GRADIENT;
import static clew.attribution.Kind.IDS;
import static clew.attribution.Kind.STABILISED;
import static clew.engine.rule.RuleSets.ATTN_LRP;
import static clew.engine.rule.RuleSets.CP_LRP;

import clew.attribution.Baseline.Token;
import clew.attribution.Baseline.Zero;
import clew.engine.rule.RuleSet;
import clew.engine.rule.RuleSets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/// How we compute each array of the goldens, by its name.
final class GoldenTable {
    private static final List<Row> ROWS = new ArrayList<>();

    private GoldenTable() {}

    /// What we compute, and what its error is measured against: NaN for the array's own largest magnitude.
    ///
    /// @param length of the whole array, of which these values are the beginning
    record Computed(double[] values, double scale, int length) {
        Computed(double[] values, double scale) {
            this(values, scale, values.length);
        }
    }

    interface How {
        Computed of(Subject m, Case c);
    }

    interface Values {
        double[] of(Subject m, Case c);
    }

    /// @param name a regular expression for `what`
    record Row(String name, Kind kind, How how) {}

    static Optional<Row> row(Case c) {
        return ROWS.stream().filter(r -> c.what().matches(r.name)).findFirst();
    }

    static {
        forward();
        attention();
        gradients();
        for (var quadrature : Quadrature.values())
            for (int steps : new int[] {20, 50})
                for (var from : List.of("zero", "pad")) integrated(from, quadrature, steps);
        otherIntegrated();
        relevance();
        ROWS.addAll(GoldenPatches.rows());
        ROWS.addAll(GoldenRemovals.rows());
        ROWS.addAll(GoldenSteps.rows());
        ROWS.addAll(GoldenContinuations.rows());
        ROWS.addAll(GoldenFaithfulness.rows());
        ROWS.addAll(GoldenMethods.rows());
    }

    private static void forward() {
        row("logits",            FORWARD, (m, c) -> m.run(c.sequence()).logits().toDoubles());
        row("inputs_embeds",     FORWARD, (m, c) -> m.run(c.sequence()).embeddings().tensor().toDoubles());
        row("hidden_states",     FORWARD, (m, c) -> m.hiddenStates(c.sequence()));
        row("final_pre_norm",    FORWARD, (m, c) -> m.hook(c.sequence(), m.lastResidual()));
        for (int l : new int[] {1, 2}) {
            row("layer_activation_block" + l, FORWARD, (m, c) -> m.hook(c.sequence(), block(l)));
            row("layer_activation_mlp" + l,   FORWARD, (m, c) -> m.hook(c.sequence(), m.mlpOutput(l)));
        }
        row("log_softmax_last",  FORWARD, (m, c) -> Explained.logSoftmax(m.lastLogits(c.sequence())));
        row("token_logprobs",    FORWARD, (m, c) -> m.logProbabilities(m.golden.sequence(c.sequence()), 1));
        row("llm/target_logprobs",           FORWARD, (m, _) -> m.continuation(m.golden.sequence("s1")));
        row("llm/target_logprobs_padprompt", FORWARD, (m, _) -> m.continuation(m.golden.padded("s1")));
        row("rope/(full_attention_)?inv_freq", FORWARD, (m, _) -> m.rope("full_attention").inverseFrequencies());
        row("rope/sliding_attention_inv_freq", FORWARD, (m, _) -> m.rope("sliding_attention").inverseFrequencies());
        row("rope/attention_scaling", FORWARD, (m, _) -> new double[] {m.rope("full_attention").magnitude()});
        row("targets",           IDS,     (m, c) -> m.bothTargets(c.sequence()));
        row("greedy",            IDS,     (m, c) -> Arrays.stream(m.greedy(c.sequence())).asDoubleStream().toArray());
        logit("top1_margin",     (m, c) -> new double[] {margin(m.lastLogits(c.sequence()))});
        logit("greedy_margins",  (m, c) -> m.greedyMargins(c.sequence()));
        logit("f_x",             (m, c) -> new double[] {m.target(c).value()});
        logit("f_zero",          (m, c) -> new double[] {m.atBaseline(c, new Zero())});
        logit("f_pad",           (m, c) -> new double[] {m.atBaseline(c, new Token(m.golden.pad()))});
    }

    private static void attention() {
        row("attentions",           FORWARD, (m, c) -> m.everyBlock(m.run(c.sequence()), "attn.hook_pattern"));
        row("detect/pattern",       FORWARD, (m, _) -> m.everyBlock(m.run(m.golden.repeated()), "attn.hook_pattern"));
        row("attn_mean_last",       FORWARD, (m, c) -> last(m.attention(c.sequence()), m.tokens(c)));
        row("attn_layer_mean_last", FORWARD, (m, c) -> m.attentionOfLayers(c.sequence()));
        row("attn_received",        FORWARD, (m, c) -> columns(m.attention(c.sequence()), m.tokens(c)));
    }

    private static void gradients() {
        var plain = RuleSets.GRADIENT;
        row("grad_emb",             GRADIENT, (m, c) -> m.features(c, new Saliency()));
        row("saliency_l2",          GRADIENT, (m, c) -> m.scores(c, new Saliency()));
        row("saliency_l1",          GRADIENT, (m, c) -> m.scores(c, new Saliency(Aggregate.L1)));
        row("ixg_tok",              GRADIENT, (m, c) -> m.scores(c, new InputXGradient()));
        deepLift();
        row("grad_emb_logprob_tok_ixg", GRADIENT, (m, c) -> m.scores(c, new InputXGradient(), Score.LOGPROB));
        row("grad_emb_prob_tok_ixg",    GRADIENT, (m, c) -> m.scores(c, new InputXGradient(), Score.PROB));
        row("layers_gxa_tok",       GRADIENT, (m, c) -> m.relevance(c, plain, m.stream()));
        for (int l : new int[] {1, 2}) {
            layer("layer_gxa_block" + l + "_tok", _ -> block(l));
            layer("layer_gxa_mlp" + l + "_tok",   m -> m.mlpOutput(l));
        }
        heads("attn_relevance", GRADIENT, plain);
    }

    /// Captum's DeepLift finds no activation that it knows among the modules of these models, and the baseline is zero:
    /// what it recorded is input × gradient, and the delta what that misses.
    private static void deepLift() {
        row("deeplift_zero_tok", GRADIENT, (m, c) -> m.scores(c, new InputXGradient()));
        ROWS.add(new Row("deeplift_zero_delta", GRADIENT, (m, c) -> {
            double value = m.target(c).value(), start = m.atBaseline(c, new Zero());
            return new Computed(new double[] {Products.sum(m.scores(c, new InputXGradient())) - (value - start)},
                Math.max(largest(m.scores(c, new InputXGradient())), Math.max(Math.abs(value), Math.abs(start))));
        }));
    }

    /// A norm's output does not change with its input's length, so before the last norm `Σ_d x·g` cancels to nothing
    /// but its ε: measured against `Σ_d |x·g|`.
    private static void layer(String name, Function<Subject, String> place) {
        ROWS.add(new Row(name, GRADIENT, (m, c) -> {
            var hook = List.of(place.apply(m));
            return new Computed(m.relevance(c, RuleSets.GRADIENT, hook),
                largest(m.relevance(c, RuleSets.GRADIENT, hook, Aggregate.L1)));
        }));
    }

    private static String block(int l) {
        return "blocks." + l + ".hook_resid_post";
    }

    private static void integrated(String from, Quadrature quadrature, int steps) {
        var name = "ig_" + from + "_" + quadrature.label().replace('-', '_') + steps;
        row(name,          GRADIENT, (m, c) -> m.features(c, m.integrated(from, quadrature, steps)));
        row(name + "_tok", GRADIENT, (m, c) -> m.scores(c, m.integrated(from, quadrature, steps)));
        delta(name + "_delta", from, quadrature, steps);
    }

    private static void otherIntegrated() {
        var gauss = Quadrature.GAUSS_LEGENDRE;
        row("ig_zero_l2_tok", GRADIENT,
            (m, c) -> m.scores(c, new IntegratedGradients(new Zero(), 50, gauss, Aggregate.L2)));
        row("ig_prob_zero_gausslegendre50_tok", GRADIENT,
            (m, c) -> m.scores(c, m.integrated("zero", gauss, 50), Score.PROB));
        row("ig_logprob_zero_gausslegendre50_tok", GRADIENT,
            (m, c) -> m.scores(c, m.integrated("zero", gauss, 50), Score.LOGPROB));
        row("layer_ig_embed_pad_tok", GRADIENT, (m, c) -> m.scores(c, m.integrated("pad", gauss, 50)));
        delta("layer_ig_embed_pad_delta", "pad", gauss, 50);
    }

    private static void relevance() {
        for (var rules : Map.of("attnlrp", ATTN_LRP, "cplrp", CP_LRP).entrySet()) {
            var name = rules.getKey();
            var lrp = new Lrp(rules.getValue());
            row(name,                         STABILISED, (m, c) -> m.features(c, lrp));
            row(name + "_tok",                STABILISED, (m, c) -> m.scores(c, lrp));
            row(name + "_layers_tok",         STABILISED, (m, c) -> m.relevance(c, lrp.rules(), m.stream()));
            row("explicit_" + name,           EXPLICIT,   (m, c) -> m.features(c, lrp));
            row("explicit_" + name + "_tok",  EXPLICIT,   (m, c) -> m.scores(c, lrp));
        }
        heads("attnlrp_attn_relevance", STABILISED, ATTN_LRP);
    }

    /// Per edge, per head, and of the last query only.
    private static void heads(String name, Kind kind, RuleSet rules) {
        row(name,             kind, (m, c) -> Subject.concat(List.of(m.heads(c, rules).edges())));
        row(name + "_heads",  kind, (m, c) -> Subject.concat(List.of(m.heads(c, rules).totals())));
        row(name + "_lastq",  kind, (m, c) -> lastQueries(m.heads(c, rules).edges(), m.tokens(c)));
    }

    /// A convergence delta is a difference of sums, often of rounding's size: measured against what it is made of.
    private static void delta(String name, String from, Quadrature quadrature, int steps) {
        ROWS.add(new Row(name, GRADIENT, (m, c) -> {
            var method = m.integrated(from, quadrature, steps);
            var deltas = m.explain(c.sequence(), method, Score.LOGIT).diagnostics().convergenceDelta();
            var start = m.atBaseline(c, m.baseline(from));
            return new Computed(new double[] {deltas.get(m.number(c))},
                Math.max(largest(m.scores(c, method)), Math.max(Math.abs(m.target(c).value()), Math.abs(start))));
        }));
    }

    /// A logit or a difference of logits: one of an array of logits, and measured against the largest of them.
    private static void logit(String name, Values how) {
        ROWS.add(new Row(name, FORWARD,
            (m, c) -> new Computed(how.of(m, c), largest(m.lastLogits(c.sequence())))));
    }

    private static void row(String name, Kind kind, Values how) {
        ROWS.add(new Row(name, kind, (m, c) -> new Computed(how.of(m, c), Double.NaN)));
    }

    static double largest(double[] values) {
        return Arrays.stream(values).map(Math::abs).max().orElse(0);
    }

    static double margin(double[] logits) {
        var sorted = logits.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length - 1] - sorted[sorted.length - 2];
    }

    private static double[] last(double[] map, int tokens) {
        return Arrays.copyOfRange(map, map.length - tokens, map.length);
    }

    private static double[] columns(double[] map, int tokens) {
        var sums = new double[tokens];
        for (int i = 0; i < map.length; i++) sums[i % tokens] += map[i];
        return sums;
    }

    /// `[L][H·T·T]` to `[L·H·T]`.
    private static double[] lastQueries(double[][] edges, int tokens) {
        var rows = new ArrayList<double[]>();
        for (var layer : edges)
            for (int h = 0; h < layer.length / tokens / tokens; h++)
                rows.add(last(Arrays.copyOfRange(layer, h * tokens * tokens, (h + 1) * tokens * tokens), tokens));
        return Subject.concat(rows);
    }
}
