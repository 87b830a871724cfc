package clew.attribution;

import clew.model.LanguageModel;
import clew.weights.ModelDirectory;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a result was made with, beside the method's own parameters (rule set, seed): enough to make it again.
///
/// @param weights   SHA-256 of config.json, every safetensors header and the file sizes
/// @param tokenizer SHA-256 of the tokenizer's files, or null without any
/// @param clew      the version of this program
/// @param java      the version of the virtual machine
/// @param device    `scalar` (float64), `simd` or `cuda` (float32), `cuda-tf32` (products in TF32)
/// @param dtype     how the blocks' matrices are used: as the files have them, or quantised
public record Provenance(String weights, @Nullable String tokenizer, String clew, String java, String device,
                         String dtype) {
    static Provenance of(LanguageModel model) {
        var module = Provenance.class.getModule().getDescriptor();
        return new Provenance(model.fingerprint(), ModelDirectory.tokenizerHash(model.path()).orElse(null),
            module == null ? "unknown" : module.rawVersion().orElse("unknown"), Runtime.version().toString(),
            model.kernels().device(), model.quantised().map(q -> q.how().label()).orElse("stored"));
    }

    /// Under their names; no `tokenizer` without any.
    public Map<String, String> entries() {
        var out = new LinkedHashMap<String, String>();
        out.put("weights", weights);
        if (tokenizer != null) out.put("tokenizer", tokenizer);
        out.put("clew", clew);
        out.put("java", java);
        out.put("device", device);
        out.put("dtype", dtype);
        return out;
    }
}
