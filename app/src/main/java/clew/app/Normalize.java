package clew.app;

import java.util.Arrays;
import java.util.Locale;

/// How the scores of a target are scaled for comparison; all become 0 where there is nothing to divide by.
enum Normalize {
    /// `s`: raw.
    NONE,
    /// `s / max |s|`: the strongest token is 1 or −1.
    ABSMAX,
    /// `(s − min) / (max − min)`: from 0 to 1.
    MINMAX,
    /// `s / Σ |s|`: shares; they keep their signs.
    SUM;

    /// The name on the command line.
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The scores of one target, scaled, in a new array.
    double[] of(double[] scores) {
        var low = this == MINMAX ? Arrays.stream(scores).min().orElse(0) : 0;
        var span = switch (this) {
            case NONE   -> 1;
            case ABSMAX -> Arrays.stream(scores).map(Math::abs).max().orElse(0);
            case MINMAX -> Arrays.stream(scores).max().orElse(0) - low;
            case SUM    -> Arrays.stream(scores).map(Math::abs).sum();
        };
        return Arrays.stream(scores).map(s -> span == 0 ? 0 : (s - low) / span).toArray();
    }
}
