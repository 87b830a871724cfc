package clew.model;

import clew.weights.Config;
import clew.weights.TensorSource;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// The families that open, by config.json's `model_type`, and who reads each.
enum Families {
    GPT2("gpt2", "GPT2", Gpt2Reader::read),
    GPT_NEOX("gpt_neox", "GPTNeoX", GptNeoXReader::read),
    LLAMA("llama", "Llama", LlamaReader::llama),
    MISTRAL("mistral", "Mistral", LlamaReader::mistral),
    QWEN2("qwen2", "Qwen2", LlamaReader::qwen2),
    QWEN3("qwen3", "Qwen3", LlamaReader::qwen3),
    PHI3("phi3", "Phi3", LlamaReader::phi3),
    GEMMA2("gemma2", "Gemma2", GemmaReader::gemma2),
    GEMMA3("gemma3_text", "Gemma3", GemmaReader::gemma3);

    /// Keys that a family may leave out, but whose null is not the same.
    private static final String[] NEVER_NULL = {"rms_norm_eps", "layer_norm_eps", "layer_norm_epsilon",
        "tie_word_embeddings", "use_parallel_residual", "attention_bias", "mlp_bias", "query_pre_attn_scalar",
        "rope_theta", "rotary_emb_base", "rotary_pct", "partial_rotary_factor", "rope_local_base_freq"};

    final String type;
    private final String architecture;
    private final Reader reader;

    private interface Reader {
        Family read(Config config, TensorSource weights);
    }

    Families(String type, String architecture, Reader reader) {
        this.type = type;
        this.architecture = architecture;
        this.reader = reader;
    }

    static List<String> types() {
        return Arrays.stream(values()).map(f -> f.type).toList();
    }

    /// The family of a model, if this program has it and can run it as its config.json wants.
    ///
    /// @throws ModelException if not; the message says what is supported, or how to convert
    static Families of(Config config) {
        var type = config.requireString("model_type");
        var family = Arrays.stream(values()).filter(f -> f.type.equals(type)).findFirst()
            .orElseThrow(() -> unknown(config, type));
        if (config.has("quantization_config"))
            throw new ModelException(config.file().getParent() + " is quantised ("
                + config.child("quantization_config").flatMap(q -> q.string("quant_method")).map(Reading::shown)
                    .orElse("quantization_config") + "), which is not supported; use the checkpoint in F32, F16 or"
                + " BF16");
        for (var name : config.strings("architectures")) family.require(config, name);
        config.requireNoNull(NEVER_NULL);
        requireKinds(config);
        return family;
    }

    /// That keys which not every family reads are of their kind: what is not says nothing there, but may be damage.
    private static void requireKinds(Config config) {
        config.optWhole("sliding_window");
        config.optWhole("max_window_layers");
        config.flag("use_sliding_window", false);
        config.flag("tie_word_embeddings", false);
        config.strings("layer_types");
        config.child("id2label");
        config.child("rope_scaling");
    }

    Family read(Config config, TensorSource weights) {
        return reader.read(config, weights);
    }

    private void require(Config config, String name) {
        var language = this == GPT2 ? "LMHeadModel" : "ForCausalLM";
        var known = Stream.of(language, "ForSequenceClassification", "Model", "TextModel",
            "TextForSequenceClassification").anyMatch(end -> name.equals(architecture + end));
        if (!known)
            throw new ModelException(config.file() + ": architecture " + Reading.shown(name) + " is not supported; of "
                + type + " supported are " + architecture + language + " and " + architecture
                + "ForSequenceClassification");
    }

    private static ModelException unknown(Config config, String type) {
        var supported = "supported are " + String.join(", ", types());
        var dir = config.file().getParent();
        if (config.has("auto_map"))
            return new ModelException(dir + ": family " + Reading.shown(type) + " needs Python code of its own,"
                + " which is never run here; convert it: read it in Python with"
                + " transformers.AutoModelForCausalLM.from_pretrained(DIR, trust_remote_code=True), and save its"
                + " tensors under the names of a family that computes the same; " + supported);
        return new ModelException(dir + ": family " + Reading.shown(type) + " is not supported; " + supported);
    }
}
