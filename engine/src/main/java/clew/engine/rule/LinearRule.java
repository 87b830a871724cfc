package clew.engine.rule;

/// How a linear layer `z = W x + b` hands relevance to its inputs; the arithmetic stands in `clew.engine.op.Linear`.
///
/// Stabiliser of all rules: `δ(z) = z + ε·sign(z)`, `sign(0) = +1`.
public sealed interface LinearRule {
    /// LRP-0, which is the gradient: `g_x = Wᵀ g` — Bach et al. 2015.
    record Zero() implements LinearRule {
        @Override
        public String toString() {
            return "LRP-0";
        }
    }

    /// LRP-ε: `g_x = Wᵀ (g · z/δ(z))` — Bach et al. 2015, eq. 58.
    record Epsilon(double eps) implements LinearRule {
        public Epsilon {
            requireEps(eps);
        }

        @Override
        public String toString() {
            return "LRP-ε(" + eps + ")";
        }
    }

    /// Generalised LRP-γ, for inputs of either sign: outputs with z > 0 favour positive contributions by `1 + γ`,
    /// outputs with z < 0 negative ones — Montavon et al. 2019 and its signed form in Zennit.
    record Gamma(double gamma, double eps) implements LinearRule {
        public Gamma {
            if (!(gamma >= 0 && gamma < Double.POSITIVE_INFINITY))
                throw new IllegalArgumentException("LRP-γ: γ must be ≥ 0 and finite, not " + gamma);
            requireEps(eps);
        }

        @Override
        public String toString() {
            return "LRP-γ(" + gamma + ")";
        }
    }

    /// LRP-αβ, `α − β = 1`: positive and negative contributions are normalised apart — Bach et al. 2015, eq. 60.
    /// α = 1, β = 0 is the z⁺ rule.
    record AlphaBeta(double alpha, double beta, double eps) implements LinearRule {
        public AlphaBeta {
            if (!(Math.abs(alpha - beta - 1) <= 1e-12 && beta >= 0))
                throw new IllegalArgumentException(
                    "LRP-αβ: α − β must be 1 and β ≥ 0, not α = " + alpha + ", β = " + beta);
            requireEps(eps);
        }

        @Override
        public String toString() {
            return beta == 0 ? "z⁺" : "LRP-αβ(" + alpha + ", " + beta + ")";
        }
    }

    private static void requireEps(double eps) {
        if (!(eps >= 0 && eps < Double.POSITIVE_INFINITY))
            throw new IllegalArgumentException("linear rule: ε must be ≥ 0 and finite, not " + eps);
    }
}
