package clew.model;

import clew.weights.Config;
import java.util.Optional;

/// The angles of rotary positions: position t turns pair i by `t · inverseFrequencies[i]`.
///
/// @param kind               as the configuration names it: `default` or `llama3`
/// @param inverseFrequencies `θ^(−2i/d)`, rescaled as the kind says; d/2 of them
public record Rope(String kind, double theta, double[] inverseFrequencies) {
    /// Reads both dialects: `rope_theta` with `rope_scaling`, and `rope_parameters`.
    static Rope of(Config config, int width) {
        var parameters = config.child("rope_parameters", "rope_scaling");
        var theta = config.optDouble("rope_theta")
            .orElseGet(() -> parameters.flatMap(p -> boxed(p, "rope_theta")).orElse(10_000.0));
        if (theta <= 0)
            throw new ModelException(config.file() + ": rope_theta " + theta + " is not above 0; correct it");
        var kind = parameters.flatMap(p -> p.string("rope_type", "type")).orElse("default");
        var plain = new double[width / 2];
        for (int i = 0; i < plain.length; i++) plain[i] = Math.pow(theta, -2.0 * i / width);
        return switch (kind) {
            case "default" -> new Rope(kind, theta, plain);
            case "llama3"  -> new Rope(kind, theta, llama3(plain, parameters.orElseThrow()));
            default        -> throw new ModelException(config.file() + ": RoPE kind " + Reading.shown(kind)
                + " is not supported; supported are default and llama3");
        };
    }

    /// Llama 3.1: wavelengths beyond the original context are stretched by `factor`, short ones kept, those between
    /// blended.
    private static double[] llama3(double[] plain, Config p) {
        var factor = p.requireDouble("factor");
        double low = p.requireDouble("low_freq_factor"), high = p.requireDouble("high_freq_factor");
        var context = p.requireInt("original_max_position_embeddings");
        if (factor <= 0) throw p.fault("factor", "is not above 0");
        if (high <= low) throw p.fault("high_freq_factor", "is not above low_freq_factor");
        var out = new double[plain.length];
        for (int i = 0; i < out.length; i++) {
            var wavelength = 2 * Math.PI / plain[i];
            var blend = (context / wavelength - low) / (high - low);
            out[i] = wavelength < context / high ? plain[i]
                   : wavelength > context / low  ? plain[i] / factor
                   : (1 - blend) * plain[i] / factor + blend * plain[i];
        }
        return out;
    }

    private static Optional<Double> boxed(Config config, String name) {
        var value = config.optDouble(name);
        return value.isPresent() ? Optional.of(value.getAsDouble()) : Optional.empty();
    }
}
