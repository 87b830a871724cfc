package clew.model;

import static clew.engine.tensor.Weight.Layout.IN_OUT;
import static clew.engine.tensor.Weight.Layout.OUT_IN;

import clew.engine.tensor.Tensor;
import clew.engine.tensor.Weight;
import clew.weights.Config;
import clew.weights.TensorSource;
import java.util.ArrayList;

/// Reads a GPT-2 checkpoint: Conv1D matrices `[in, out]`, q, k and v side by side, names with or without
/// `transformer.`.
final class Gpt2Reader {
    private final TensorSource files;
    private final Spec spec;
    private final String root;

    private Gpt2Reader(TensorSource files, Spec spec) {
        this.files = files;
        this.spec = spec;
        this.root = files.has("transformer.ln_f.weight") ? "transformer." : "";
    }

    static Gpt2 read(Config c, TensorSource files) {
        int D = c.requireInt("n_embd", "hidden_size"), H = c.requireInt("n_head", "num_attention_heads");
        if (D % H != 0) throw c.fault("n_head", "does not divide n_embd " + D);
        if (c.flag("add_cross_attention", false)) throw c.fault("add_cross_attention", "is not supported");
        var tied = c.flag("tie_word_embeddings", true) ? Spec.Head.TIED : Spec.Head.OWN;
        var spec = new Spec("gpt2", c.requireInt("n_layer", "num_hidden_layers"), D, H, H, D / H,
            c.optInt("n_inner", "intermediate_size").orElse(4 * D), c.requireInt("vocab_size"),
            c.requireInt("n_positions", "n_ctx", "max_position_embeddings"), tied, null);
        return new Gpt2Reader(files, spec).model(c);
    }

    private Gpt2 model(Config c) {
        int D = spec.width(), V = spec.vocabulary();
        var tokens = Reading.embedding(files, root + "wte.weight", spec);
        var head = spec.tied() == Spec.Head.TIED ? tokens : tensor("lm_head.weight", V, D);
        var blocks = new ArrayList<Gpt2.Block>();
        var scaling = new ArrayList<Double>();
        for (int l = 0; l < spec.layers(); l++) {
            blocks.add(block(root + "h." + l + "."));
            var perHead = c.flag("scale_attn_weights", true) ? 1 / Math.sqrt(spec.headWidth()) : 1;
            scaling.add(c.flag("scale_attn_by_inverse_layer_idx", false) ? perHead / (l + 1) : perHead);
        }
        return new Gpt2(spec, tokens, tensor(root + "wpe.weight", spec.positions(), D), blocks,
            norm(root + "ln_f"), new Dense(Weight.whole(head, OUT_IN), null, "unembed"),
            Reading.activation(c, "activation_function", "gelu_new"),
            c.optDouble("layer_norm_epsilon").orElse(1e-5), scaling);
    }

    private Gpt2.Block block(String at) {
        int D = spec.width(), F = spec.hidden();
        var w = tensor(at + "attn.c_attn.weight", D, 3 * D);
        var b = tensor(at + "attn.c_attn.bias", 3 * D).reshape(3, D);
        return new Gpt2.Block(norm(at + "ln_1"),
            third(w, b, 0, "attn.q"), third(w, b, 1, "attn.k"), third(w, b, 2, "attn.v"),
            conv(at + "attn.c_proj", D, D, "attn.o"), norm(at + "ln_2"),
            conv(at + "mlp.c_fc", D, F, "mlp.in"), conv(at + "mlp.c_proj", F, D, "mlp.out"));
    }

    /// One of q, k, v: outputs `i·D … (i+1)·D − 1` of the common matrix, row i of the common biases.
    private Dense third(Tensor w, Tensor b, int i, String site) {
        var D = spec.width();
        return new Dense(new Weight(w, IN_OUT, i * D, D), b, site);
    }

    private Dense conv(String name, int in, int out, String site) {
        var w = tensor(name + ".weight", in, out);
        return new Dense(Weight.whole(w, IN_OUT), tensor(name + ".bias", out), site);
    }

    private Gpt2.Norm norm(String name) {
        return new Gpt2.Norm(tensor(name + ".weight", spec.width()), tensor(name + ".bias", spec.width()));
    }

    private Tensor tensor(String name, int... dims) {
        return Reading.weight(files, name, dims);
    }
}
