package clew.model;

import clew.engine.kernel.Kernels;
import clew.engine.tensor.Tensor;
import clew.weights.SafeTensorsWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import tools.jackson.databind.json.JsonMapper;

/// A random checkpoint small enough to write in a test, and to spoil.
final class Tiny {
    static final long SEED = 20260701;
    static final int V = 23;

    final Map<String, Object> config = new LinkedHashMap<>();
    final Map<String, Tensor> tensors = new LinkedHashMap<>();
    private final Random random = new Random(SEED);

    enum Family {
        GPT2, LLAMA;

        Tiny make() {
            return this == GPT2 ? gpt2() : llama();
        }
    }

    /// L = 2, D = 8, H = 2, F = 12, 16 positions.
    static Tiny gpt2() {
        var t = new Tiny();
        t.config.putAll(Map.of("model_type", "gpt2", "n_layer", 2, "n_embd", 8, "n_head", 2, "n_inner", 12,
            "vocab_size", V, "n_positions", 16, "activation_function", "gelu_new", "layer_norm_epsilon", 1e-5));
        t.normal("transformer.wte.weight", V, 8).normal("transformer.wpe.weight", 16, 8);
        for (int l = 0; l < 2; l++) {
            var at = "transformer.h." + l + ".";
            t.norm(at + "ln_1", 8).affine(at + "attn.c_attn", 8, 24).affine(at + "attn.c_proj", 8, 8);
            t.norm(at + "ln_2", 8).affine(at + "mlp.c_fc", 8, 12).affine(at + "mlp.c_proj", 12, 8);
        }
        return t.norm("transformer.ln_f", 8);
    }

    /// L = 2, D = 12, H = 4, K = 2, d = 4 (so q is wider than the stream), F = 20, 32 positions, a head of its own.
    static Tiny llama() {
        var t = new Tiny();
        t.config.putAll(Map.of("model_type", "llama", "num_hidden_layers", 2, "hidden_size", 12,
            "num_attention_heads", 4, "num_key_value_heads", 2, "head_dim", 4, "intermediate_size", 20,
            "vocab_size", V, "max_position_embeddings", 32, "rms_norm_eps", 1e-5));
        t.config.put("tie_word_embeddings", false);
        t.normal("model.embed_tokens.weight", V, 12).normal("lm_head.weight", V, 12).around1("model.norm.weight", 12);
        for (int l = 0; l < 2; l++) {
            var at = "model.layers." + l + ".";
            t.around1(at + "input_layernorm.weight", 12).around1(at + "post_attention_layernorm.weight", 12);
            t.normal(at + "self_attn.q_proj.weight", 16, 12).normal(at + "self_attn.k_proj.weight", 8, 12);
            t.normal(at + "self_attn.v_proj.weight", 8, 12).normal(at + "self_attn.o_proj.weight", 12, 16);
            t.normal(at + "mlp.gate_proj.weight", 20, 12).normal(at + "mlp.up_proj.weight", 20, 12);
            t.normal(at + "mlp.down_proj.weight", 12, 20);
        }
        return t;
    }

    Tiny set(String key, Object value) {
        config.put(key, value);
        return this;
    }

    Tiny rename(String from, String to) {
        tensors.put(to, tensors.remove(from));
        return this;
    }

    Tiny normal(String name, int... dims) {
        return put(name, 0, 0.5, dims);
    }

    Path write(Path dir) {
        try {
            Files.createDirectories(dir);
            Files.writeString(dir.resolve("config.json"), JsonMapper.shared().writeValueAsString(config));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        SafeTensorsWriter.write(dir.resolve("model.safetensors"), tensors, Map.of());
        return dir;
    }

    LanguageModel open(Path dir, Kernels kernels) {
        return Models.open(write(dir), kernels);
    }

    private Tiny norm(String name, int width) {
        return around1(name + ".weight", width).normal(name + ".bias", width);
    }

    private Tiny affine(String name, int in, int out) {
        return normal(name + ".weight", in, out).normal(name + ".bias", out);
    }

    private Tiny around1(String name, int width) {
        return put(name, 1, 0.2, width);
    }

    private Tiny put(String name, double mean, double deviation, int... dims) {
        var size = 1;
        for (int d : dims) size *= d;
        var values = new float[size];
        for (int i = 0; i < size; i++) values[i] = (float) (mean + deviation * random.nextGaussian());
        tensors.put(name, Tensor.of(values, dims));
        return this;
    }
}
