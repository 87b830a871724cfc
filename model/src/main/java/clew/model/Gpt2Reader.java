package clew.model;

import static clew.engine.tensor.Weight.Layout.IN_OUT;

import clew.engine.tensor.Tensor;
import clew.engine.tensor.Weight;
import clew.weights.Config;
import clew.weights.TensorSource;
import java.util.ArrayList;

/// Reads a GPT-2 checkpoint: Conv1D matrices `[in, out]`, q, k and v side by side, names with or without
/// `transformer.`.
final class Gpt2Reader {
    private final Config c;
    private final Reading in;
    private final double eps;

    private Gpt2Reader(Config c, Reading in) {
        this.c = c;
        this.in = in;
        this.eps = c.optDouble("layer_norm_epsilon").orElse(1e-5);
    }

    static Gpt2 read(Config c, TensorSource files) {
        SpecReader.requireNoWindow(c);
        c.requireNoNull("hidden_size", "num_attention_heads", "num_hidden_layers", "max_position_embeddings");
        int D = c.requireAgreed("n_embd", "hidden_size"), H = c.requireAgreed("n_head", "num_attention_heads");
        if (D % H != 0) throw c.fault("n_head", "does not divide n_embd " + D);
        if (c.flag("add_cross_attention", false)) throw c.fault("add_cross_attention", "is not supported");
        var spec = new Spec("gpt2", c.requireAgreed("n_layer", "num_hidden_layers"), D, H, H, D / H,
            c.optInt("n_inner", "intermediate_size").orElse(4 * D), c.requireInt("vocab_size"),
            positions(c),
            SpecReader.head(c, SpecReader.Unsaid.GPT2), null);
        return new Gpt2Reader(c, new Reading(c, files, spec, Reading.root(files, "transformer."))).model();
    }

    /// Old files have `n_ctx` alone; beside `n_positions` it means nothing.
    private static int positions(Config c) {
        return c.has("n_positions") || c.has("max_position_embeddings")
            ? c.requireAgreed("n_positions", "max_position_embeddings") : c.requireInt("n_ctx");
    }

    private Gpt2 model() {
        var tokens = in.embedding("wte.weight", "lm_head.weight", 1);
        var head = in.head(tokens, "lm_head.weight");
        var blocks = new ArrayList<Gpt2.Block>();
        for (int l = 0; l < in.spec().layers(); l++) blocks.add(block(in.root() + "h." + l + ".", l));
        var positions = in.tensor(in.root() + "wpe.weight", in.spec().positions(), in.spec().width());
        return new Gpt2(in.spec(), tokens, positions, blocks,
            in.affine(in.root() + "ln_f", eps), head, Reading.activation(c, "activation_function", "gelu_new"));
    }

    private Gpt2.Block block(String at, int layer) {
        int D = in.spec().width(), F = in.spec().hidden();
        var w = in.matrix(at + "attn.c_attn.weight", D, 3 * D);
        var b = in.tensor(at + "attn.c_attn.bias", 3 * D).reshape(3, D);
        return new Gpt2.Block(in.affine(at + "ln_1", eps),
            third(w, b, 0, "attn.q"), third(w, b, 1, "attn.k"), third(w, b, 2, "attn.v"),
            conv(at + "attn.c_proj", D, D, "attn.o"), Attending.full(scale(layer)), in.affine(at + "ln_2", eps),
            conv(at + "mlp.c_fc", D, F, "mlp.in"), conv(at + "mlp.c_proj", F, D, "mlp.out"));
    }

    /// `1/√d` as published; divided by the layer's number, counted from 1, where the file says so.
    private double scale(int layer) {
        var perHead = c.flag("scale_attn_weights", true) ? 1 / Math.sqrt(in.spec().headWidth()) : 1;
        return c.flag("scale_attn_by_inverse_layer_idx", false) ? perHead / (layer + 1) : perHead;
    }

    /// One of q, k, v: outputs `i·D … (i+1)·D − 1` of the common matrix, row i of the common biases.
    private Dense third(Tensor w, Tensor b, int i, String site) {
        var D = in.spec().width();
        return new Dense(new Weight(w, IN_OUT, i * D, D), b, site);
    }

    private Dense conv(String name, int in, int out, String site) {
        var w = this.in.matrix(name + ".weight", in, out);
        return new Dense(Weight.whole(w, IN_OUT), this.in.tensor(name + ".bias", out), site);
    }
}
