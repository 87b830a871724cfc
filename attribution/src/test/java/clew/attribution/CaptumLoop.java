package clew.attribution;

import clew.engine.tensor.Shape;
import clew.model.Edit;
import clew.model.LanguageModel;
import clew.model.Pass;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/// What Captum's LLMAttribution reads off a model token by token, on transformers 5.18: `v(S)` of every token of the
/// continuation and of all together, tokens that are not in S replaced.
///
/// Its loop hands the prompt and the tokens so far, T + n ids, to `prepare_inputs_for_generation`, which cut them down
/// to the last one in transformers 4 and no longer does. So behind the cache of all earlier rounds the prompt is read
/// once more, at positions that go on counting, and the attention mask of T + n ones is filled up with zeros: beyond
/// the first T + n keys none is seen, not even a query's own. Where a window lets a query see none of those, the peer
/// attends to all keys alike, later ones included; that is not made again here.
///
/// @param features positions that may be replaced
record CaptumLoop(LanguageModel model, int[] prompt, int[] continuation, int[] features, int pad, Score score)
        implements Game {
    /// More than any score of attention.
    private static final double GONE = -1e30;

    /// Whether no window is in the way.
    static boolean isSeenBy(LanguageModel model) {
        return model.family().hooks().stream().allMatch(h -> h.window() == Integer.MAX_VALUE);
    }

    @Override
    public int players() {
        return features.length;
    }

    @Override
    public double[][] values(List<BitSet> coalitions) {
        return coalitions.stream().map(this::value).toArray(double[][]::new);
    }

    private double[] value(BitSet there) {
        var ids = prompt.clone();
        for (int i = 0; i < features.length; i++) if (!there.get(i)) ids[features[i]] = pad;
        var logs = IntStream.range(0, continuation.length).mapToDouble(n -> log(ids, n)).toArray();
        var all = Arrays.copyOf(logs, logs.length + 1);
        all[logs.length] = Arrays.stream(logs).sum();
        return score == Score.PROB ? Arrays.stream(all).map(Math::exp).toArray() : all;
    }

    /// log p of token n as the n-th round has it.
    private double log(int[] ids, int n) {
        int T = ids.length, H = model.spec().heads();
        var read = new ArrayList<Integer>();
        var seen = new ArrayList<Integer>();                              // keys that a row may see
        for (int round = 0; round <= n; round++)
            for (int i = 0; i < T + round; i++) {
                read.add(i < T ? ids[i] : continuation[i - T]);
                seen.add(round == 0 ? T : T + round);
            }
        var R = read.size();
        var gone = new double[H * R * R];
        for (int h = 0; h < H; h++)
            for (int q = 0; q < R; q++)
                for (int k = seen.get(q); k <= q; k++) gone[(h * R + q) * R + k] = GONE;
        var tensor = model.kernels().tensor(Shape.of(H, R, R), gone);
        var edits = IntStream.range(0, n == 0 ? 0 : model.spec().layers()).<Edit>mapToObj(l ->
            new Edit.Add(Edit.Where.all("blocks." + l + ".attn.hook_attn_scores"), tensor)).toList();
        var pass = Pass.of(read.stream().mapToInt(i -> i).toArray()).edits(edits).forgetting();
        try (var run = model.run(pass)) {
            return Explained.logSoftmax(run.logits(0, R - 1))[continuation[n]];
        }
    }

    /// `v(N) − v(N∖i)`, `[scalars][players]`.
    double[][] ablation() {
        var sets = new ArrayList<>(List.of(everyone()));
        for (int i = 0; i < players(); i++) {
            var one = new BitSet();
            one.set(i);
            sets.add(without(one));
        }
        var v = values(sets);
        var out = new double[v[0].length][players()];
        for (int s = 0; s < out.length; s++) for (int i = 0; i < players(); i++) out[s][i] = v[0][s] - v[i + 1][s];
        return out;
    }

    /// `[scalars][players]`.
    double[][] shapley() {
        var phi = Shapley.of(this);
        var out = new double[phi[0].length][players()];
        for (int i = 0; i < phi.length; i++) for (int s = 0; s < out.length; s++) out[s][i] = phi[i][s];
        return out;
    }

    /// The mean over orders of what a feature adds, `[scalars][players]`.
    double[][] sampled(List<int[]> orders) {
        var out = new double[continuation.length + 1][players()];
        for (var order : orders) {
            var there = new BitSet();
            var before = value(there);
            for (int i : order) {
                there.set(i);
                var now = value(there);
                for (int s = 0; s < out.length; s++) out[s][i] += (now[s] - before[s]) / orders.size();
                before = now;
            }
        }
        return out;
    }
}
