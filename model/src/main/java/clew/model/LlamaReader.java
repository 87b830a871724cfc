package clew.model;

import static clew.engine.tensor.Weight.Layout.OUT_IN;

import clew.engine.kernel.Activation;
import clew.engine.tensor.Tensor;
import clew.engine.tensor.Weight;
import clew.model.Llama.Block;
import clew.model.Reading.Bias;
import clew.model.SpecReader.Unsaid;
import clew.weights.Config;
import clew.weights.TensorSource;
import java.util.ArrayList;
import java.util.function.IntUnaryOperator;

/// Reads checkpoints of Llama and its relatives: matrices `[out, in]`, names with or without `model.`.
final class LlamaReader {
    private final Config c;
    private final Reading in;
    private final Rope rope;
    private final Activation activation;
    private final double eps;

    private LlamaReader(String family, Config c, TensorSource files, Unsaid unsaid) {
        this(family, c, files, unsaid, 1, 1e-6);
        if (RopeReader.part(c, "partial_rotary_factor", 1) != 1)
            throw c.fault("partial_rotary_factor", "is not supported");
    }

    /// @param part how much of a head turns
    /// @param eps  where the file does not say
    private LlamaReader(String family, Config c, TensorSource files, Unsaid unsaid, double part, double eps) {
        this.c = c;
        var d = SpecReader.headWidth(c, unsaid);
        this.rope = RopeReader.read(c, (int) (d * part));
        this.in = new Reading(c, files, SpecReader.rotary(family, c, d, rope, unsaid),
            Reading.root(files, "model."));
        this.activation = Reading.activation(c, "hidden_act", "silu");
        this.eps = c.optDouble("rms_norm_eps").orElse(eps);
    }

    static Llama llama(Config c, TensorSource files) {
        SpecReader.requireNoWindow(c);
        var r = new LlamaReader("llama", c, files, Unsaid.LLAMA);
        Bias attention = Bias.of(c, "attention_bias", false), mlp = Bias.of(c, "mlp_bias", false);
        return r.model((at, l) -> r.block(at, r.in.rotary(at, attention, attention, r.rope, r.full()),
            r.in.gated(at, mlp, r.activation)));
    }

    /// Every layer looks back on a window, where the file names one — Jiang et al. 2023.
    static Llama mistral(Config c, TensorSource files) {
        c.requireNoNull("num_key_value_heads");
        var r = new LlamaReader("mistral", c, files, Unsaid.MISTRAL);
        return r.model((at, l) -> r.block(at, r.in.rotary(at, Bias.NONE, Bias.NONE, r.rope, r.windowed(4096)),
            r.in.gated(at, Bias.NONE, r.activation)));
    }

    /// Biases of q, k and v — Yang et al. 2024.
    static Llama qwen2(Config c, TensorSource files) {
        c.requireNoNull("head_dim");
        var r = new LlamaReader("qwen2", c, files, Unsaid.QWEN2);
        var windows = r.upperWindows();
        return r.model((at, l) -> r.block(at,
            r.in.rotary(at, Bias.OWN, Bias.NONE, r.rope, r.full().within(windows.applyAsInt(l))),
            r.in.gated(at, Bias.NONE, r.activation)));
    }

    /// Every head of q and k normalised — Yang et al. 2025.
    static Llama qwen3(Config c, TensorSource files) {
        c.requireNoNull("head_dim");
        var r = new LlamaReader("qwen3", c, files, Unsaid.QWEN3);
        var bias = Bias.of(c, "attention_bias", false);
        var windows = r.upperWindows();
        return r.model((at, l) -> {
            var plain = r.in.rotary(at, bias, bias, r.rope, r.full().within(windows.applyAsInt(l)));
            return r.block(at,
                new Attention.Normed(plain, r.headGain(at + "self_attn.q_norm"), r.headGain(at + "self_attn.k_norm")),
                r.in.gated(at, Bias.NONE, r.activation));
        });
    }

    /// q, k and v in one matrix, gate and up in another — Abdin et al. 2024.
    static Llama phi3(Config c, TensorSource files) {
        c.requireNoNull("head_dim", "original_max_position_embeddings");
        RopeReader.requireKind(c, "default", "longrope", "su");
        var r = new LlamaReader("phi3", c, files, Unsaid.LLAMA, RopeReader.part(c, "partial_rotary_factor", 1),
            1e-5);
        return r.model((at, l) -> r.block(at, r.fusedAttention(at), r.fusedMlp(at)));
    }

    private interface Blocks {
        Block block(String at, int layer);
    }

    private Llama model(Blocks each) {
        var tokens = in.embedding("embed_tokens.weight", "lm_head.weight", 1);
        var head = in.head(tokens, "lm_head.weight");
        var blocks = new ArrayList<Block>();
        for (int l = 0; l < in.spec().layers(); l++) blocks.add(each.block(in.root() + "layers." + l + ".", l));
        return new Llama(in.spec(), tokens, blocks, gain(in.root() + "norm", in.spec().width()), head);
    }

    private Block block(String at, Attention attention, GatedMlp mlp) {
        var D = in.spec().width();
        return new Block(gain(at + "input_layernorm", D), attention, gain(at + "post_attention_layernorm", D), mlp);
    }

    private Attention.Rotary fusedAttention(String at) {
        Spec s = in.spec();
        int D = s.width(), q = s.heads() * s.headWidth(), kv = s.kvHeads() * s.headWidth();
        var qkv = in.matrix(at + "self_attn.qkv_proj.weight", q + 2 * kv, D);
        return new Attention.Rotary(slice(qkv, 0, q, "attn.q"), slice(qkv, q, kv, "attn.k"),
            slice(qkv, q + kv, kv, "attn.v"), in.dense(at + "self_attn.o_proj", q, D, Bias.NONE, "attn.o"),
            rope, windowed(Integer.MAX_VALUE));
    }

    private GatedMlp fusedMlp(String at) {
        int D = in.spec().width(), F = in.spec().hidden();
        var both = in.matrix(at + "mlp.gate_up_proj.weight", 2 * F, D);
        return new GatedMlp(slice(both, 0, F, "mlp.gate"), slice(both, F, F, "mlp.in"),
            in.dense(at + "mlp.down_proj", F, D, Bias.NONE, "mlp.out"), activation);
    }

    private static Dense slice(Tensor w, int from, int out, String site) {
        return new Dense(new Weight(w, OUT_IN, from, out), null, site);
    }

    private Attending full() {
        return Attending.full(1 / Math.sqrt(in.spec().headWidth()));
    }

    /// Every layer within the window that the file names; null is none.
    ///
    /// @param unsaid the window where the file does not have the key
    private Attending windowed(int unsaid) {
        var key = "sliding_window";
        return full().within(c.optInt(key).orElse(c.says(key) ? Integer.MAX_VALUE : unsaid));
    }

    /// Qwen's windows: in the layers from `max_window_layers` on, and only where they are turned on.
    private IntUnaryOperator upperWindows() {
        c.requireNoNull("use_sliding_window", "max_window_layers");
        var on = c.flag("use_sliding_window", false) && c.has("sliding_window");
        if (!on && c.strings("layer_types").contains("sliding_attention"))
            throw c.fault("layer_types", "has sliding layers, but no window is turned on");
        var from = on ? c.optDouble("max_window_layers").orElse(28) : Double.POSITIVE_INFINITY;
        return SpecReader.windows(c, in.spec().layers(), l -> l >= from);
    }

    private Gain headGain(String name) {
        return gain(name, in.spec().headWidth());
    }

    private Gain gain(String name, int width) {
        return new Gain(in.tensor(name + ".weight", width), 0, eps);
    }
}
