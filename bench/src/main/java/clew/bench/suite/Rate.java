package clew.bench.suite;

import clew.bench.Format;
import clew.bench.Layer;
import java.util.Map;
import java.util.Optional;

/// What one operation of a benchmark gets done, so that a speed can stand beside its time.
///
/// @param amount of the unit, in one operation
/// @param unit   so much of it in a second is the speed
record Rate(double amount, String unit) {
    private static final double GIGA = 1e9;

    /// Empty for benchmarks whose time says all.
    static Optional<Rate> of(String benchmark, Map<String, String> p) {
        return Optional.ofNullable(switch (benchmark) {
            case "GemmBenchmark"      -> new Rate(2 / GIGA * Integer.parseInt(p.get("tokens")) * weights(p), "GFLOP/s");
            case "GemvBenchmark"      -> new Rate(Format.valueOf(p.get("dtype")).bytes() / GIGA * weights(p), "GB/s");
            case "GenerateBenchmark"  -> new Rate(1, "tokens/s");
            case "TokenizerBenchmark" -> new Rate(1, "million characters/s");
            default                   -> null;
        });
    }

    private static long weights(Map<String, String> parameters) {
        return Layer.valueOf(parameters.get("layer")).weights();
    }

    String in(double seconds) {
        return "%.3g %s".formatted(amount / seconds, unit);
    }
}
