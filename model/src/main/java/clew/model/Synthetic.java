package clew.model;

import clew.engine.tensor.DType;
import clew.engine.tensor.Shape;
import clew.engine.tensor.Tensor;
import clew.weights.SafeTensorsWriter;
import clew.weights.Tensors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// A checkpoint of any shape with random weights: matrices uniform with deviation 0.02, norms 1, biases 0.
///
/// For benchmarks and rehearsals. Matrices of equal shape hold equal values, so that a large checkpoint is made
/// quickly; neither time nor memory of a run depends on them.
///
/// @param family    `gpt2` or `llama`, tied embeddings, the numbers of [Spec] by the same letters
/// @param positions the longest sequence
public record Synthetic(String family, int layers, int width, int heads, int kvHeads, int hidden, int vocabulary,
                        int positions, DType dtype) {
    /// Two sides of the uniform distribution with deviation 0.02.
    private static final float REACH = 0.0346f;

    /// GPT-2 small: 124 million parameters.
    public static Synthetic gpt2Small(DType dtype) {
        return new Synthetic("gpt2", 12, 768, 12, 12, 3072, 50257, 1024, dtype);
    }

    /// The shape of Llama-3.2-1B: 1.2 billion parameters.
    public static Synthetic llama1b(DType dtype) {
        return new Synthetic("llama", 16, 2048, 32, 8, 8192, 128256, 131072, dtype);
    }

    /// Writes `config.json` and `model.safetensors` into a folder, made if it is not there.
    public void write(Path dir) {
        try {
            Files.createDirectories(dir);
            Files.writeString(dir.resolve("config.json"), config());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var weights = new LinkedHashMap<String, Tensor>();
        var made = new HashMap<Kind, Tensor>();
        shapes().forEach((name, dims) -> weights.put(name,
            made.computeIfAbsent(new Kind(dims, name.endsWith(".bias")), kind -> kind.tensor(dtype))));
        SafeTensorsWriter.write(dir.resolve("model.safetensors"), weights, Map.of("format", "pt"));
    }

    /// How many numbers it holds.
    public long parameters() {
        return shapes().values().stream().mapToLong(dims -> dims.stream().mapToLong(d -> d).reduce(1, (a, b) -> a * b))
            .sum();
    }

    private String config() {
        return family.equals("gpt2")
            ? """
              {"model_type": "gpt2", "architectures": ["GPT2LMHeadModel"], "n_layer": %d, "n_embd": %d, "n_head": %d,
               "n_inner": %d, "vocab_size": %d, "n_positions": %d, "n_ctx": %d, "activation_function": "gelu_new",
               "layer_norm_epsilon": 1e-05, "torch_dtype": "%s", "bos_token_id": 0, "eos_token_id": 0}
              """.formatted(layers, width, heads, hidden, vocabulary, positions, positions, torch())
            : """
              {"model_type": "llama", "architectures": ["LlamaForCausalLM"], "num_hidden_layers": %d,
               "hidden_size": %d, "num_attention_heads": %d, "num_key_value_heads": %d, "intermediate_size": %d,
               "vocab_size": %d, "max_position_embeddings": %d, "hidden_act": "silu", "rms_norm_eps": 1e-05,
               "rope_theta": 500000.0, "tie_word_embeddings": true, "torch_dtype": "%s", "bos_token_id": 0,
               "eos_token_id": 1}
              """.formatted(layers, width, heads, kvHeads, hidden, vocabulary, positions, torch());
    }

    private String torch() {
        return dtype == DType.BF16 ? "bfloat16" : dtype == DType.F16 ? "float16" : "float32";
    }

    private Map<String, List<Integer>> shapes() {
        var shapes = new LinkedHashMap<String, List<Integer>>();
        if (family.equals("gpt2")) gpt2(shapes);
        else llama(shapes);
        return shapes;
    }

    private void gpt2(Map<String, List<Integer>> to) {
        to.put("wte.weight", List.of(vocabulary, width));
        to.put("wpe.weight", List.of(positions, width));
        for (int l = 0; l < layers; l++) {
            var at = "h." + l + ".";
            for (var norm : List.of("ln_1", "ln_2")) norm(to, at + norm);
            conv(to, at + "attn.c_attn", width, 3 * width);
            conv(to, at + "attn.c_proj", width, width);
            conv(to, at + "mlp.c_fc", width, hidden);
            conv(to, at + "mlp.c_proj", hidden, width);
        }
        norm(to, "ln_f");
    }

    private void norm(Map<String, List<Integer>> to, String name) {
        to.put(name + ".weight", List.of(width));
        to.put(name + ".bias", List.of(width));
    }

    private static void conv(Map<String, List<Integer>> to, String name, int in, int out) {
        to.put(name + ".weight", List.of(in, out));
        to.put(name + ".bias", List.of(out));
    }

    private void llama(Map<String, List<Integer>> to) {
        var narrow = width / heads * kvHeads;
        to.put("model.embed_tokens.weight", List.of(vocabulary, width));
        for (int l = 0; l < layers; l++) {
            var at = "model.layers." + l + ".";
            to.put(at + "input_layernorm.weight", List.of(width));
            to.put(at + "self_attn.q_proj.weight", List.of(width, width));
            to.put(at + "self_attn.k_proj.weight", List.of(narrow, width));
            to.put(at + "self_attn.v_proj.weight", List.of(narrow, width));
            to.put(at + "self_attn.o_proj.weight", List.of(width, width));
            to.put(at + "post_attention_layernorm.weight", List.of(width));
            to.put(at + "mlp.gate_proj.weight", List.of(hidden, width));
            to.put(at + "mlp.up_proj.weight", List.of(hidden, width));
            to.put(at + "mlp.down_proj.weight", List.of(width, hidden));
        }
        to.put("model.norm.weight", List.of(width));
    }

    /// What a tensor holds follows from its extents and from whether it is a bias.
    private record Kind(List<Integer> dims, boolean bias) {
        Tensor tensor(DType dtype) {
            var extents = dims.stream().mapToInt(d -> d).toArray();
            var data = new float[Math.toIntExact(Shape.of(extents).size())];
            if (extents.length == 1) Arrays.fill(data, bias ? 0 : 1);
            else fill(data, new SplittableRandom(dims.hashCode()));
            var tensor = Tensor.of(data, extents);
            return dtype == DType.F32 ? tensor : Tensors.as(tensor, dtype);
        }

        private static void fill(float[] data, SplittableRandom random) {
            for (int i = 0; i < data.length; i++) data[i] = REACH * (2 * (random.nextInt() >>> 8) * 0x1p-24f - 1);
        }
    }
}
