package clew.model;

import static clew.engine.tensor.Weight.Layout.OUT_IN;

import clew.engine.kernel.Activation;
import clew.engine.tensor.Storage;
import clew.engine.tensor.Tensor;
import clew.engine.tensor.Weight;
import clew.weights.Config;
import clew.weights.TensorSource;

/// A checkpoint being read: what the readers of all families share. Names of tensors are those of the file.
///
/// @param root what stands before the names of the base model, such as `model.`
record Reading(Config config, TensorSource files, Spec spec, String root) {
    /// Whether a linear layer has a bias.
    enum Bias {
        NONE, OWN;

        static Bias of(Config c, String key, boolean fallback) {
            return c.flag(key, fallback) ? OWN : NONE;
        }
    }

    /// The prefix, where any name begins with it; a file of the base model alone has none.
    static String root(TensorSource files, String prefix) {
        return files.hasUnder(prefix) ? prefix : "";
    }

    /// A parameter of this shape.
    ///
    /// @throws ModelException if it is stored in integers, whose scales this reader does not know
    Tensor tensor(String name, int... dims) {
        return requireFloat(name, files.tensor(name, dims));
    }

    /// The matrix of a linear layer in a block, which the source may hold quantised.
    Tensor matrix(String name, int... dims) {
        return requireFloat(name, files.matrix(name, dims));
    }

    private Tensor requireFloat(String name, Tensor tensor) {
        if (!tensor.dtype().isFloat())
            throw new ModelException(files.origin() + ": tensor '" + name + "' is stored as " + tensor.dtype()
                + "; quantised checkpoints are not supported, use the one in F32, F16 or BF16");
        return tensor;
    }

    /// The embedding matrix; a tied one may be stored under the projection's name only.
    Embedding embedding(String name, String head, double scale) {
        var headOnly = spec.head() instanceof Spec.Head.Tied && !files.has(root + name) && files.has(head);
        return new Embedding(tensor(headOnly ? head : root + name, spec.vocabulary(), spec.width()), scale);
    }

    /// What the last layer's output is compared with: the embeddings, the matrix of this name, or one row per class.
    Dense head(Embedding tokens, String name) {
        var matrix = switch (spec.head()) {
            case Spec.Head.Tied _    -> tied(tokens.table(), name);
            case Spec.Head.Own _     -> tensor(name, spec.vocabulary(), spec.width());
            case Spec.Head.Classes _ -> tensor("score.weight", spec.outputs(), spec.width());
        };
        return new Dense(Weight.whole(matrix, OUT_IN), null, "unembed");
    }

    /// The embeddings, unless the file holds other values under the head's own name: that config.json ties them is then
    /// what an untied model was derived from, and transformers (from 5 on) does not tie them either.
    private Tensor tied(Tensor table, String name) {
        if (!(table.storage() instanceof Storage.Mapped(var tokens, var dtype)) || !files.has(name)) return table;
        var own = tensor(name, spec.vocabulary(), spec.width());
        var same = own.storage() instanceof Storage.Mapped(var data, var stored)
            && stored == dtype && data.mismatch(tokens) < 0;
        return same ? table : own;
    }

    /// A linear layer `[out, in]`.
    Dense dense(String name, int in, int out, Bias bias, String site) {
        var b = bias == Bias.OWN ? tensor(name + ".bias", out) : null;
        return new Dense(Weight.whole(matrix(name + ".weight", out, in), OUT_IN), b, site);
    }

    Affine affine(String name, double eps) {
        return new Affine(tensor(name + ".weight", spec.width()), tensor(name + ".bias", spec.width()), eps);
    }

    /// Attention as Llama names its matrices.
    Attention.Rotary rotary(String at, Bias qkv, Bias o, Rope rope, Attending how) {
        int D = spec.width(), q = spec.heads() * spec.headWidth(), kv = spec.kvHeads() * spec.headWidth();
        return new Attention.Rotary(
            dense(at + "self_attn.q_proj", D, q, qkv, "attn.q"), dense(at + "self_attn.k_proj", D, kv, qkv, "attn.k"),
            dense(at + "self_attn.v_proj", D, kv, qkv, "attn.v"), dense(at + "self_attn.o_proj", q, D, o, "attn.o"),
            rope, how);
    }

    /// A gated MLP as Llama names its matrices.
    GatedMlp gated(String at, Bias bias, Activation activation) {
        int D = spec.width(), F = spec.hidden();
        return new GatedMlp(dense(at + "mlp.gate_proj", D, F, bias, "mlp.gate"),
            dense(at + "mlp.up_proj", D, F, bias, "mlp.in"), dense(at + "mlp.down_proj", F, D, bias, "mlp.out"),
            activation);
    }

    /// A word of config.json made fit for a message: it may be anything.
    static String shown(String word) {
        var printable = word.replaceAll("[^!-~]", "?");
        return "'" + (printable.length() > 40 ? printable.substring(0, 40) + "…" : printable) + "'";
    }

    static Activation activation(Config c, String key, String fallback) {
        if (c.says(key) && !c.has(key)) throw c.fault(key, "is null, and no activation");
        return switch (c.string(key).orElse(fallback)) {
            case "gelu"                               -> Activation.GELU;
            case "gelu_new", "gelu_pytorch_tanh"      -> Activation.GELU_NEW;
            case "silu", "swish"                      -> Activation.SILU;
            case "relu"                               -> Activation.RELU;
            case "tanh"                               -> Activation.TANH;
            default -> throw c.fault(key,
                "is not supported; supported are gelu, gelu_new, gelu_pytorch_tanh, silu, relu and tanh");
        };
    }
}
