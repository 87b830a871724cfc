package clew.model;

/// The angles of rotary positions: position t turns pair i by `t · frequencies[i]` — Su et al. 2021.
///
/// @param kind               as config.json names it: `default`, `linear`, `dynamic`, `yarn`, `longrope`, `llama3`
/// @param inverseFrequencies `θ^(−2i/c)`, rescaled as the kind says; half of the columns that turn
/// @param magnitude          what turned heads are multiplied by; 1 but for yarn and longrope
/// @param positions          the longest sequence that the configuration makes room for
/// @param beyond             what becomes of the frequencies in longer sequences
public record Rope(String kind, double theta, double[] inverseFrequencies, double magnitude, int positions,
                   Beyond beyond) {
    /// What becomes of the frequencies where a sequence passes the context that the model was trained on.
    public sealed interface Beyond {
        /// Nothing.
        record Same() implements Beyond {}

        /// θ grows with the length: `θ' = θ·(factor·T/context − (factor − 1))^(c/(c−2))` — dynamic NTK.
        record Growing(double factor, int context) implements Beyond {}

        /// Other frequencies — LongRoPE, Ding et al. 2024.
        record Other(double[] inverseFrequencies, int context) implements Beyond {}
    }

    /// The frequencies for a sequence of `length` tokens.
    public double[] frequencies(int length) {
        return switch (beyond) {
            case Beyond.Same _ -> inverseFrequencies;
            case Beyond.Growing(double factor, int context) -> length <= context ? inverseFrequencies
                : plain(grown(factor * length / context - (factor - 1)), 2 * inverseFrequencies.length);
            case Beyond.Other(double[] others, int context) -> length <= context ? inverseFrequencies : others;
        };
    }

    private double grown(double by) {
        double c = 2.0 * inverseFrequencies.length;
        return theta * Math.pow(by, c / (c - 2));
    }

    /// `θ^(−2i/c)` for the pairs of c columns.
    static double[] plain(double theta, int columns) {
        var out = new double[columns / 2];
        for (int i = 0; i < out.length; i++) out[i] = Math.pow(theta, -2.0 * i / columns);
        return out;
    }
}
