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
        var loss = 0.0;
        for (int r = 0; r < n; r++) loss -= Math.log(Math.max(p.get(r * V + labels[r]), Double.MIN_NORMAL));
        toSeed(p, labels, n, V);
        return new CrossEntropy(loss / n, p);
    }

    /// `(p − 1[label])/n` in the place of p: a large array less.
    private static void toSeed(Tensor p, int[] labels, int n, int V) {
        var c = 1.0 / n;
        switch (p.storage()) {
            case Storage.Floats(var g)  -> {
                for (int i = 0; i < g.length; i++) g[i] *= (float) c;
                for (int r = 0; r < n; r++) g[r * V + labels[r]] -= (float) c;
            }
            case Storage.Doubles(var g) -> {
                for (int i = 0; i < g.length; i++) g[i] *= c;
                for (int r = 0; r < n; r++) g[r * V + labels[r]] -= c;
            }
            case Storage.Mapped _, Storage.Coded _, Storage.Remote _ -> throw new IllegalArgumentException(
                "cross-entropy needs a device whose results lie in arrays: simd or scalar");
        }
    }
}
