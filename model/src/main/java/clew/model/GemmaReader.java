package clew.model;

import clew.engine.kernel.Activation;
import clew.model.Reading.Bias;
import clew.model.SpecReader.Unsaid;
import clew.weights.Config;
import clew.weights.TensorSource;
import java.util.ArrayList;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

/// Reads checkpoints of Gemma 2 and 3: gains `1 + w`, embeddings times `√D`, layers of two kinds.
final class GemmaReader {
    private static final double NO_CAP = Double.POSITIVE_INFINITY;

    private final Config c;
    private final Reading in;
    private final Activation activation;
    private final IntUnaryOperator windows;
    private final double eps;

    /// @param every which layers see everything: every so manieth
    private GemmaReader(String family, Config c, TensorSource files, Rope rope, int every) {
        c.requireNoNull("num_key_value_heads", "sliding_window_pattern");
        if (c.flag("use_bidirectional_attention", false))
            throw c.fault("use_bidirectional_attention", "is not supported");
        this.c = c;
        this.in = new Reading(c, files, SpecReader.rotary(family, c, headWidth(c), rope, Unsaid.GEMMA),
            Reading.root(files, "model."));
        this.activation = Reading.activation(c, "hidden_activation", "gelu_pytorch_tanh");
        this.windows = SpecReader.windows(c, in.spec().layers(), l -> (l + 1) % every != 0);
        this.eps = c.optDouble("rms_norm_eps").orElse(1e-6);
    }

    static Gemma gemma2(Config c, TensorSource files) {
        var rope = RopeReader.read(c, headWidth(c));
        var r = new GemmaReader("gemma2", c, files, rope, 2);
        var cap = r.cap("attn_logit_softcapping", 50);
        return r.model(r.cap("final_logit_softcapping", 30), (at, l) -> r.attention(at, rope, cap, l));
    }

    /// Layers that look back on a window have frequencies of their own.
    static Gemma gemma3(Config c, TensorSource files) {
        Rope global = layerRope(c, "full_attention", "rope_theta", 1e6);
        Rope local = layerRope(c, "sliding_attention", "rope_local_base_freq", 1e4);
        var r = new GemmaReader("gemma3", c, files, global, c.optInt("sliding_window_pattern").orElse(6));
        var cap = r.cap("attn_logit_softcapping", NO_CAP);
        return r.model(r.cap("final_logit_softcapping", NO_CAP), (at, l) -> {
            var plain = r.attention(at, r.windows.applyAsInt(l) == Integer.MAX_VALUE ? global : local, cap, l);
            var d = r.in.spec().headWidth();
            return new Attention.Normed(plain,
                r.gain(at + "self_attn.q_norm", d), r.gain(at + "self_attn.k_norm", d));
        });
    }

    /// Both dialects: `rope_parameters` by kind of layer, or θ by a key of its own and `rope_scaling` for the global
    /// layers.
    private static Rope layerRope(Config c, String kind, String key, double theta) {
        var byKind = c.child("rope_parameters").flatMap(p -> p.child(kind));
        var scaling = kind.equals("full_attention") ? c.child("rope_scaling") : Optional.<Config>empty();
        return RopeReader.read(c, headWidth(c), c.optDouble(key).orElse(theta), byKind.or(() -> scaling));
    }

    private interface Attentions {
        Attention attention(String at, int layer);
    }

    private Gemma model(double cap, Attentions each) {
        var tokens = in.embedding("embed_tokens.weight", "lm_head.weight", Math.sqrt(in.spec().width()));
        var head = in.head(tokens, "lm_head.weight");
        var blocks = new ArrayList<Gemma.Block>();
        for (int l = 0; l < in.spec().layers(); l++) {
            var at = in.root() + "layers." + l + ".";
            blocks.add(new Gemma.Block(gain(at + "input_layernorm"), each.attention(at, l),
                gain(at + "post_attention_layernorm"), gain(at + "pre_feedforward_layernorm"),
                in.gated(at, Bias.NONE, activation), gain(at + "post_feedforward_layernorm")));
        }
        var classes = in.spec().head() instanceof Spec.Head.Classes;
        return new Gemma(in.spec(), tokens, blocks, gain(in.root() + "norm"), head,
            classes ? NO_CAP : cap);
    }

    private Attention.Rotary attention(String at, Rope rope, double cap, int layer) {
        var bias = Bias.of(c, "attention_bias", false);
        var scale = c.optDouble("query_pre_attn_scalar").orElse(256);
        if (scale <= 0) throw c.fault("query_pre_attn_scalar", "is not above 0");
        var how = Attending.full(1 / Math.sqrt(scale)).capped(cap).within(windows.applyAsInt(layer));
        return in.rotary(at, bias, bias, rope, how);
    }

    private static int headWidth(Config c) {
        return SpecReader.headWidth(c, Unsaid.GEMMA);
    }

    /// A soft cap; none where the file says null.
    private double cap(String key, double unsaid) {
        var cap = c.optDouble(key).orElse(c.says(key) ? NO_CAP : unsaid);
        if (cap <= 0) throw c.fault(key, "is not above 0");
        return cap;
    }

    private Gain gain(String name) {
        return gain(name, in.spec().width());
    }

    private Gain gain(String name, int width) {
        return new Gain(in.tensor(name + ".weight", width), 1, eps);
    }
}
