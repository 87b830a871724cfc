package clew.attribution;

import clew.model.Edit;
import clew.model.LanguageModel;
import clew.model.Run;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// `C_l[i, j] ∝ 1 − cos(y_i, y_i without the value of j)`, rows summing to 1, y the output of block l — how a block's
/// output turns where one token's values are 0 in all its heads, queries and keys as they were (Mohebbi et al. 2023,
/// eq. 4 and 5). The explained row of the mean over layers, or of the product `C_L ⋯ C_1`.
/// Residual stream, norms and MLP of the block are all part of what turns, so the product has no ½ I in it. The
/// target plays no part. Every block is given its own input of the whole run again, so one run with token j's values
/// at 0 in all blocks tells of all of them.
/// @param layers how the layers' matrices become one
public record ValueZeroing(Layers layers) implements AttributionMethod {
    /// Of the layers' matrices.
    public enum Layers {
        /// Their mean.
        MEAN,
        /// Their product, the last leftmost.
        PRODUCT
    }

    private static final String BEFORE = "hook_resid_pre", BEHIND = "hook_resid_post";

    @Override
    public String name() {
        return layers == Layers.MEAN ? "value-zeroing" : "value-zeroing-rollout";
    }

    @Override
    public Set<String> hooks(LanguageModel model) {
        return Set.of("blocks.*." + BEFORE, "blocks.*." + BEHIND);
    }

    @Override
    public long evaluations(Groups groups, int targets) {
        return groups.tokens();
    }

    @Override
    public Attribution explain(Run given, List<Explained> targets) {
        var work = new Explanation(given, targets);
        var run = work.declaring(hooks(given.model()));
        int T = run.pass().tokens(), rows = targets.stream().mapToInt(Explained::position).max().orElse(-1) + 1;
        var turned = turned(run, rows);
        work.evaluated(rows);
        var map = layers == Layers.MEAN ? mean(turned) : product(turned, T);
        return work.result(name(), Map.of(), Patterns.rows(map, T, targets), null,
            rows == T ? map : null, List.of(), List.of());
    }

    private static double[] mean(double[][] turned) {
        var mean = new double[turned[0].length];
        for (var layer : turned) for (int i = 0; i < mean.length; i++) mean[i] += layer[i] / turned.length;
        return mean;
    }

    private static double[] product(double[][] turned, int T) {
        var product = new double[T * T];
        for (int i = 0; i < T; i++) product[i * T + i] = 1;
        for (var layer : turned) product = Products.lower(layer, product, T);
        return product;
    }

    /// C of every layer, `[L][T·T]`, its first rows.
    private static double[][] turned(Run run, int rows) {
        int L = run.model().spec().layers(), T = run.pass().tokens();
        var whole = outputs(run);
        var turned = new double[L][T * T];
        for (int j = 0; j < rows; j++) {
            var pass = run.pass().edits(without(run, j)).hooks("blocks.*." + BEHIND).forgetting();
            try (var zeroed = run.model().run(pass)) {
                var y = outputs(zeroed);
                for (int l = 0; l < L; l++)
                    for (int i = j; i < rows; i++) turned[l][i * T + j] = distance(whole[l], y[l], i, y[l].length / T);
            }
        }
        for (var layer : turned) for (int i = 0; i < rows; i++) normalise(layer, i, T);
        return turned;
    }

    /// The output of every block, `[L][T·D]`.
    private static double[][] outputs(Run run) {
        var out = new double[run.model().spec().layers()][];
        for (int l = 0; l < out.length; l++) out[l] = run.value("blocks." + l + "." + BEHIND).tensor().toDoubles();
        return out;
    }

    private static List<Edit> without(Run run, int token) {
        var edits = new ArrayList<>(run.pass().edits());
        for (int l = 0; l < run.model().spec().layers(); l++) {
            var at = "blocks." + l + ".";
            edits.add(new Edit.Zero(new Edit.Where(at + "attn.hook_v", List.of(token), List.of())));
            if (l > 0) edits.add(new Edit.Patch(Edit.Where.all(at + BEFORE), run.value(at + BEFORE).tensor()));
        }
        return edits;
    }

    /// `1 − cos` of row i of the two.
    private static double distance(double[] a, double[] b, int i, int D) {
        double[] x = Arrays.copyOfRange(a, i * D, (i + 1) * D), y = Arrays.copyOfRange(b, i * D, (i + 1) * D);
        var sizes = Math.sqrt(Products.sum(Products.of(x, x)) * Products.sum(Products.of(y, y)));
        return sizes == 0 ? 0 : Math.max(0, 1 - Products.sum(Products.of(x, y)) / sizes);
    }

    /// A row that nothing turns stays itself.
    private static void normalise(double[] layer, int i, int T) {
        var sum = 0.0;
        for (int j = 0; j <= i; j++) sum += layer[i * T + j];
        if (sum == 0) layer[i * T + i] = sum = 1;
        for (int j = 0; j <= i; j++) layer[i * T + j] /= sum;
    }
}
