package clew.bench.suite;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.openjdk.jmh.runner.options.TimeValue;

/// Which values the benchmarks' parameters take where the command line does not say, and how long iterations last.
///
/// @param parameters by name, in every benchmark that has one of that name; others keep all their values
/// @param warmup     how long an iteration of warm-up lasts; empty for each benchmark's own
/// @param measured   and one of measurement
public record Profile(Map<String, String[]> parameters, Optional<TimeValue> warmup, Optional<TimeValue> measured) {
    /// Everything that the benchmarks list: some hours.
    public static final Profile FULL = new Profile(Map.of(), Optional.empty(), Optional.empty());

    /// One value or two of each parameter: minutes.
    public static Profile brief(int processors) {
        var p = new LinkedHashMap<String, String[]>();
        p.put("layer", values("GPT2_UP", "LLAMA_UP"));
        p.put("width", values("GPT2_HIDDEN"));
        p.put("shape", values("GPT2"));
        p.put("length", values("256"));
        p.put("form", values("FUSED", "COMPOSED"));
        p.put("block", values("gpt2-block"));
        p.put("rules", values("gradient", "attnlrp", "epsilon"));
        p.put("model", values("demo", "gpt2-small"));
        p.put("method", values("lrp"));
        p.put("tokenizer", values("demo"));
        p.put("text", values("PROSE"));
        p.put("tokens", values("64"));
        p.put("dtype", values("F32"));
        p.put("device", values("simd"));
        p.put("threads", values(Integer.toString(Math.min(2, processors))));
        return new Profile(p, Optional.of(TimeValue.milliseconds(800)), Optional.of(TimeValue.milliseconds(400)));
    }

    private static String[] values(String... values) {
        return values;
    }
}
