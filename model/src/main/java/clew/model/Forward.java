package clew.model;

import clew.engine.kernel.Activation;
import clew.engine.kernel.Heads;
import clew.engine.kernel.Kernels;
import clew.engine.op.Activate;
import clew.engine.op.Add;
import clew.engine.op.Attend;
import clew.engine.op.CausalSoftmax;
import clew.engine.op.Embed;
import clew.engine.op.Gated;
import clew.engine.op.LayerNorm;
import clew.engine.op.Linear;
import clew.engine.op.Mix;
import clew.engine.op.RmsNorm;
import clew.engine.op.Reshape;
import clew.engine.op.Rotate;
import clew.engine.op.Scale;
import clew.engine.op.Score;
import clew.engine.op.Select;
import clew.engine.op.SoftCap;
import clew.engine.op.Stretches;
import clew.engine.tape.Op;
import clew.engine.tape.Tape;
import clew.engine.tape.Value;
import clew.engine.tensor.Shape;
import clew.engine.tensor.Tensor;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A forward pass under way: the vocabulary in which families are written. Every step is an op on the tape.
public final class Forward {
    private static final String INPUT = "hook_resid_pre";
    /// What the way back holds at once is as large as so many blocks.
    private static final int BACK = 2;

    private final Common common;
    private final String prefix;
    private final int layer;

    /// What the views of one pass share.
    private static final class Common {
        final Spec spec;
        final Pass pass;
        final Tape tape;
        final Hooks hooks;
        final @Nullable Past cache;
        final int past;
        final int[] asked;
        final Map<Tensor, Value> weights = new IdentityHashMap<>();
        final Map<Rope, Rotate.Angles> angles = new IdentityHashMap<>();
        /// Whether values hold only the rows asked for: behind the last attention.
        boolean narrow;

        Common(Spec spec, Pass pass, Tape tape, Hooks hooks, @Nullable Past cache, int[] asked) {
            this.spec = spec;
            this.pass = pass;
            this.tape = tape;
            this.hooks = hooks;
            this.cache = cache;
            this.past = cache == null ? 0 : cache.length();
            this.asked = asked;
        }
    }

    private Forward(Common common, String prefix, int layer) {
        this.common = common;
        this.prefix = prefix;
        this.layer = layer;
    }

    static Forward of(Spec spec, Pass pass, Tape tape, Hooks hooks, @Nullable Past cache) {
        int tokens = pass.tokens(), each = pass.asked().length;
        var asked = new int[pass.sequences() * each];
        for (int j = 0; j < asked.length; j++) asked[j] = j / each * tokens + pass.asked()[j % each];
        return new Forward(new Common(spec, pass, tape, hooks, cache, asked), "", -1);
    }

    /// A forward pass with logits at any rows of the batch, `asked` ascending, whatever the pass says.
    static Forward at(int[] asked, Spec spec, Pass pass, Tape tape, Hooks hooks, @Nullable Past cache) {
        return new Forward(new Common(spec, pass, tape, hooks, cache, asked), "", -1);
    }

    /// The weights that the pass has used, by identity.
    Map<Tensor, Value> weights() {
        return common.weights;
    }

    /// The view of block `l`: hooks and sites get its name.
    Forward block(int l) {
        return new Forward(common, "blocks." + l + ".", l);
    }

    /// Names a value, and lets the pass's edits change it. A block's input is a checkpoint of the tape.
    Value hook(String name, Value x) {
        if (common.narrow && layer >= 0) return x;
        var y = common.hooks.pass(prefix + name, x, common.tape);
        if (name.equals(INPUT)) common.tape.checkpoint(common.hooks.heldAnd(y), common.spec.layers() - layer + BACK);
        return y;
    }

    /// Token embeddings, or what the pass gives in their place: the inputs of every explanation.        `[R, D]`
    Value embed(Embedding tokens) {
        var given = common.pass.embeddings();
        if (given != null) return hook("hook_embed", common.tape.leaf(given));
        var rows = on(new Embed(weight(tokens.table()), common.pass.ids()));
        return hook("hook_embed", tokens.scale() == 1 ? rows : on(new Scale(rows, tokens.scale())));
    }

    /// Learned positions of every row.        `[R, D]`
    Value positions(Tensor table) {
        var rows = new int[common.pass.ids().length];
        for (int r = 0; r < rows.length; r++) rows[r] = common.pass.place(r, common.past);
        return hook("hook_pos_embed", on(new Embed(weight(table), rows)));
    }

    /// Where one of the two holds the rows asked for alone, so does the sum.
    Value add(Value x, Value y) {
        return x.rows() == y.rows() ? on(new Add(x, y)) : on(new Add(asked(x), asked(y)));
    }

    Value linear(Value x, Dense d) {
        var w = weight(d.weight().tensor());
        return on(new Linear(x, w, d.weight(), bias(d), prefix + d.site()));
    }

    private @Nullable Value bias(Dense d) {
        if (d.bias() == null) return null;
        var b = weight(d.bias());
        return d.bias().shape().rank() == 1 ? b : on(new Embed(b, new int[] {d.biasRow()}));
    }

    Value layerNorm(Value x, Affine n) {
        return on(new LayerNorm(x, weight(n.weight()), weight(n.bias()), n.eps()));
    }

    Value rmsNorm(Value x, Gain n) {
        return on(new RmsNorm(x, gain(n), n.eps()));
    }

    /// Every head normalised by itself.        `[R, H·d]`
    Value headNorm(Value x, Gain n) {
        return on(new Reshape(rmsNorm(on(new Reshape(x, common.spec.headWidth())), n), x.cols()));
    }

    private Value gain(Gain n) {
        if (n.offset() == 0) return weight(n.weight());
        var offset = new double[n.weight().cols()];
        Arrays.fill(offset, n.offset());
        return add(weight(n.weight()), common.tape.leaf(common.tape.kernels().tensor(n.weight().shape(), offset)));
    }

    /// Of q, k and v, which lie side by side in every head, the i-th.        `[R, H·d]`
    Value third(Value x, int i) {
        return on(new Stretches(x, common.spec.headWidth(), 3, i));
    }

    Value activate(Activation f, Value x) {
        return on(new Activate(f, x));
    }

    Value gated(Value gate, Value up) {
        return on(new Gated(gate, up));
    }

    /// Attention of heads that are turned by their rows' angles first.        `[R, H·d]`
    Value attend(Value q, Value k, Value v, Attention how) {
        return attend(hook("attn.hook_rot_q", rotate(q, how.rope())), hook("attn.hook_rot_k", rotate(k, how.rope())), v,
                      how.attending());
    }

    private Value rotate(Value x, Rope rope) {
        return on(new Rotate(x, common.angles.computeIfAbsent(rope, this::angles), common.spec.headWidth()));
    }

    /// `κ · tanh(x/κ)`; x itself where κ is infinite.
    Value softCap(Value x, double cap) {
        return cap == Double.POSITIVE_INFINITY ? x : on(new SoftCap(x, cap));
    }

    /// Causal attention, over cached keys too where there are any.        `[R, H·d]`
    ///
    /// In one piece, unless scores or pattern are named or bounded. What the last block makes of rows that nobody asks
    /// for, nobody sees: from its queries on only the rows asked for are computed.
    Value attend(Value q, Value k, Value v, Attending how) {
        var s = common.spec;
        int tokens = common.pass.tokens(), keys = common.past + tokens;
        if (common.cache != null) {
            var cache = common.cache;
            Value fresh = k, freshV = v;
            k = joined(fresh, kernels -> cache.keys(layer, fresh.tensor(), kernels));
            v = joined(freshV, kernels -> cache.values(layer, freshV.tensor(), kernels));
        }
        if (how.cap() == Double.POSITIVE_INFINITY && !common.hooks.asks(prefix + "attn.hook_attn_scores")
            && !common.hooks.asks(prefix + "attn.hook_pattern")) {
            if (narrows()) common.narrow = true;
            if (common.narrow && common.pass.asksForTheLast()) q = asked(q);
            var rows = q.rows() / common.pass.sequences();
            var heads = new Heads(s.heads(), s.kvHeads(), s.headWidth(), rows, keys, how.window());
            var z = on(new Attend(q, k, v, heads, how.scale()));
            return hook("attn.hook_z", narrowed(z));
        }
        var heads = new Heads(s.heads(), s.kvHeads(), s.headWidth(), tokens, keys, how.window());
        var score = softCap(on(new Score(q, k, heads, how.scale())), how.cap());                // [B·H·T, T]
        score = hook("attn.hook_attn_scores", score);
        var p = hook("attn.hook_pattern", on(new CausalSoftmax(score, heads)));
        return hook("attn.hook_z", on(new Mix(p, v, heads)));
    }

    /// What a cache makes of new rows. If it holds on to them, they and what it makes stay behind the pass.
    private Value joined(Value rows, Function<Kernels, Tensor> how) {
        if (!Objects.requireNonNull(common.cache).holds()) return common.tape.leaf(how);
        common.tape.leave(rows);
        return common.tape.leaf(how.apply(common.tape.kernels()));
    }

    /// Whether this is the last block, and nothing behind its attention is named.
    private boolean narrows() {
        return layer == common.spec.layers() - 1 && common.asked.length < common.pass.ids().length
            && !common.hooks.asksBehind(prefix + "attn.hook_z");
    }

    /// x as far as it counts behind the attention: of the last block perhaps only the rows asked for.
    Value narrowed(Value x) {
        return common.narrow ? asked(x) : x;
    }

    /// The rows that the pass asks for, if x does not hold them alone.        `[J, D]`
    Value asked(Value x) {
        if (common.narrow && x.rows() != common.pass.ids().length) return x;
        return on(new Select(x, common.asked, common.pass.tokens()));
    }

    Value logits(Value x, Dense head) {
        return hook("logits", linear(x, head));
    }

    private Value on(Op op) {
        return common.tape.record(op);
    }

    private Value weight(Tensor tensor) {
        return common.weights.computeIfAbsent(tensor, common.tape::leaf);
    }

    private Rotate.Angles angles(Rope rope) {
        var frequencies = rope.frequencies(common.pass.end(common.past));
        int R = common.pass.ids().length, c = frequencies.length;
        double[] cos = new double[R * c], sin = new double[R * c], minus = new double[R * c];
        for (int i = 0; i < R * c; i++) {
            var angle = common.pass.place(i / c, common.past) * frequencies[i % c];
            cos[i] = rope.magnitude() * Math.cos(angle);
            sin[i] = rope.magnitude() * Math.sin(angle);
            minus[i] = -sin[i];
        }
        var k = common.tape.kernels();
        var shape = Shape.of(R, c);
        return new Rotate.Angles(k.tensor(shape, cos), k.tensor(shape, sin), k.tensor(shape, minus));
    }
}
