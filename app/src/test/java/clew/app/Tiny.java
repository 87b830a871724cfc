package clew.app;

import clew.engine.tensor.Tensor;
import clew.weights.SafeTensorsWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// A Llama of our own with random weights and a tokenizer of a few pieces, for a checkout that stands alone.
///
/// 267 tokens: `<unk>`, `<s>`, `</s>`, 256 bytes, `▁ a b c ▁a ▁b ab ▁ab` from 259 on. 32 positions.
final class Tiny {
    static final int VOCABULARY = 267, A = 260, SPACE_A = 263, SPACE_AB = 266;
    private static final int D = 16, F = 24;

    private Tiny() {}

    static Path model(Path dir) {
        return model(dir, weights());
    }

    /// One that every test may read and none may change; it goes with the JVM.
    static Path model() {
        return Written.MODEL;
    }

    private static final class Written {
        static final Path MODEL = write();

        private static Path write() {
            try {
                var dir = model(Files.createTempDirectory("clew-tiny"));
                dir.toFile().deleteOnExit();
                try (var files = Files.list(dir)) {
                    files.forEach(file -> file.toFile().deleteOnExit());
                }
                return dir;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /// With one weight that is not a number.
    static Path damaged(Path dir) {
        var weights = weights();
        var norm = new float[D];
        norm[3] = Float.NaN;
        weights.put("model.norm.weight", Tensor.of(norm, D));
        return model(dir, weights);
    }

    /// With a head for two classes, `bad` and `good`, in place of the tokens.
    static Path classifier(Path dir) {
        var weights = weights();
        weights.put("score.weight", normal(new Random(12), 2, D));
        model(dir, weights);
        try {
            Files.writeString(dir.resolve("config.json"), CONFIG.replace("\"model_type\"", """
                "architectures": ["LlamaForSequenceClassification"], "id2label": {"0": "bad", "1": "good"},
                "model_type\""""));
            return dir;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path withoutTokenizer(Path dir) {
        model(dir);
        try {
            Files.delete(dir.resolve("tokenizer.json"));
            return dir;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path model(Path dir, Map<String, Tensor> weights) {
        try {
            Files.createDirectories(dir);
            Files.writeString(dir.resolve("config.json"), CONFIG);
            Files.writeString(dir.resolve("tokenizer.json"), tokenizer());
            SafeTensorsWriter.write(dir.resolve("model.safetensors"), weights, Map.of("format", "pt"));
            return dir;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final String CONFIG = """
        {"model_type": "llama", "hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2,
         "num_key_value_heads": 1, "head_dim": 8, "intermediate_size": 24, "vocab_size": 267,
         "max_position_embeddings": 32, "tie_word_embeddings": true, "bos_token_id": 1, "eos_token_id": 2,
         "rms_norm_eps": 1e-5}
        """;

    private static Map<String, Tensor> weights() {
        var random = new Random(11);
        var weights = new LinkedHashMap<String, Tensor>();
        weights.put("model.embed_tokens.weight", normal(random, VOCABULARY, D));
        for (int l = 0; l < 2; l++) {
            var at = "model.layers." + l + ".";
            weights.put(at + "input_layernorm.weight", ones());
            weights.put(at + "self_attn.q_proj.weight", normal(random, 16, D));
            weights.put(at + "self_attn.k_proj.weight", normal(random, 8, D));
            weights.put(at + "self_attn.v_proj.weight", normal(random, 8, D));
            weights.put(at + "self_attn.o_proj.weight", normal(random, D, 16));
            weights.put(at + "post_attention_layernorm.weight", ones());
            weights.put(at + "mlp.gate_proj.weight", normal(random, F, D));
            weights.put(at + "mlp.up_proj.weight", normal(random, F, D));
            weights.put(at + "mlp.down_proj.weight", normal(random, D, F));
        }
        weights.put("model.norm.weight", ones());
        return weights;
    }

    private static Tensor normal(Random random, int rows, int cols) {
        var data = new float[rows * cols];
        for (int i = 0; i < data.length; i++) data[i] = (float) (0.4 * random.nextGaussian());
        return Tensor.of(data, rows, cols);
    }

    private static Tensor ones() {
        var data = new float[D];
        java.util.Arrays.fill(data, 1);
        return Tensor.of(data, D);
    }

    private static String tokenizer() {
        var vocab = new LinkedHashMap<String, Integer>();
        for (var piece : List.of("<unk>", "<s>", "</s>")) vocab.put(piece, vocab.size());
        for (int b = 0; b < 256; b++) vocab.put("<0x%02X>".formatted(b), vocab.size());
        for (var piece : List.of("▁", "a", "b", "c", "▁a", "▁b", "ab", "▁ab")) vocab.put(piece, vocab.size());
        var template = List.of(Map.of("SpecialToken", Map.of("id", "<s>", "type_id", 0)),
            Map.of("Sequence", Map.of("id", "A", "type_id", 0)));
        var special = new ArrayList<Object>();
        for (int id = 0; id < 3; id++)
            special.add(Map.of("id", id, "content", List.of("<unk>", "<s>", "</s>").get(id), "single_word", false,
                "lstrip", false, "rstrip", false, "normalized", false, "special", true));
        return JsonText.MAPPER.writeValueAsString(Map.of(
            "added_tokens", special,
            "normalizer", Map.of("type", "Sequence", "normalizers", List.of(
                Map.of("type", "Prepend", "prepend", "▁"),
                Map.of("type", "Replace", "pattern", Map.of("String", " "), "content", "▁"))),
            "post_processor", Map.of("type", "TemplateProcessing", "single", template, "pair", List.of(),
                "special_tokens", Map.of("<s>", Map.of("id", "<s>", "ids", List.of(1), "tokens", List.of("<s>")))),
            "decoder", Map.of("type", "Sequence", "decoders", List.of(
                Map.of("type", "Replace", "pattern", Map.of("String", "▁"), "content", " "),
                Map.of("type", "ByteFallback"), Map.of("type", "Fuse"),
                Map.of("type", "Strip", "content", " ", "start", 1, "stop", 0))),
            "model", Map
                .of("type", "BPE", "byte_fallback", true, "fuse_unk", true, "unk_token", "<unk>", "vocab", vocab,
                "merges", List.of(List.of("▁", "a"), List.of("▁", "b"), List.of("a", "b"), List.of("▁a", "b")))));
    }
}
