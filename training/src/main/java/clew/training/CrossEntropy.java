package clew.training;

import clew.engine.kernel.Heads;
import clew.engine.kernel.Kernels;
import clew.engine.tensor.Storage;
import clew.engine.tensor.Tensor;
import java.util.Arrays;

/// `−(1/n) Σ_r log p[r, label r]`, `p = softmax(logits)`, over the n rows that have a label.
///
/// @param loss  in nats per token
/// @param seed  ∂loss/∂logits `= (p − 1[label])/n`, zero in rows without a label, `[R, V]`
/// @param count n
public record CrossEntropy(double loss, Tensor seed, int count) {
    /// Marks a row without a label.
    public static final int NONE = -1;

    /// @throws IllegalArgumentException if no row has a label
    public static CrossEntropy of(Kernels k, Tensor logits, int[] labels) {
        var V = logits.cols();
        var n = 0;
        for (int label : labels) if (label != NONE) n++;
        if (n == 0) throw new IllegalArgumentException("cross-entropy: none of " + labels.length + " rows has a label");
        var p = k.softmax(logits, new Heads(1, 1, 1, 1, V, Integer.MAX_VALUE), 1);      // every row sees all V
        var seed = k.scale(p, 1.0 / n);
        var loss = 0.0;
        for (int r = 0; r < labels.length; r++) {
            if (labels[r] != NONE) loss -= Math.log(Math.max(p.get((long) r * V + labels[r]), Double.MIN_NORMAL));
            settle(seed, r * V, V, labels[r], 1.0 / n);
        }
        return new CrossEntropy(loss / n, seed, n);
    }

    /// Subtracts the label's share from a row of the seed just made, or clears the row.
    private static void settle(Tensor seed, int at, int V, int label, double share) {
        switch (seed.storage()) {
            case Storage.Floats(var g) -> {
                if (label == NONE) Arrays.fill(g, at, at + V, 0);
                else g[at + label] -= (float) share;
            }
            case Storage.Doubles(var g) -> {
                if (label == NONE) Arrays.fill(g, at, at + V, 0);
                else g[at + label] -= share;
            }
            case Storage.Mapped _ -> throw new IllegalStateException("a kernel's result lies in an array");
        }
    }
}
