package clew.attribution;

/// What an array of the goldens is, and so how near it must be: relative to its largest magnitude.
enum Kind {
    /// Token ids: equal.
    IDS,
    /// What the forward pass makes.
    FORWARD,
    /// Gradients and what is made of them.
    GRADIENT,
    /// Gradients of a peer that keeps its results as floats, whatever it computed in: half a unit in the last place.
    ROUNDED,
    /// Relevance of a peer that adds an ε of its own to every division.
    STABILISED,
    /// Relevance of LXT's explicit form, whose ε are 1e-8 to 1e-6 at every op.
    EXPLICIT;

    private static final double FLOAT_FORWARD = 2e-5;
    private static final double FLOAT_GRADIENT = 5e-5;

    /// @param precision of the peer: `f32` or `f64`
    double tolerance(Device device, String precision, String family) {
        var peer = precision.equals("f32");
        return switch (this) {
            case IDS        -> 0;
            case FORWARD    -> peer ? FLOAT_FORWARD : device.forward;
            case GRADIENT   -> peer ? FLOAT_GRADIENT : device.gradient;
            case ROUNDED    -> Math.max(0x1p-24, device.gradient);
            case STABILISED -> peer ? FLOAT_GRADIENT : device.stabilised;
            case EXPLICIT   -> family.equals("gpt2") ? 6e-4 : 1e-4;
        };
    }
}
