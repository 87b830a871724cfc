package clew.engine.kernel;

/// Element-wise non-linearities of the form `y = x · gate(x)`.
public enum Activation {
    /// `x · Φ(x)`, Φ through erf — Hendrycks & Gimpel 2016.
    GELU,
    /// `x · ½(1 + tanh(√(2/π)(x + 0.044715 x³)))` — the form GPT-2 uses.
    GELU_NEW,
    /// `x · σ(x)` — Elfwing et al. 2017.
    SILU,
    /// `x · 1[x > 0]`.
    RELU,
    /// `tanh x = x · (tanh x / x)`.
    TANH;

    /// A curve of this function in float64: what every device's is near to.
    public double at(Curve curve, double x) {
        return Curves.at(this, curve, x);
    }

    /// Which curve of the function is meant.
    public enum Curve {
        /// `y(x)`.
        VALUE,
        /// `dy/dx`.
        SLOPE,
        /// `y(x) / x` in closed form: what the identity rule multiplies by (AttnLRP prop. 3.3), without a division.
        GATE
    }
}
