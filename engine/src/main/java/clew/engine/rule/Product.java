package clew.engine.rule;

/// What a product `y = a · b` does with its cotangent.
public enum Product {
    /// Both factors move: the product rule of calculus, `g_a = g·b`, `g_b = g·a`.
    MOVE,
    /// Both factors take half: `g_a = ½ g·b`, `g_b = ½ g·a` — AttnLRP eq. 14 (uniform rule).
    SHARE,
    /// The controlling factor (gate, scale, pattern) is held, the other takes all.
    FREEZE,
    /// Each factor takes its difference times the mean of the other: `Δy = ½(b + b′) Δa + ½(a + a′) Δb`, nothing left.
    /// The second half of a batch is what the first is compared with.
    RESCALE;

    /// The factor on the cotangent of the operand that is always reached.
    public double share() {
        return this == SHARE ? 0.5 : 1;
    }
}
