package clew.model;

import clew.model.Rope.Beyond;
import clew.weights.Config;
import java.util.List;
import java.util.Optional;

/// Reads rotary positions from config.json in both dialects: `rope_theta` with `rope_scaling`, and `rope_parameters`.
final class RopeReader {
    private static final List<String> KINDS = List.of("default", "linear", "dynamic", "yarn", "longrope", "llama3");

    private static final String ORIGINAL = "original_max_position_embeddings";
    /// A context stretched further than any ever was.
    private static final int MOST = 1_000_000;

    private final Config c;
    private final Config p;
    private final String kind;
    private final double theta;
    private final int columns;
    private final double[] plain;
    private final int context;

    /// @param p the scaling's own parameters; the whole file where it has none
    private RopeReader(Config c, Config p, double theta, int columns) {
        if (columns < 2 || columns % 2 != 0)
            throw new ModelException(c.file() + ": rotary positions turn " + columns + " columns of each head, which is"
                + " no even number above 0; correct head_dim or partial_rotary_factor");
        if (theta < 1) throw new ModelException(c.file() + ": rope_theta " + theta + " is below 1; correct it");
        this.c = c;
        this.p = p;
        this.theta = theta;
        this.columns = columns;
        this.kind = p.string("rope_type", "type").orElse("default");
        this.plain = Rope.plain(theta, columns);
        this.context = c.requireInt("max_position_embeddings");
        for (var said : List.of(c, p)) said.optInt(ORIGINAL);
        for (var factors : List.of("short_factor", "long_factor")) p.numbers(factors);
    }

    /// The positions of every layer alike.
    ///
    /// @param columns how many columns of each head turn
    static Rope read(Config c, int columns) {
        return read(c, columns, c.optDouble("rope_theta").orElse(10_000), parameters(c));
    }

    /// @param theta where the parameters do not say
    static Rope read(Config c, int columns, double theta, Optional<Config> parameters) {
        for (var layers : List.of("full_attention", "sliding_attention"))
            if (parameters.filter(p -> p.has(layers)).isPresent())
                throw parameters.get().fault(layers, "gives layers positions of their own, which " + c.file()
                    + "'s family does not have");
        parameters.ifPresent(p -> p.requireNoNull("rope_type", "type", "rope_theta", "partial_rotary_factor",
            ORIGINAL));
        return new RopeReader(c, parameters.orElse(c), parameters.map(p -> p.optDouble("rope_theta"))
            .filter(t -> t.isPresent()).map(t -> t.getAsDouble()).orElse(theta), columns).rope(parameters.isPresent());
    }

    /// That the scaling is of a kind that the family knows.
    static void requireKind(Config c, String... known) {
        parameters(c).flatMap(p -> p.firstOf("rope_type", "type")).ifPresent(key -> {
            var kind = parameters(c).orElseThrow().requireString(key);
            if (!List.of(known).contains(kind)) throw parameters(c).orElseThrow().fault(key,
                "is no kind of RoPE that this family has; it has " + String.join(", ", known));
        });
    }

    /// What the file says about scaling, if anything.
    static Optional<Config> parameters(Config c) {
        return c.child("rope_scaling").filter(p -> !p.json().isEmpty()).or(() -> c.child("rope_parameters"));
    }

    /// How much of every head turns.
    ///
    /// @param key how the family calls it
    static double part(Config c, String key, double fallback) {
        var inner = parameters(c).map(p -> p.optDouble("partial_rotary_factor")).filter(f -> f.isPresent());
        var part = inner.isPresent() ? inner.get().getAsDouble()
            : c.optDouble(key).orElse(fallback);
        if (!(part > 0 && part <= 1)) throw c.fault(key, "is not above 0 and at most 1");
        return part;
    }

    private Rope rope(boolean scaled) {
        return switch (scaled ? kind : "default") {
            case "default"  -> same(plain, 1, context);
            case "linear"   -> same(divided(plain, factor()), 1, stretched(context, factor()));
            case "dynamic"  -> dynamic();
            case "yarn"     -> yarn();
            case "longrope", "su" -> longrope();
            case "llama3"   -> same(llama3(), 1, context);
            default -> throw new ModelException(c.file() + ": RoPE kind " + Reading.shown(kind)
                + " is not supported; supported are " + String.join(", ", KINDS));
        };
    }

    private Rope same(double[] frequencies, double magnitude, int positions) {
        return new Rope(scaledName(), theta, frequencies, magnitude, positions, new Beyond.Same());
    }

    private String scaledName() {
        return kind.equals("su") ? "longrope" : kind;
    }

    private double factor() {
        var factor = p.requireDouble("factor");
        if (factor <= 0 || factor > MOST) throw p.fault("factor", "is not above 0 and at most " + MOST);
        return factor;
    }

    private static int stretched(int context, double factor) {
        return (int) Math.min(Integer.MAX_VALUE, Math.max(context, context * factor));
    }

    private static double[] divided(double[] frequencies, double by) {
        var out = frequencies.clone();
        for (int i = 0; i < out.length; i++) out[i] /= by;
        return out;
    }

    private Rope dynamic() {
        if (columns == 2) throw p.fault("rope_type", "needs heads of more than 2 columns");
        return new Rope(kind, theta, plain, 1, stretched(context, factor()), new Beyond.Growing(factor(), context));
    }

    /// Peng et al. 2023: slow pairs are slowed by `factor`, fast ones kept, those between blended along a ramp.
    private Rope yarn() {
        int original = original();
        var factor = p.has("factor") || !p.says("factor") ? factor() : (double) context / original;
        var truncate = p.flag("truncate", !p.says("truncate"));
        double low = corrected(p.optDouble("beta_fast").orElse(32), original);
        double high = corrected(p.optDouble("beta_slow").orElse(1), original);
        low  = Math.max(truncate ? Math.floor(low) : low, 0);
        high = Math.min(truncate ? Math.ceil(high) : high, columns - 1);
        if (low == high) high += 0.001;
        var out = new double[plain.length];
        for (int i = 0; i < out.length; i++) {
            var ramp = Math.clamp((i - low) / (high - low), 0, 1);
            out[i] = plain[i] / factor * ramp + plain[i] * (1 - ramp);
        }
        return same(out, yarnMagnitude(factor), Math.max(context, stretched(original, factor)));
    }

    /// The pair, as a fraction, that turns `rotations` times in the original context.
    private double corrected(double rotations, int original) {
        if (rotations <= 0) throw p.fault("beta_fast", "and beta_slow have to be above 0");
        if (theta == 1) throw new ModelException(c.file() + ": rope_theta 1 turns every pair alike; correct it");
        return columns * Math.log(original / (rotations * 2 * Math.PI)) / (2 * Math.log(theta));
    }

    private double yarnMagnitude(double factor) {
        var said = p.optDouble("attention_factor");
        if (said.isPresent()) return said.getAsDouble();
        double m = p.optDouble("mscale").orElse(0), all = p.optDouble("mscale_all_dim").orElse(0);
        return m != 0 && all != 0 ? mscale(factor, m) / mscale(factor, all) : mscale(factor, 1);
    }

    private static double mscale(double factor, double m) {
        return factor <= 1 ? 1 : 0.1 * m * Math.log(factor) + 1;
    }

    /// Ding et al. 2024: every pair has a factor of its own, one list within the original context, one beyond.
    private Rope longrope() {
        int original = original();
        var factor = p.optDouble("factor").orElse((double) context / original);
        var magnitude = p.optDouble("attention_factor").orElse(factor <= 1 ? 1
            : Math.sqrt(1 + Math.log(factor) / Math.log(original)));
        return new Rope("longrope", theta, eachDivided("short_factor"), magnitude, context,
            new Beyond.Other(eachDivided("long_factor"), original));
    }

    private double[] eachDivided(String key) {
        var factors = p.numbers(key);
        if (factors.size() != plain.length)
            throw p.fault(key, "has " + factors.size() + " numbers for " + plain.length + " pairs");
        var out = plain.clone();
        for (int i = 0; i < out.length; i++) {
            if (factors.get(i) <= 0) throw p.fault(key, "has a factor that is not above 0");
            out[i] /= factors.get(i);
        }
        return out;
    }

    /// The context that the model was trained on before it was stretched.
    private int original() {
        c.requireNoNull(ORIGINAL);
        return c.optInt(ORIGINAL).orElseGet(() -> p.optInt(ORIGINAL).orElse(context));
    }

    /// Llama 3.1: wavelengths beyond the original context are stretched by `factor`, short ones kept, those between
    /// blended.
    private double[] llama3() {
        double factor = factor(), low = p.requireDouble("low_freq_factor"), high = p.requireDouble("high_freq_factor");
        c.requireNoNull(ORIGINAL);
        var original = c.has(ORIGINAL) ? c.requireInt(ORIGINAL) : p.requireInt(ORIGINAL);
        if (low <= 0) throw p.fault("low_freq_factor", "is not above 0");
        if (high <= low) throw p.fault("high_freq_factor", "is not above low_freq_factor");
        var out = new double[plain.length];
        for (int i = 0; i < out.length; i++) {
            var wavelength = 2 * Math.PI / plain[i];
            var blend = (original / wavelength - low) / (high - low);
            out[i] = wavelength < original / high ? plain[i]
                   : wavelength > original / low  ? plain[i] / factor
                   : (1 - blend) * plain[i] / factor + blend * plain[i];
        }
        return out;
    }
}
