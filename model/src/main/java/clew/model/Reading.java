package clew.model;

import clew.engine.kernel.Activation;
import clew.engine.tensor.Tensor;
import clew.weights.Config;
import clew.weights.TensorSource;

/// What the readers of all families share.
final class Reading {
    private Reading() {}

    /// A parameter of this shape.
    ///
    /// @throws ModelException if it is stored in integers, whose scales this reader does not know
    static Tensor weight(TensorSource files, String name, int... dims) {
        var tensor = files.tensor(name, dims);
        if (!tensor.dtype().isFloat())
            throw new ModelException(files.origin() + ": tensor '" + name + "' is stored as " + tensor.dtype()
                + "; quantised checkpoints are not supported, use the one in F32, F16 or BF16");
        return tensor;
    }

    /// The embedding matrix, `[V, D]`; a tied one may be stored under the projection's name only.
    static Tensor embedding(TensorSource files, String name, Spec spec) {
        var tiedOnly = spec.tied() == Spec.Head.TIED && !files.has(name) && files.has("lm_head.weight");
        return weight(files, tiedOnly ? "lm_head.weight" : name, spec.vocabulary(), spec.width());
    }

    /// A word of config.json made fit for a message: it may be anything.
    static String shown(String word) {
        var printable = word.replaceAll("[^!-~]", "?");
        return "'" + (printable.length() > 40 ? printable.substring(0, 40) + "…" : printable) + "'";
    }

    static Activation activation(Config c, String key, String fallback) {
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
