package clew.training;

import clew.engine.kernel.Heads;
import clew.engine.kernel.Kernels;
import clew.engine.tensor.Storage;
import clew.engine.tensor.Tensor;

/// `−(1/n) Σ_r log p[r, label r]`, `p = softmax(logits)`, over n rows.
///
/// @param loss in nats per token
/// @param seed ∂loss/∂logits `= (p − 1[label])/n`, `[n, V]`
public record CrossEntropy(double loss, Tensor seed) {
    /// @throws IllegalArgumentException if there is no row, or not one label for each
    public static CrossEntropy of(Kernels k, Tensor logits, int[] labels) {
        int n = logits.rows(), V = logits.cols();
        if (n == 0 || labels.length != n)
            throw new IllegalArgumentException("cross-entropy: " + labels.length + " labels for logits "
                + logits.shape() + ": every row needs one, and there must be a row");
        var p = k.softmax(logits, new Heads(1, 1, 1, 1, V, Integer.MAX_VALUE), 1);      // every row sees all V
        var seed = k.scale(p, 1.0 / n);
        var loss = 0.0;
        for (int r = 0; r < n; r++) {
            var at = r * V + labels[r];
            loss -= Math.log(Math.max(p.get(at), Double.MIN_NORMAL));
            switch (seed.storage()) {
                case Storage.Floats(var g)  -> g[at] -= (float) (1.0 / n);
                case Storage.Doubles(var g) -> g[at] -= 1.0 / n;
                case Storage.Mapped _, Storage.Coded _, Storage.Remote _ -> throw new IllegalArgumentException(
                    "cross-entropy needs a device whose results lie in arrays: simd or scalar");
            }
        }
        return new CrossEntropy(loss / n, seed);
    }
}
