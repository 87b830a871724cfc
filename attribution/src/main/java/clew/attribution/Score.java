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
    ENTROPY,
    /// `−KL(q ‖ p) = Σ q (log p − log q)` of the whole row, in nats; q is the row as the prompt is. It is 0 there and
    /// falls as soon as the distribution moves, so that what is missed most has the largest score.
    KL;

    /// Whether it belongs to a row and not to a token of it.
    public boolean ofRow() {
        return this == ENTROPY || this == KL;
    }

    /// The name on the command line.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
