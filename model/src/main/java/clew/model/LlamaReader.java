package clew.model;

import static clew.engine.tensor.Weight.Layout.OUT_IN;

import clew.engine.tensor.Tensor;
import clew.engine.tensor.Weight;
import clew.weights.Config;
import clew.weights.TensorSource;
import java.util.ArrayList;

/// Reads a Llama checkpoint: matrices `[out, in]`, names with or without `model.`, either dialect of config.json.
final class LlamaReader {
    /// Outputs of q far beyond any real model: what config.json claims is believed only so far before weights are seen.
    private static final int WIDEST = 1 << 22;

    private final TensorSource files;
    private final Config c;
    private final Spec spec;
    private final String root;

    private LlamaReader(Config c, TensorSource files, Spec spec) {
        this.c = c;
        this.files = files;
        this.spec = spec;
        this.root = files.has("model.norm.weight") ? "model." : "";
    }

    static Llama read(Config c, TensorSource files) {
        int D = c.requireInt("hidden_size"), H = c.requireInt("num_attention_heads");
        if (!c.has("head_dim") && D % H != 0) throw c.fault("num_attention_heads", "does not divide hidden_size " + D);
        int K = c.optInt("num_key_value_heads").orElse(H), d = c.optInt("head_dim").orElse(D / H);
        if (H % K != 0) throw c.fault("num_key_value_heads", "does not divide num_attention_heads " + H);
        if (d % 2 != 0) throw c.fault("head_dim", "is odd; rotary positions need an even width");
        if ((long) H * d > WIDEST) throw c.fault("head_dim", "makes " + H + " heads wider than any matrix");
        if (c.optDouble("partial_rotary_factor").orElse(1) != 1)
            throw c.fault("partial_rotary_factor", "is not supported");
        var tied = c.flag("tie_word_embeddings", false) ? Spec.Head.TIED : Spec.Head.OWN;
        var spec = new Spec("llama", c.requireInt("num_hidden_layers"), D, H, K, d, c.requireInt("intermediate_size"),
            c.requireInt("vocab_size"), c.requireInt("max_position_embeddings"), tied, Rope.of(c, d));
        return new LlamaReader(c, files, spec).model();
    }

    private Llama model() {
        int D = spec.width(), V = spec.vocabulary();
        var tokens = Reading.embedding(files, root + "embed_tokens.weight", spec);
        var head = spec.tied() == Spec.Head.TIED ? tokens : tensor("lm_head.weight", V, D);
        var blocks = new ArrayList<Llama.Block>();
        for (int l = 0; l < spec.layers(); l++) blocks.add(block(root + "layers." + l + "."));
        return new Llama(spec, tokens, blocks, tensor(root + "norm.weight", D),
            new Dense(Weight.whole(head, OUT_IN), null, "unembed"), Reading.activation(c, "hidden_act", "silu"),
            c.optDouble("rms_norm_eps").orElse(1e-6));
    }

    private Llama.Block block(String at) {
        int D = spec.width(), F = spec.hidden();
        int q = spec.heads() * spec.headWidth(), kv = spec.kvHeads() * spec.headWidth();
        return new Llama.Block(tensor(at + "input_layernorm.weight", D),
            dense(at + "self_attn.q_proj", D, q, "attention_bias", "attn.q"),
            dense(at + "self_attn.k_proj", D, kv, "attention_bias", "attn.k"),
            dense(at + "self_attn.v_proj", D, kv, "attention_bias", "attn.v"),
            dense(at + "self_attn.o_proj", q, D, "attention_bias", "attn.o"),
            tensor(at + "post_attention_layernorm.weight", D),
            dense(at + "mlp.gate_proj", D, F, "mlp_bias", "mlp.gate"),
            dense(at + "mlp.up_proj", D, F, "mlp_bias", "mlp.in"),
            dense(at + "mlp.down_proj", F, D, "mlp_bias", "mlp.out"));
    }

    private Dense dense(String name, int in, int out, String biased, String site) {
        var bias = c.flag(biased, false) ? tensor(name + ".bias", out) : null;
        return new Dense(Weight.whole(tensor(name + ".weight", out, in), OUT_IN), bias, site);
    }

    private Tensor tensor(String name, int... dims) {
        return Reading.weight(files, name, dims);
    }
}
