package clew.app;

import clew.model.LogitFilter;
import clew.model.LogitFilter.MinP;
import clew.model.LogitFilter.RepetitionPenalty;
import clew.model.LogitFilter.Temperature;
import clew.model.LogitFilter.TopK;
import clew.model.LogitFilter.TopP;
import clew.model.LogitFilter.Typical;
import clew.model.Sampler;
import clew.weights.Config;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/// How tokens are to be chosen, as far as someone said so. The rest is as generation_config.json says, and else as in
/// Hugging Face's `generate`: the likeliest token, or, once anything about drawing is said, a draw at temperature 1
/// from the 50 likeliest.
record Sampling(OptionalDouble temperature, OptionalInt topK, OptionalDouble topP, OptionalDouble minP,
    OptionalDouble repetitionPenalty, OptionalInt seed) {
    private static final int USUAL_TOP_K = 50;

    static Sampling of(Given given) {
        var penalty = given.real(Key.REPETITION_PENALTY, 0, Given.MOST);
        if (penalty.isPresent() && penalty.getAsDouble() == 0)
            throw new UsageException(given.name(Key.REPETITION_PENALTY) + " is a number above 0; 1 changes nothing");
        return new Sampling(given.real(Key.TEMPERATURE, 0, Given.MOST),
            given.number(Key.TOP_K_SAMPLING, 0, Integer.MAX_VALUE), given.real(Key.TOP_P, 0, 1),
            given.real(Key.MIN_P, 0, 1), penalty, given.number(Key.SEED, 0, Integer.MAX_VALUE));
    }

    /// Whether a draw is asked for or declined: by the temperature 0.
    private Optional<Boolean> draws() {
        if (temperature.isPresent() && temperature.getAsDouble() == 0) return Optional.of(false);
        return temperature.isPresent() || topK.isPresent() || topP.isPresent() || minP.isPresent()
            ? Optional.of(true) : Optional.empty();
    }

    /// With what the model's own file says.
    ///
    /// @param barriers what may not come
    /// @throws clew.weights.WeightsException if that file says what cannot be
    Sampler with(Optional<Config> file, List<LogitFilter> barriers) {
        var tau = said(temperature, file, "temperature");
        var draws = draws().orElse(file.map(c -> c.flag("do_sample", false)).orElse(false));
        if (draws && tau.isPresent() && tau.getAsDouble() <= 0 && file.isPresent())
            throw file.get().fault("temperature", "is none to draw with, and a draw is asked for; --temperature 0 takes"
                + " the likeliest token instead");
        try {
            return sampler(file, barriers, tau.orElse(1), draws);
        } catch (IllegalArgumentException e) {
            throw file.orElseThrow(() -> e).fault("do_sample", "cannot be done, for " + e.getMessage());
        }
    }

    private Sampler sampler(Optional<Config> file, List<LogitFilter> barriers, double tau, boolean draws) {
        var filters = new ArrayList<LogitFilter>();
        var penalty = said(repetitionPenalty, file, "repetition_penalty").orElse(1);
        if (penalty != 1) filters.add(new RepetitionPenalty(penalty));
        filters.addAll(barriers);
        if (!draws) return new Sampler(filters, new Sampler.Choice.Best());
        if (tau != 1) filters.add(new Temperature(tau));
        var k = topK.orElseGet(() -> file.filter(c -> c.has("top_k")).map(c -> OwnSettings.count(c, "top_k").orElse(0))
            .orElse(USUAL_TOP_K));
        if (k != 0) filters.add(new TopK(k));
        var p = said(topP, file, "top_p").orElse(1);
        if (p != 1) filters.add(new TopP(p));
        var least = said(minP, file, "min_p").orElse(0);
        if (least != 0) filters.add(new MinP(least));
        var typical = said(OptionalDouble.empty(), file, "typical_p").orElse(1);
        if (typical != 1) filters.add(new Typical(typical));
        return new Sampler(filters, new Sampler.Choice.Draw(seed.orElse(0)));
    }

    private static OptionalDouble said(OptionalDouble given, Optional<Config> file, String name) {
        return given.isPresent() || file.isEmpty() ? given : file.get().optDouble(name);
    }
}
