package clew.attribution;

import clew.engine.kernel.Part;
import clew.engine.tensor.Shape;
import clew.model.Gain;
import clew.model.LanguageModel;
import clew.model.Run;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/// What attention adds to the residual stream of a layer, taken apart with patterns and norms held:
/// `attn_i = Σ_h Σ_j A[h,i,j] · v[j,kv(h)] W_O^h + b_O` — what token j hands to token i through head h.
///
/// A norm between attention and stream (Gemma) is held at each row's scale, so that it applies to every term alike.
///
/// @param handed  `[H][T·D]`: `v[j] W_O^h` of each token, before the pattern
/// @param pattern `[H·T·T]`
/// @param scales  `[T·D]` by which a row's terms are multiplied; 1 without such a norm
/// @param before  `[T·D]`: the stream before attention
/// @param after   `[T·D]`: the same with what attention adds
record Updates(double[][] handed, double[] pattern, double[] scales, double[] before, double[] after, int T, int D) {
    /// What a run declares.
    static Set<String> hooks(LanguageModel model) {
        var gemma = model.family().hooks().stream().anyMatch(p -> p.name().endsWith("attn.hook_out"));
        var names = new ArrayList<>(List.of(Attention.PATTERNS, "blocks.*.attn.hook_v", "blocks.*.hook_attn_out",
            "blocks.*.hook_mlp_out"));
        if (gemma) names.add("blocks.*.attn.hook_out");
        return Set.copyOf(names);
    }

    static Updates of(Run run, int layer) {
        var s = run.model().spec();
        int T = run.pass().tokens(), D = s.width(), H = s.heads(), K = s.kvHeads(), d = s.headWidth();
        var at = "blocks." + layer + ".";
        var v = run.value(at + "attn.hook_v").tensor().toDoubles();                             // [T, K, d]
        var rows = new double[T * H * H * d];
        for (int t = 0; t < T; t++)
            for (int h = 0; h < H; h++)
                System.arraycopy(v, (t * K + h / (H / K)) * d, rows, ((t * H + h) * H + h) * d, d);
        var k = run.model().kernels();
        var w = run.model().family().attentionOutput(layer).weight();
        var out = k.linear(k.tensor(Shape.of(T * H, H * d), rows), w, Part.ALL).toDoubles();    // [T, H, D]
        var handed = new double[H][T * D];
        for (int t = 0; t < T; t++)
            for (int h = 0; h < H; h++) System.arraycopy(out, (t * H + h) * D, handed[h], t * D, D);
        var before = run.value(at + "hook_resid_pre").tensor().toDoubles();
        var after = run.value(at + "hook_attn_out").tensor().toDoubles();
        for (int i = 0; i < after.length; i++) after[i] += before[i];
        return new Updates(handed, run.value(at + "attn.hook_pattern").tensor().toDoubles(), scales(run, layer),
            before, after, T, D);
    }

    private static double[] scales(Run run, int layer) {
        int T = run.pass().tokens(), D = run.model().spec().width();
        var scales = new double[T * D];
        Arrays.fill(scales, 1);
        run.model().family().attentionNorm(layer).ifPresent(norm -> {
            var raw = run.value("blocks." + layer + ".attn.hook_out").tensor().toDoubles();
            var gain = norm.weight().toDoubles();
            for (int t = 0; t < T; t++) {
                var scale = scale(raw, t * D, D, norm);
                for (int i = 0; i < D; i++) scales[t * D + i] = scale * (gain[i] + norm.offset());
            }
        });
        return scales;
    }

    private static double scale(double[] x, int at, int D, Gain norm) {
        var square = 0.0;
        for (int i = at; i < at + D; i++) square += x[i] * x[i] / D;
        return 1 / Math.sqrt(square + norm.eps());
    }

    /// What token j hands to token i through one head, `[D]`.
    double[] term(int head, int i, int j) {
        var term = new double[D];
        add(term, head, i, j);
        return term;
    }

    /// What token j hands to token i through all heads, `[D]`.
    double[] term(int i, int j) {
        var term = new double[D];
        for (int h = 0; h < handed.length; h++) add(term, h, i, j);
        return term;
    }

    private void add(double[] term, int head, int i, int j) {
        var p = pattern[(head * T + i) * T + j];
        for (int x = 0; x < D; x++) term[x] += p * handed[head][j * D + x] * scales[i * D + x];
    }

    /// `max(0, ‖y_i‖₁ − ‖y_i − z‖₁)`: how much nearer z brings nothing to the stream of row i behind attention.
    double proximity(int i, double[] z) {
        double whole = 0, rest = 0;
        for (int x = 0; x < D; x++) {
            var y = after[i * D + x];
            whole += Math.abs(y);
            rest += Math.abs(y - z[x]);
        }
        return Math.max(0, whole - rest);
    }

    /// The stream of token i before attention, `[D]`.
    double[] stream(int i) {
        return Arrays.copyOfRange(before, i * D, (i + 1) * D);
    }
}
