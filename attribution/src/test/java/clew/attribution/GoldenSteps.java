package clew.attribution;

import clew.attribution.GoldenTable.Computed;
import clew.attribution.GoldenTable.Row;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/// What inseq computes: a step per continuation token, all read from one run of s1 and its continuation.
///
/// Its arrays are `[tokens, steps, D]`, rounded to float, zero behind a step's row; its baseline is the unknown token,
/// id 0.
final class GoldenSteps {
    private GoldenSteps() {}

    static List<Row> rows() {
        var rows = new ArrayList<Row>();
        var integrated = new IntegratedGradients(new Baseline.Token(0), 50, Quadrature.GAUSS_LEGENDRE, Aggregate.SUM);
        step(rows, "step/probability", Score.PROB);
        step(rows, "step/logit",       Score.LOGIT);
        step(rows, "step/entropy",     Score.ENTROPY);
        rows.add(row("step/deltas", Kind.GRADIENT, m -> m.explainContinuation(integrated, Score.PROB).diagnostics()
            .convergenceDelta().stream().mapToDouble(v -> v).toArray(), 1));
        rows.add(row("attention/raw", Kind.ROUNDED, GoldenSteps::attention, Double.NaN));
        rows.add(row("occlusion/(raw|aggregated)", Kind.ROUNDED, GoldenSteps::occlusion, 1));
        features(rows, "saliency",             new Saliency(), Score.PROB);
        features(rows, "saliency_logit",       new Saliency(), Score.LOGIT);
        features(rows, "input_x_gradient",            new InputXGradient(), Score.PROB);
        features(rows, "input_x_gradient_logit",      new InputXGradient(), Score.LOGIT);
        features(rows, "layer_gradient_x_activation", new InputXGradient(), Score.PROB);
        features(rows, "integrated_gradients",        integrated, Score.PROB);
        features(rows, "sequential_integrated_gradients",
            new SequentialIntegratedGradients(new Baseline.Token(0), 20, Quadrature.GAUSS_LEGENDRE, Aggregate.SUM),
            Score.PROB);
        rows.add(row("attention/aggregated", Kind.ROUNDED, m -> columns(means(attention(m), m), m), Double.NaN));
        return rows;
    }

    private interface Numbers {
        double[] of(Subject m);
    }

    private static Row row(String name, Kind kind, Numbers how, double scale) {
        return new Row(name, kind, (m, _) -> new Computed(how.of(m), scale));
    }

    private static void step(List<Row> rows, String name, Score score) {
        rows.add(row(name, Kind.FORWARD,
            m -> m.continuationTargets(score).stream().mapToDouble(Explained::value).toArray(), Double.NaN));
    }

    /// Features by token, step and dimension; a saliency is an absolute value.
    private static void features(List<Row> rows, String name, AttributionMethod method, Score score) {
        rows.add(row(name + "/raw", Kind.ROUNDED, m -> {
            var steps = Objects.requireNonNull(m.explainContinuation(method, score).features());
            int N = steps.length, D = m.model.spec().width();
            var out = new double[N * steps[0].length];
            for (int i = 0; i < out.length; i++) {
                var v = steps[i / D % N][i / D / N * D + i % D];
                out[i] = method instanceof Saliency ? Math.abs(v) : v;
            }
            return out;
        }, Double.NaN));
        rows.add(row(name + "/aggregated", Kind.ROUNDED, m -> {
            var steps = Objects.requireNonNull(m.explainContinuation(method, score).features());
            var lengths = Arrays.stream(steps).map(f -> Aggregate.L2.of(f, m.model.spec().width()));
            return columns(transposed(lengths.toArray(double[][]::new)), m);
        }, Double.NaN));
    }

    /// `[steps][T]` to `[T·steps]`.
    private static double[] transposed(double[][] steps) {
        int N = steps.length;
        var out = new double[N * steps[0].length];
        for (int i = 0; i < out.length; i++) out[i] = steps[i % N][i / N];
        return out;
    }

    /// `[T·steps]` with every column brought to the sum 1.
    private static double[] columns(double[] all, Subject m) {
        int N = m.golden.continuation().length;
        var sums = new double[N];
        for (int i = 0; i < all.length; i++) sums[i % N] += all[i];
        for (int i = 0; i < all.length; i++) all[i] /= sums[i % N];
        return all;
    }

    /// Means over layers and heads.
    private static double[] means(double[] attention, Subject m) {
        var n = m.model.spec().layers() * m.model.spec().heads();
        var out = new double[attention.length / n];
        for (int i = 0; i < attention.length; i++) out[i / n] += attention[i] / n;
        return out;
    }

    /// `[tokens, steps]`: how far the probability moves when a token becomes the unknown one.
    private static double[] occlusion(Subject m) {
        var steps = m.explainContinuation(new Ablation(new Removal.Token(0)), Score.PROB).scores();
        var N = steps.length;
        return IntStream.range(0, N * steps[0].length).mapToDouble(i -> Math.abs(steps[i % N][i / N])).toArray();
    }

    /// `[tokens, steps, L, H]`: what the row before each continuation token looks at.
    private static double[] attention(Subject m) {
        var run = m.continued();
        int L = m.model.spec().layers(), H = m.model.spec().heads();
        int T = run.pass().tokens(), N = m.golden.continuation().length;
        var patterns = IntStream.range(0, L)
            .mapToObj(l -> run.value("blocks." + l + ".attn.hook_pattern").tensor()).toList();
        var out = new double[T * N * L * H];
        for (int i = 0; i < out.length; i++) {
            int h = i % H, l = i / H % L, n = i / H / L % N, t = i / H / L / N;
            out[i] = patterns.get(l).get(((long) h * T + T - 1 - N + n) * T + t);
        }
        return out;
    }
}
