package clew.attribution.analysis;

/// How far an empirical covariance S is drawn towards a multiple of the identity: `(1 − α) S + α μ I`, `μ = tr S / D`.
public sealed interface Shrinkage {
    /// α as given, of the rows as they are.
    record Fixed(double alpha) implements Shrinkage {
        public Fixed {
            if (!(alpha >= 0 && alpha <= 1))
                throw new IllegalArgumentException("shrinkage is from 0 to 1, not " + alpha);
        }
    }

    /// α by Ledoit & Wolf's formula, of the standardised rows (scikit-learn's `auto`).
    record LedoitWolf() implements Shrinkage {}
}
