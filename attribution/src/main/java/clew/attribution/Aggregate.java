package clew.attribution;

import java.util.Locale;

/// How the features of a token become its one score.
public enum Aggregate {
    /// `Σ_d v[d]`.
    SUM,
    /// `√Σ_d v[d]²`.
    L2,
    /// `Σ_d |v[d]|`.
    L1;

    /// The name on the command line.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// `[T, D]` row-major to `[T]`.
    public double[] of(double[] features, int width) {
        var out = new double[features.length / width];
        for (int i = 0; i < features.length; i++)
            out[i / width] += switch (this) {
                case SUM -> features[i];
                case L2  -> features[i] * features[i];
                case L1  -> Math.abs(features[i]);
            };
        if (this == L2) for (int t = 0; t < out.length; t++) out[t] = Math.sqrt(out[t]);
        return out;
    }
}
