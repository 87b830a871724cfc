package clew.model;

import clew.engine.kernel.Kernels;
import clew.engine.tensor.Tensor;
import clew.weights.SafeTensorsWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;
import tools.jackson.databind.json.JsonMapper;

/// A random checkpoint small enough to write in a test, and to spoil.
final class Tiny {
    static final long SEED = 20260701;
    static final int V = 23;

    final Map<String, Object> config = new LinkedHashMap<>();
    final Map<String, Tensor> tensors = new LinkedHashMap<>();
    private final Random random = new Random(SEED);

    enum Family {
        GPT2, GPT_NEOX, LLAMA, MISTRAL, QWEN2, QWEN3, PHI3, GEMMA2, GEMMA3;

        Tiny make() {
            return switch (this) {
                case GPT2     -> gpt2();
                case GPT_NEOX -> gptNeoX();
                case LLAMA    -> llama();
                case MISTRAL  -> llama().set("model_type", "mistral").set("sliding_window", 3);
                case QWEN2    -> llama().qkvBiases().set("model_type", "qwen2").set("use_sliding_window", true)
                                        .set("sliding_window", 3).set("max_window_layers", 1);
                case QWEN3    -> llama().headNorms().set("model_type", "qwen3");
                case PHI3     -> phi3();
                case GEMMA2   -> llama().sandwich().set("model_type", "gemma2").set("sliding_window", 3)
                                        .set("attn_logit_softcapping", 1.5).set("final_logit_softcapping", 2.0);
                case GEMMA3   -> llama().sandwich().headNorms().set("model_type", "gemma3_text")
                                        .set("sliding_window", 3).set("sliding_window_pattern", 2);
            };
        }
    }

    /// Every family on every device.
    static Stream<Arguments> everywhere() {
        return Arrays.stream(Family.values())
            .flatMap(f -> Arrays.stream(Device.values()).map(d -> Arguments.of(f, d)));
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

    /// L = 2, D = 12, H = 3, of whose heads of 4 columns 2 turn, F = 20.
    static Tiny gptNeoX() {
        var t = new Tiny();
        t.config.putAll(Map.of("model_type", "gpt_neox", "num_hidden_layers", 2, "hidden_size", 12,
            "num_attention_heads", 3, "intermediate_size", 20, "vocab_size", V, "max_position_embeddings", 32,
            "rotary_pct", 0.5, "layer_norm_eps", 1e-5));
        t.normal("gpt_neox.embed_in.weight", V, 12).normal("embed_out.weight", V, 12);
        for (int l = 0; l < 2; l++) {
            var at = "gpt_neox.layers." + l + ".";
            t.norm(at + "input_layernorm", 12).norm(at + "post_attention_layernorm", 12);
            t.outIn(at + "attention.query_key_value", 12, 36).outIn(at + "attention.dense", 12, 12);
            t.outIn(at + "mlp.dense_h_to_4h", 12, 20).outIn(at + "mlp.dense_4h_to_h", 20, 12);
        }
        return t.norm("gpt_neox.final_layer_norm", 12);
    }

    /// A Llama whose q, k, v are one matrix and gate, up another; half of each head turns.
    static Tiny phi3() {
        var t = llama().set("model_type", "phi3").set("sliding_window", 3).set("partial_rotary_factor", 0.5);
        for (int l = 0; l < 2; l++) {
            var at = "model.layers." + l + ".";
            t.join(at + "self_attn.qkv_proj.weight", at + "self_attn.q_proj.weight", at + "self_attn.k_proj.weight",
                at + "self_attn.v_proj.weight");
            t.join(at + "mlp.gate_up_proj.weight", at + "mlp.gate_proj.weight", at + "mlp.up_proj.weight");
        }
        return t;
    }

    private Tiny qkvBiases() {
        for (int l = 0; l < 2; l++) {
            var at = "model.layers." + l + ".self_attn.";
            normal(at + "q_proj.bias", 16).normal(at + "k_proj.bias", 8).normal(at + "v_proj.bias", 8);
        }
        return this;
    }

    private Tiny headNorms() {
        for (int l = 0; l < 2; l++) {
            var at = "model.layers." + l + ".self_attn.";
            around1(at + "q_norm.weight", 4).around1(at + "k_norm.weight", 4);
        }
        return this;
    }

    private Tiny sandwich() {
        for (int l = 0; l < 2; l++) {
            var at = "model.layers." + l + ".";
            normal(at + "pre_feedforward_layernorm.weight", 12).normal(at + "post_feedforward_layernorm.weight", 12);
        }
        return this;
    }

    /// Matrices one below another.
    private Tiny join(String name, String... parts) {
        var rows = Arrays.stream(parts).map(tensors::remove).toList();
        var values = rows.stream().flatMapToDouble(t -> Arrays.stream(t.toDoubles())).toArray();
        var floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) floats[i] = (float) values[i];
        tensors.put(name, Tensor.of(floats, floats.length / rows.getFirst().cols(), rows.getFirst().cols()));
        return this;
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

    private Tiny outIn(String name, int in, int out) {
        return normal(name + ".weight", out, in).normal(name + ".bias", out);
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
