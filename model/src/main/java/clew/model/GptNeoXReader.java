package clew.model;

import clew.model.GptNeoX.Block;
import clew.model.Reading.Bias;
import clew.weights.Config;
import clew.weights.TensorSource;
import java.util.ArrayList;

/// Reads checkpoints of GPT-NeoX and Pythia: q, k and v side by side in each head, names with or without `gpt_neox.`.
final class GptNeoXReader {
    private final Config c;
    private final Reading in;
    private final double eps;

    private GptNeoXReader(Config c, TensorSource files) {
        int D = c.requireInt("hidden_size"), H = c.requireInt("num_attention_heads");
        if (D % H != 0) throw c.fault("num_attention_heads", "does not divide hidden_size " + D);
        if (c.optInt("head_dim").orElse(D / H) != D / H)
            throw c.fault("head_dim", "is not hidden_size / num_attention_heads, " + D / H + ", as this family has it");
        requireOwn("rope_theta", "rotary_emb_base", 10_000, c);
        requireOwn("partial_rotary_factor", "rotary_pct", 0.25, c);
        var rope = RopeReader.read(c, (int) (D / H * RopeReader.part(c, "rotary_pct", 0.25)),
            c.optDouble("rotary_emb_base").orElse(10_000), RopeReader.parameters(c));
        this.c = c;
        var spec = new Spec("gpt_neox", c.requireInt("num_hidden_layers"), D, H, H, D / H,
            c.requireInt("intermediate_size"), c.requireInt("vocab_size"), rope.positions(),
            SpecReader.head(c, SpecReader.Unsaid.LLAMA), rope);
        this.in = new Reading(c, files, spec, Reading.root(files, "gpt_neox."));
        this.eps = c.optDouble("layer_norm_eps").orElse(1e-5);
    }

    /// That a key of the other families says nothing else than the one that this family reads.
    private static void requireOwn(String other, String own, double unsaid, Config c) {
        var said = c.optDouble(other);
        if (said.isPresent() && said.getAsDouble() != c.optDouble(own).orElse(unsaid))
            throw c.fault(other, "contradicts " + own + ", as this family calls it");
    }

    static GptNeoX read(Config c, TensorSource files) {
        SpecReader.requireNoWindow(c);
        return new GptNeoXReader(c, files).model();
    }

    private GptNeoX model() {
        var output = in.files().has("lm_head.weight") ? "lm_head.weight" : "embed_out.weight";          // new, old name
        var tokens = in.embedding("embed_in.weight", output, 1);
        var head = in.head(tokens, output);
        var blocks = new ArrayList<Block>();
        for (int l = 0; l < in.spec().layers(); l++) blocks.add(block(in.root() + "layers." + l + "."));
        return new GptNeoX(in.spec(), tokens, blocks, in.affine(in.root() + "final_layer_norm", eps), head);
    }

    private Block block(String at) {
        Affine ln1 = in.affine(at + "input_layernorm", eps), ln2 = in.affine(at + "post_attention_layernorm", eps);
        return c.flag("use_parallel_residual", true) ? new GptNeoX.Parallel(ln1, attention(at), ln2, mlp(at))
            : new GptNeoX.Sequential(ln1, attention(at), ln2, mlp(at));
    }

    private Attention.Interleaved attention(String at) {
        var D = in.spec().width();
        var bias = Bias.of(c, "attention_bias", true);
        return new Attention.Interleaved(in.dense(at + "attention.query_key_value", D, 3 * D, bias, "attn.qkv"),
            in.dense(at + "attention.dense", D, D, bias, "attn.o"), in.spec().rope(),
            Attending.full(1 / Math.sqrt(in.spec().headWidth())));
    }

    private GptNeoX.Mlp mlp(String at) {
        int D = in.spec().width(), F = in.spec().hidden();
        return new GptNeoX.Mlp(in.dense(at + "mlp.dense_h_to_4h", D, F, Bias.OWN, "mlp.in"),
            in.dense(at + "mlp.dense_4h_to_h", F, D, Bias.OWN, "mlp.out"), Reading.activation(c, "hidden_act", "gelu"));
    }
}
