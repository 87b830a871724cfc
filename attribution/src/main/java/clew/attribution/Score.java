package clew.attribution;

import java.util.Locale;

/// Which scalar of a row of logits z is explained; p = softmax(z).
public enum Score {
    /// `z[t]`.
    LOGIT,
    /// `log p[t] = z[t] − log Σ exp z`.
    LOGPROB,
    /// `p[t]`.
    PROB,
    /// `−Σ p log p` of the whole row, in nats.
    ENTROPY;

    /// The name on the command line.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
