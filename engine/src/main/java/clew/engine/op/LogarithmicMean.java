package clew.engine.op;

/// `λ = (p − p′) / (log p − log p′)`, between p and p′: by how much a probability moves per unit of its logarithm.
public final class LogarithmicMean {
    private LogarithmicMean() {}

    /// Of `p = eᵃ` and `p′ = eᵇ`; p where they are equal, 0 where either is 0.
    public static double of(double a, double b) {
        var d = a == b ? 0 : Math.abs(a - b);                                       // −∞ is what an edit masks
        return Math.exp(Math.max(a, b)) * (d == 0 ? 1 : -Math.expm1(-d) / d);
    }
}
