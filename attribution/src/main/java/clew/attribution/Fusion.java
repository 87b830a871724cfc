package clew.attribution;

import java.util.Locale;

/// How the attention heads of a layer become one matrix.
public enum Fusion {
    MEAN, MAX, MIN;

    /// The name on the command line.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
