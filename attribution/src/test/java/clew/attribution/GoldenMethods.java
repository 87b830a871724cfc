package clew.attribution;

import static clew.attribution.GoldenTable.largest;
import static clew.attribution.Kind.FORWARD;
import static clew.attribution.Kind.GRADIENT;

import clew.attribution.Baseline.Token;
import clew.attribution.Baseline.Zero;
import clew.attribution.GoldenTable.Computed;
import clew.attribution.GoldenTable.Row;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.IntStream;

/// What layer methods, sampling methods and attention methods compute of the goldens.
final class GoldenMethods {
    private static final Quadrature GAUSS = Quadrature.GAUSS_LEGENDRE;

    private GoldenMethods() {}

    static List<Row> rows() {
        var rows = new ArrayList<Row>();
        for (int l : new int[] {1, 2}) {
            layers(rows, "block" + l, _ -> "blocks." + l + ".hook_resid_post");
            layers(rows, "mlp" + l, m -> m.mlpOutput(l));
        }
        rows.add(row("smoothgrad_ixg_tok", GRADIENT, GoldenMethods::smoothed));
        rows.add(row("gradientshap_tok", GRADIENT, GoldenMethods::shap));
        rows.add(row("attn_layer_weighted_last", FORWARD, (m, c) -> attention(m, c, new AttentionWeighted())));
        rows.add(row("grad_weighted_attention", GRADIENT,
            (m, c) -> Objects.requireNonNull(first(m, c, new AttentionXGradient()).map())));
        for (var fusion : Fusion.values())
            for (int percent : new int[] {0, 50, 90}) {
                var name = "rollout_" + fusion.label() + "_d" + (percent == 0 ? "00" : percent);
                var rollout = new AttentionRollout(fusion, percent / 100.0);
                rows.add(row(name, FORWARD, (m, c) -> Objects.requireNonNull(first(m, c, rollout).map())));
                rows.add(row(name + "_last", FORWARD, (m, c) -> attention(m, c, rollout)));
            }
        return rows;
    }

    private interface Values {
        double[] of(Subject m, Case c);
    }

    private static Row row(String name, Kind kind, Values how) {
        return new Row(name, kind, (m, c) -> new Computed(how.of(m, c), Double.NaN));
    }

    private static void layers(List<Row> rows, String name, Function<Subject, String> place) {
        Function<Subject, LayerConductance> conductance =
            m -> new LayerConductance(place.apply(m), new Zero(), 50, GAUSS, Aggregate.SUM);
        Function<Subject, InternalInfluence> influence =
            m -> new InternalInfluence(place.apply(m), new Zero(), 50, GAUSS, Aggregate.SUM);
        rows.add(row("layer_conductance_" + name, GRADIENT, (m, c) -> m.features(c, conductance.apply(m))));
        rows.add(row("internal_influence_" + name, GRADIENT, (m, c) -> m.features(c, influence.apply(m))));
        rows.add(tokens("layer_conductance_" + name + "_tok", conductance::apply));
        rows.add(tokens("internal_influence_" + name + "_tok", influence::apply));
        rows.add(new Row("layer_conductance_" + name + "_delta", GRADIENT, (m, c) -> {
            var method = conductance.apply(m);
            var deltas = m.explain(c.sequence(), method, Score.LOGIT).diagnostics().convergenceDelta();
            return new Computed(new double[] {deltas.get(m.number(c))}, made(m, c, method));
        }));
    }

    /// Sums over d, measured against what they are sums of.
    private static Row tokens(String name, Function<Subject, AttributionMethod> method) {
        return new Row(name, GRADIENT,
            (m, c) -> new Computed(m.scores(c, method.apply(m)), made(m, c, method.apply(m))));
    }

    private static double made(Subject m, Case c, AttributionMethod method) {
        return largest(Aggregate.L1.of(m.features(c, method), m.model.spec().width()));
    }

    // ── draws, replayed ─────────────────────────────────────────────────────────────────────────────────────────────

    private static double[] smoothed(Subject m, Case c) {
        var noise = m.golden.arrays().get(c.array().replace("_ixg_tok", "_noise"));             // [6, T, D]
        var size = noise.length / 6;
        return new SmoothGrad(1, 6, 0, Aggregate.SUM).explain(m.asked(c),
            m.targets(c.sequence(), Score.LOGIT), m.tokens(c),
            i -> Arrays.copyOfRange(noise, i * size, (i + 1) * size)).scores()[m.number(c)];
    }

    private static double[] shap(Subject m, Case c) {
        var alphas = m.golden.arrays().get(c.array().replace("_tok", "_alphas"));
        return new GradientShap(new Zero(), 12, 0, Aggregate.SUM).explain(m.asked(c),
            m.targets(c.sequence(), Score.LOGIT), m.tokens(c), alphas).scores()[m.number(c)];
    }

    // ── attention ───────────────────────────────────────────────────────────────────────────────────────────────────

    private static double[] attention(Subject m, Case c, AttributionMethod method) {
        return first(m, c, method).scores()[0];
    }

    /// Of the likeliest token alone.
    private static Attribution first(Subject m, Case c, AttributionMethod method) {
        var run = m.run(c.sequence());
        return method.explain(run, List.of(m.targets(c.sequence(), Score.LOGIT).getFirst()));
    }
}
