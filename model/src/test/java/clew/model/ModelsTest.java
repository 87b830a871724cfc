package clew.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clew.engine.tensor.Tensor;
import clew.weights.Tensors;
import clew.weights.WeightsException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// One model in all the forms in which its files come is one model; what does not fit is said in a sentence.
final class ModelsTest {
    private static final int[] IDS = {3, 14, 15, 9, 2};
    private static final Map<String, Object> LLAMA3 = Map.of("factor", 8.0, "low_freq_factor", 1.0,
        "high_freq_factor", 4.0, "original_max_position_embeddings", 16);

    @TempDir
    Path dir;

    private double[] logits(String name, Tiny tiny) {
        try (var model = tiny.open(dir.resolve(name), Device.SCALAR.kernels()); var run = model.run(Pass.of(IDS))) {
            return run.logits().toDoubles();
        }
    }

    private String refused(Tiny tiny) {
        var error = assertThrows(RuntimeException.class, () -> tiny.open(dir, Device.SCALAR.kernels()));
        assertTrue(error instanceof ModelException || error instanceof WeightsException, error::toString);
        var sentence = error.getMessage();
        assertFalse(sentence.contains("\n") || sentence.contains("Exception"), sentence);
        return sentence.replace(dir.toString(), "DIR");
    }

    // ── the same model ──────────────────────────────────────────────────────────────────────────────────────────────

    @Test
    void bareNamesOfGpt2AreTheSameModel() {
        var bare = Tiny.gpt2();
        for (var name : List.copyOf(bare.tensors.keySet())) bare.rename(name, name.replace("transformer.", ""));
        assertArrayEquals(logits("full", Tiny.gpt2()), logits("bare", bare));
    }

    @Test
    void maskBuffersOfGpt2AreIgnored() {
        var masked = Tiny.gpt2();
        for (int l = 0; l < 2; l++) {
            masked.tensors.put("transformer.h." + l + ".attn.bias", Tensor.of(new float[256], 1, 1, 16, 16));
            masked.tensors.put("transformer.h." + l + ".attn.masked_bias", Tensor.of(new float[] {-1e4f}));
        }
        assertArrayEquals(logits("plain", Tiny.gpt2()), logits("masked", masked));
    }

    @ParameterizedTest
    @CsvSource({"GPT2, transformer.wte.weight", "LLAMA, model.embed_tokens.weight"})
    void aTiedMatrixMayBeStoredAsTheHeadOnly(Tiny.Family family, String embedding) {
        var tied = family.make().set("tie_word_embeddings", true);
        tied.tensors.remove("lm_head.weight");
        var headOnly = family.make().set("tie_word_embeddings", true);
        headOnly.rename(embedding, "lm_head.weight");
        assertArrayEquals(logits("tied", tied), logits("headOnly", headOnly));
    }

    @Test
    void aHeadThatDiffersFromTheMatrixItIsTiedToIsUsed() {
        var model = Tiny.llama().set("tie_word_embeddings", false);
        var own = logits("own", model);
        model.set("tie_word_embeddings", true);
        assertArrayEquals(own, logits("both", model));
        model.tensors.put("lm_head.weight", model.tensors.get("model.embed_tokens.weight"));
        var same = logits("same", model);
        model.tensors.remove("lm_head.weight");
        assertArrayEquals(logits("one", model), same);
        assertFalse(Arrays.equals(own, same));
    }

    @Test
    void anUntiedHeadIsUsed() {
        var tied = logits("tied", Tiny.gpt2());
        var own = Tiny.gpt2().set("tie_word_embeddings", false).normal("lm_head.weight", Tiny.V, 8);
        assertFalse(Arrays.equals(tied, logits("own", own)));
    }

    @Test
    void bothDialectsOfALlamasConfigAreTheSameModel() {
        var old = new LinkedHashMap<>(LLAMA3);
        old.put("rope_type", "llama3");
        var older = new LinkedHashMap<>(LLAMA3);
        older.put("type", "llama3");
        var parameters = new LinkedHashMap<>(old);
        parameters.put("rope_theta", 500000.0);
        var expected = logits("old", Tiny.llama().set("torch_dtype", "float32").set("rope_theta", 500000.0)
            .set("rope_scaling", old));
        assertArrayEquals(expected, logits("older", Tiny.llama().set("rope_theta", 500000).set("rope_scaling", older)));
        assertArrayEquals(expected,
            logits("new", Tiny.llama().set("dtype", "float32").set("rope_parameters", parameters)));
        assertFalse(Arrays.equals(expected, logits("none", Tiny.llama())));
    }

    @Test
    void aPlainRopeIsTheSameInBothDialects() {
        var old = Tiny.llama().set("rope_theta", 10000.0).set("rope_scaling", null);
        var now = Tiny.llama().set("rope_parameters", Map.of("rope_type", "default", "rope_theta", 10000.0));
        assertArrayEquals(logits("old", old), logits("now", now));
        assertArrayEquals(logits("old", old), logits("absent", Tiny.llama()));
    }

    @Test
    void llama3KeepsShortWavelengthsAndStretchesLongOnes() {
        var scaled = new LinkedHashMap<>(LLAMA3);
        scaled.put("rope_type", "llama3");
        scaled.put("original_max_position_embeddings", 64);
        try (var model = Tiny.llama().set("rope_scaling", scaled).open(dir, Device.SCALAR.kernels())) {
            var rope = Objects.requireNonNull(model.spec().rope());
            // wavelengths 2π·θ^(2i/d) = 6.28 and 628: below 64/4 kept, above 64/1 divided by 8
            assertArrayEquals(new double[] {1, 0.01 / 8}, rope.inverseFrequencies(), 1e-18);
            assertEquals("llama3", rope.kind());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gelu", "gelu_new", "gelu_pytorch_tanh", "relu", "silu", "tanh"})
    void activationsAreReadFromTheConfig(String name) {
        var logits = logits(name, Tiny.gpt2().set("activation_function", name));
        var same = name.equals("gelu_new") || name.equals("gelu_pytorch_tanh");
        assertEquals(same, Arrays.equals(logits("default", Tiny.gpt2()), logits));
    }

    @Test
    void biasesOfALlamaAreReadWhereTheConfigSaysSo() {
        var biased = Tiny.llama().set("attention_bias", true).set("mlp_bias", true);
        for (int l = 0; l < 2; l++) {
            var at = "model.layers." + l + ".";
            biased.normal(at + "self_attn.q_proj.bias", 16).normal(at + "self_attn.k_proj.bias", 8);
            biased.normal(at + "self_attn.v_proj.bias", 8).normal(at + "self_attn.o_proj.bias", 12);
            biased.normal(at + "mlp.gate_proj.bias", 20).normal(at + "mlp.up_proj.bias", 20);
            biased.normal(at + "mlp.down_proj.bias", 12);
        }
        var with = logits("with", biased);
        assertFalse(Arrays.equals(with, logits("without", Tiny.llama())));
        assertArrayEquals(logits("without", Tiny.llama()), logits("unsaid", biased.set("attention_bias", false)
            .set("mlp_bias", false)));
    }

    // ── what does not fit ───────────────────────────────────────────────────────────────────────────────────────────

    @Test
    void anUnsupportedFamilyIsNamedWithTheSupportedOnes() {
        assertEquals("DIR: family 'mamba' is not supported; supported are gpt2, gpt_neox, "
            + "llama, mistral, qwen2, qwen3, phi3, gemma2, gemma3_text",
            refused(Tiny.llama().set("model_type", "mamba")));
        assertEquals("DIR: family '?[31mred??' is not supported; supported are gpt2, gpt_neox, "
            + "llama, mistral, qwen2, qwen3, phi3, gemma2, gemma3_text",
            refused(Tiny.llama().set("model_type", "\u001b[31mred\n\u202e")));
    }

    @Test
    void aMissingTensorIsNamed() {
        var gpt2 = Tiny.gpt2();
        gpt2.tensors.remove("transformer.h.1.mlp.c_fc.bias");
        assertTrue(refused(gpt2).startsWith("DIR/model.safetensors has no tensor 'transformer.h.1.mlp.c_fc.bias'"));
        var llama = Tiny.llama();
        llama.tensors.remove("lm_head.weight");
        assertTrue(refused(llama).startsWith("DIR/model.safetensors has no tensor 'lm_head.weight'"));
    }

    /// The base model's prefix is known by any name that has it: the norm is missed under its own name.
    @ParameterizedTest
    @EnumSource
    void aMissingFinalNormIsNamed(Tiny.Family family) {
        var tiny = family.make();
        var norm = switch (family) {
            case GPT2     -> "transformer.ln_f.weight";
            case GPT_NEOX -> "gpt_neox.final_layer_norm.weight";
            default       -> "model.norm.weight";
        };
        var said = "DIR/model.safetensors has no tensor '%s', which the model needs as "
            + tiny.tensors.remove(norm).shape() + "; ";
        assertTrue(refused(tiny).startsWith(said.formatted(norm)), refused(tiny));
        var prefix = norm.substring(0, norm.indexOf('.') + 1);
        for (var name : List.copyOf(tiny.tensors.keySet()))
            if (name.startsWith(prefix)) tiny.rename(name, name.substring(prefix.length()));
        assertTrue(refused(tiny).startsWith(said.formatted(norm.substring(prefix.length()))), refused(tiny));
    }

    @Test
    void aWrongShapeIsSaidWithBothShapes() {
        assertEquals("DIR/model.safetensors: tensor 'model.layers.1.mlp.up_proj.weight' has the shape [20, 11] where"
            + " the model needs [20, 12]; check that config.json belongs to it",
            refused(Tiny.llama().normal("model.layers.1.mlp.up_proj.weight", 20, 11)));
        assertEquals("DIR/model.safetensors: tensor 'transformer.wte.weight' has the shape [23, 8] where the model"
            + " needs [23, 16]; check that config.json belongs to it", refused(Tiny.gpt2().set("n_embd", 16)));
    }

    @Test
    void weightsInIntegersAreRefused() {
        var quantised = Tiny.llama();
        quantised.tensors.put("model.layers.0.mlp.up_proj.weight", Tensors.ofLongs(new long[240]).reshape(20, 12));
        assertEquals("DIR: tensor 'model.layers.0.mlp.up_proj.weight' is stored as I64; quantised checkpoints are not"
            + " supported, use the one in F32, F16 or BF16", refused(quantised));
    }

    @Test
    void anUnknownRopeIsNamedWithTheKnownOnes() {
        var known = "supported are default, linear, dynamic, yarn, longrope, llama3";
        assertEquals("DIR/config.json: RoPE kind 'mrope' is not supported; " + known,
            refused(Tiny.llama().set("rope_scaling", Map.of("rope_type", "mrope", "factor", 4.0))));
        assertEquals("DIR/config.json: RoPE kind 'ntk' is not supported; " + known,
            refused(Tiny.llama().set("rope_scaling", Map.of("type", "ntk", "factor", 4.0))));
    }

    @ParameterizedTest
    @CsvSource({
        "GPT2, n_head, 3, n_head",                  "LLAMA, num_key_value_heads, 3, num_key_value_heads",
        "LLAMA, head_dim, 5, head_dim",             "LLAMA, head_dim, 1073741824, head_dim",
        "LLAMA, head_dim, 4194304, head_dim",       "LLAMA, rope_theta, -1, rope_theta",
        "GPT2, n_embd, 2147483646, D 2147483646",     "LLAMA, hidden_size, 2147483644, D 2147483644",
        "GPT2, n_layer, 2147483647, h.2.",          "LLAMA, num_hidden_layers, 2147483647, layers.2.",
        "GPT2, vocab_size, 2147483647, V 2147483647", "GPT2, n_positions, 2147483647, wpe.weight",
        "GPT2, n_inner, 1073741824, F 1073741824",          "LLAMA, num_attention_heads, 1073741824, head_dim",
        "GPT2, n_head, 0, n_head",                  "LLAMA, intermediate_size, -4, intermediate_size"})
    void aNumberThatCannotBeIsNamedBeforeAnythingIsAllocated(Tiny.Family family, String key, int value, String named) {
        var said = refused(family.make().set(key, value));
        assertTrue(said.contains(named), said);
    }

    @Test
    void scalingThatCannotBeIsNamed() {
        for (var key : List.of("factor", "high_freq_factor")) {
            var broken = new LinkedHashMap<>(LLAMA3);
            broken.put("rope_type", "llama3");
            broken.put(key, 0.0);
            var said = refused(Tiny.llama().set("rope_scaling", broken));
            assertTrue(said.contains("rope_scaling." + key), said);
        }
        assertTrue(refused(Tiny.llama().set("rope_scaling", Map.of("rope_type", "llama3"))).contains("factor"));
        assertTrue(refused(Tiny.gpt2().set("activation_function", "quick_gelu")).contains("'quick_gelu'"));
        assertTrue(refused(Tiny.llama().set("partial_rotary_factor", 0.5)).contains("partial_rotary_factor"));
        assertTrue(refused(Tiny.gpt2().set("add_cross_attention", true)).contains("add_cross_attention"));
    }
}
