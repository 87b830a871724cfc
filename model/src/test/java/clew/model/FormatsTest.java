package clew.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import clew.engine.tensor.DType;
import clew.engine.tensor.Tensor;
import clew.weights.SafeTensorsWriter;
import clew.weights.Tensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/// A model is the same in one file or several, in one element type or many; what cannot be run says how to go on.
final class FormatsTest {
    private static final int[] IDS = {3, 14, 15, 9, 2};

    @TempDir
    Path dir;

    private static double[] logits(Path model) {
        return logits(model, Device.SCALAR);
    }

    private static double[] logits(Path model, Device device) {
        try (var open = Models.open(model, device.kernels()); var run = open.run(Pass.of(IDS))) {
            return run.logits().toDoubles();
        }
    }

    /// Every matrix and norm in another type; its values are such that each type holds them exactly.
    @ParameterizedTest
    @MethodSource("clew.model.Tiny#everywhere")
    void elementTypesMayBeMixed(Tiny.Family family, Device device) {
        var tiny = family.make();
        tiny.tensors.replaceAll((_, t) -> Tensors.as(Tensors.as(Tensors.as(t, DType.BF16), DType.F16), DType.F32));
        var plain = logits(tiny.write(dir.resolve("plain")), device);
        var types = List.of(DType.BF16, DType.F32, DType.F16);
        var next = new int[1];
        tiny.tensors.replaceAll((_, t) -> Tensors.as(t, types.get(next[0]++ % types.size())));
        Close.equal(plain, logits(tiny.write(dir.resolve("mixed")), device), device.rounding, () -> "mixed");
    }

    @ParameterizedTest
    @EnumSource
    void shardsAreOneModel(Tiny.Family family) throws IOException {
        var tiny = family.make();
        var whole = logits(tiny.write(dir.resolve("whole")));
        var sharded = tiny.write(dir.resolve("sharded"));
        Files.delete(sharded.resolve("model.safetensors"));
        var shards = List.of(new LinkedHashMap<String, Tensor>(), new LinkedHashMap<String, Tensor>());
        var map = new LinkedHashMap<String, String>();
        for (var entry : tiny.tensors.entrySet()) {
            var shard = map.size() % 2;
            shards.get(shard).put(entry.getKey(), entry.getValue());
            map.put(entry.getKey(), "model-0000" + shard + ".safetensors");
        }
        for (int s = 0; s < 2; s++)
            SafeTensorsWriter.write(sharded.resolve("model-0000" + s + ".safetensors"), shards.get(s), Map.of());
        Files.writeString(sharded.resolve("model.safetensors.index.json"),
            JsonMapper.shared().writeValueAsString(Map.of("metadata", Map.of("total_size", 1), "weight_map", map)));
        assertArrayEquals(whole, logits(sharded));
    }

    @ParameterizedTest
    @EnumSource
    void namesMayLackTheBaseModelsPrefix(Tiny.Family family) {
        var tiny = family.make();
        var full = logits(tiny.write(dir.resolve("full")));
        for (var name : List.copyOf(tiny.tensors.keySet()))
            tiny.rename(name, name.replaceFirst("^(model|transformer|gpt_neox)\\.", ""));
        assertArrayEquals(full, logits(tiny.write(dir.resolve("bare"))));
    }

    /// Both names at once are no fault either: the second is a copy.
    @ParameterizedTest
    @EnumSource
    void tiedWeightsMayHaveEitherName(Tiny.Family family) {
        var tiny = family.make().set("tie_word_embeddings", true);
        var head = family == Tiny.Family.GPT_NEOX ? "embed_out.weight" : "lm_head.weight";
        tiny.tensors.remove(head);
        var one = logits(tiny.write(dir.resolve("one")));
        var embedding = tiny.tensors.keySet().stream().filter(n -> n.matches(".*(wte|embed_tokens|embed_in).weight"))
            .findFirst().orElseThrow();
        tiny.tensors.put(head, tiny.tensors.get(embedding));
        assertArrayEquals(one, logits(tiny.write(dir.resolve("both"))));
        tiny.tensors.remove(embedding);
        assertArrayEquals(one, logits(tiny.write(dir.resolve("other"))));
    }

    /// Mistral's class has a window of 4096; null is none, and Phi-3's class has none.
    @Test
    void aWindowThatIsNotNamedIsThatOfTheFamily() {
        assertEquals(3, window(Tiny.Family.MISTRAL.make()));
        assertEquals(Integer.MAX_VALUE, window(Tiny.Family.MISTRAL.make().set("sliding_window", null)));
        for (var family : List.of(Tiny.Family.MISTRAL, Tiny.Family.PHI3)) {
            var tiny = family.make();
            tiny.config.remove("sliding_window");
            assertEquals(family == Tiny.Family.MISTRAL ? 4096 : Integer.MAX_VALUE, window(tiny));
        }
    }

    private int window(Tiny tiny) {
        try (var model = tiny.open(dir.resolve("windowed"), Device.SCALAR.kernels())) {
            var first = ((Llama) model.family()).blocks().getFirst().attention();
            return ((Attention.Rotary) first).attending().window();
        }
    }

    @Test
    void partlyTurnedHeadsAreRefusedInBothDialects() {
        var inner = Map.of("rope_type", "default", "rope_theta", 10000.0, "partial_rotary_factor", 0.5);
        assertTrue(refused(Tiny.llama().set("rope_parameters", inner)).contains("partial_rotary_factor"));
    }

    private String refused(Tiny tiny) {
        return refused(tiny.write(dir.resolve("refused")));
    }

    private String refused(Path model) {
        var error = assertThrows(RuntimeException.class, () -> Models.open(model, Device.SCALAR.kernels()));
        return error.getMessage().replace(model.toString(), "DIR");
    }

    @Test
    void pickledWeightsAreConverted() throws IOException {
        for (var suffix : List.of(".bin", ".pt", ".pth")) {
            var model = Tiny.llama().write(dir.resolve("pickled"));
            Files.move(model.resolve("model.safetensors"), model.resolve("pytorch_model" + suffix));
            assertEquals("DIR has its weights as *" + suffix + " only; convert them to safetensors, in Python:"
                + " transformers.AutoModelForCausalLM.from_pretrained(DIR).save_pretrained(NEW_DIR), of a classifier"
                + " AutoModelForSequenceClassification", refused(model));
            Files.delete(model.resolve("pytorch_model" + suffix));
        }
    }

    /// That is said first, be its weights pickled or not: without its code nothing converts them.
    @Test
    void codeOfItsOwnIsNeverRun() throws IOException {
        var novel = Tiny.llama().set("model_type", "novel")
            .set("auto_map", Map.of("AutoModelForCausalLM", "modeling_novel.NovelForCausalLM"))
            .write(dir.resolve("novel"));
        var expected = "DIR: family 'novel' needs Python code of its own, which is never run here; convert it: read it"
            + " in Python with transformers.AutoModelForCausalLM.from_pretrained(DIR, trust_remote_code=True), ";
        assertTrue(refused(novel).startsWith(expected), refused(novel));
        Files.move(novel.resolve("model.safetensors"), novel.resolve("pytorch_model.bin"));
        assertTrue(refused(novel).startsWith(expected), refused(novel));
        var known = Tiny.llama().set("auto_map", Map.of("AutoModelForCausalLM", "modeling_llama.LlamaForCausalLM"));
        assertEquals(Tiny.V, logits(known.write(dir.resolve("known"))).length);
    }

    @Test
    void quantisedCheckpointsAreRefusedByTheirMethod() {
        assertEquals("DIR is quantised ('gptq'), which is not supported; use the checkpoint in F32, F16 or BF16",
            refused(Tiny.llama().set("quantization_config", Map.of("quant_method", "gptq", "bits", 4))));
    }

    @Test
    void aHeadThatIsNotSupportedIsNamed() {
        assertEquals("DIR/config.json: architecture 'LlamaForTokenClassification' is not supported; of llama supported"
            + " are LlamaForCausalLM and LlamaForSequenceClassification",
            refused(Tiny.llama().set("architectures", List.of("LlamaForTokenClassification"))));
        assertEquals("DIR/config.json: architecture 'OwnForCausalLM' is not supported; of gpt2 supported are"
            + " GPT2LMHeadModel and GPT2ForSequenceClassification",
            refused(Tiny.gpt2().set("architectures", List.of("OwnForCausalLM"))));
    }

    @Test
    void layersOfUnknownKindsAndWindowsWithoutAWidthAreNamed() {
        var gemma = Tiny.Family.GEMMA2.make().set("layer_types", List.of("full_attention", "chunked_attention"));
        assertTrue(refused(gemma).contains("layer_types has a layer of type 'chunked_attention'"), refused(gemma));
        var three = Tiny.Family.GEMMA2.make().set("layer_types", List.of("full_attention"));
        assertTrue(refused(three).contains("layer_types names 1 layers of 2"), refused(three));
        var qwen = Tiny.Family.QWEN2.make().set("use_sliding_window", false)
            .set("layer_types", List.of("full_attention", "sliding_attention"));
        assertTrue(refused(qwen).contains("has sliding layers, but no window is turned on"), refused(qwen));
        var both = Tiny.Family.GEMMA3.make().set("use_bidirectional_attention", true);
        assertTrue(refused(both).contains("use_bidirectional_attention"), refused(both));
        var layers = Map.of("full_attention", Map.of("rope_theta", 1e6));
        assertTrue(refused(Tiny.llama().set("rope_parameters", layers)).contains("rope_parameters.full_attention"));
    }

    @Test
    void ropeParametersThatCannotBeAreNamed() {
        var longrope = new LinkedHashMap<String, Object>(Map.of("rope_type", "longrope", "factor", 4.0,
            "short_factor", List.of(1, 2), "long_factor", List.of(1, 2), "original_max_position_embeddings", 8));
        assertEquals(Tiny.V, logits(Tiny.llama().set("rope_scaling", longrope).write(dir.resolve("fits"))).length);
        longrope.put("long_factor", List.of(1, 2, 3));
        var said = refused(Tiny.llama().set("rope_scaling", longrope));
        assertTrue(said.contains("rope_scaling.long_factor has 3 numbers for 2 pairs"), said);
        for (var kind : List.of("linear", "dynamic", "yarn"))
            assertTrue(refused(Tiny.llama().set("rope_scaling", Map.of("type", kind, "factor", -1)))
                .contains("rope_scaling.factor '-1' is not above 0"), kind);
        assertTrue(refused(Tiny.Family.PHI3.make().set("partial_rotary_factor", 0.3)).contains("turn 1 columns"));
        assertTrue(refused(Tiny.Family.GPT_NEOX.make().set("rotary_pct", 1.5)).contains("not above 0 and at most 1"));
    }
}
