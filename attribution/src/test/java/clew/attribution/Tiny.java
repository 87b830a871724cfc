package clew.attribution;

import clew.engine.tensor.Tensor;
import clew.model.LanguageModel;
import clew.model.Models;
import clew.weights.SafeTensorsWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/// A random model of one block, for laws that need some model and no peer: 23 tokens, 16 positions, no padding token.
public enum Tiny {
    GPT2("""
        "model_type": "gpt2", "n_layer": 1, "n_embd": 8, "n_head": 2, "vocab_size": 23, "n_positions": 16
        """) {
        @Override
        void fill(Tiny.Weights w) {
            w.normal("wte.weight", 23, 8).normal("wpe.weight", 16, 8);
            w.norm("h.0.ln_1").norm("h.0.ln_2").norm("ln_f");
            w.affine("h.0.attn.c_attn", 8, 24).affine("h.0.attn.c_proj", 8, 8);
            w.affine("h.0.mlp.c_fc", 8, 32).affine("h.0.mlp.c_proj", 32, 8);
        }
    },
    LLAMA("""
        "model_type": "llama", "num_hidden_layers": 1, "hidden_size": 8, "num_attention_heads": 4,
        "num_key_value_heads": 2, "intermediate_size": 12, "vocab_size": 23, "max_position_embeddings": 16,
        "tie_word_embeddings": true, "head_dim": 4, "rms_norm_eps": 1e-3
        """) {
        @Override
        void fill(Tiny.Weights w) {
            w.normal("embed_tokens.weight", 23, 8).around1("norm.weight");
            w.around1("layers.0.input_layernorm.weight").around1("layers.0.post_attention_layernorm.weight");
            w.normal("layers.0.self_attn.q_proj.weight", 16, 8).normal("layers.0.self_attn.k_proj.weight", 8, 8);
            w.normal("layers.0.self_attn.v_proj.weight", 8, 8).normal("layers.0.self_attn.o_proj.weight", 8, 16);
            w.normal("layers.0.mlp.gate_proj.weight", 12, 8).normal("layers.0.mlp.up_proj.weight", 12, 8);
            w.normal("layers.0.mlp.down_proj.weight", 8, 12);
        }
    },
    GPT_NEOX("""
        "model_type": "gpt_neox", "num_hidden_layers": 1, "hidden_size": 8, "num_attention_heads": 2,
        "intermediate_size": 12, "vocab_size": 23, "max_position_embeddings": 16, "rotary_pct": 0.5
        """) {
        @Override
        void fill(Tiny.Weights w) {
            w.normal("embed_in.weight", 23, 8).normal("embed_out.weight", 23, 8).norm("final_layer_norm");
            w.norm("layers.0.input_layernorm").norm("layers.0.post_attention_layernorm");
            w.outIn("layers.0.attention.query_key_value", 8, 24).outIn("layers.0.attention.dense", 8, 8);
            w.outIn("layers.0.mlp.dense_h_to_4h", 8, 12).outIn("layers.0.mlp.dense_4h_to_h", 12, 8);
        }
    },
    /// Every query sees three keys; soft caps that bite.
    GEMMA2("""
        "model_type": "gemma2", "num_hidden_layers": 1, "hidden_size": 8, "num_attention_heads": 4,
        "num_key_value_heads": 2, "intermediate_size": 12, "vocab_size": 23, "max_position_embeddings": 16,
        "head_dim": 4, "rms_norm_eps": 1e-3, "sliding_window": 3, "attn_logit_softcapping": 1.5,
        "final_logit_softcapping": 3.0, "query_pre_attn_scalar": 4
        """) {
        @Override
        void fill(Tiny.Weights w) {
            LLAMA.fill(w);
            w.normal("layers.0.pre_feedforward_layernorm.weight", 8);
            w.normal("layers.0.post_feedforward_layernorm.weight", 8);
        }
    },
    QWEN3("""
        "model_type": "qwen3", "num_hidden_layers": 1, "hidden_size": 8, "num_attention_heads": 4,
        "num_key_value_heads": 2, "intermediate_size": 12, "vocab_size": 23, "max_position_embeddings": 16,
        "tie_word_embeddings": true, "head_dim": 4, "rms_norm_eps": 1e-3
        """) {
        @Override
        void fill(Tiny.Weights w) {
            LLAMA.fill(w);
            w.normal("layers.0.self_attn.q_norm.weight", 4).normal("layers.0.self_attn.k_norm.weight", 4);
        }
    };

    private final String config;

    Tiny(String config) {
        this.config = config;
    }

    abstract void fill(Weights weights);

    /// The random weights, by name; a test may spoil them.
    static final class Weights {
        final Map<String, Tensor> tensors = new LinkedHashMap<>();
        private final Random random = new Random(3);

        Weights normal(String name, int... dims) {
            var size = 1;
            for (int d : dims) size *= d;
            var values = new float[size];
            for (int i = 0; i < size; i++) values[i] = (float) (0.5 * random.nextGaussian());
            tensors.put(name, Tensor.of(values, dims));
            return this;
        }

        Weights around1(String name) {
            var values = normal(name, 8).tensors.get(name).toFloats();
            for (int i = 0; i < 8; i++) values[i] += 1;
            tensors.put(name, Tensor.of(values, 8));
            return this;
        }

        Weights norm(String name) {
            return around1(name + ".weight").normal(name + ".bias", 8);
        }

        Weights affine(String name, int in, int out) {
            return normal(name + ".weight", in, out).normal(name + ".bias", out);
        }

        Weights outIn(String name, int in, int out) {
            return normal(name + ".weight", out, in).normal(name + ".bias", out);
        }

        void nan(String name, int at) {
            var values = tensors.get(name).toFloats();
            values[at] = Float.NaN;
            tensors.put(name, Tensor.of(values, tensors.get(name).shape().dims()));
        }
    }

    Weights weights() {
        var weights = new Weights();
        fill(weights);
        return weights;
    }

    public LanguageModel open(Path dir, Device device) {
        return open(dir, device, weights(), "");
    }

    /// @param more entries for config.json, each behind a comma
    LanguageModel open(Path dir, Device device, Weights weights, String more) {
        try {
            Files.writeString(dir.resolve("config.json"), "{" + config + more + "}");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        SafeTensorsWriter.write(dir.resolve("model.safetensors"), weights.tensors, Map.of());
        return Models.open(dir, device.kernels());
    }
}
