package clew.model;

import clew.engine.kernel.Kernels;
import clew.engine.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// Keys and values of the positions already run, layer by layer: what generation does not compute again.
final class KvCache {
    private final @Nullable Tensor[] keys;
    private final @Nullable Tensor[] values;

    KvCache(int layers) {
        keys = new @Nullable Tensor[layers];
        values = new @Nullable Tensor[layers];
    }

    /// Positions held.
    int length() {
        var last = values[values.length - 1];
        return last == null ? 0 : last.rows();
    }

    /// The layer's keys with new rows behind them, `[past + T, K·d]`.
    Tensor keys(int layer, Tensor rows, Kernels k) {
        return extend(keys, layer, rows, k);
    }

    Tensor values(int layer, Tensor rows, Kernels k) {
        return extend(values, layer, rows, k);
    }

    private static Tensor extend(@Nullable Tensor[] held, int layer, Tensor rows, Kernels k) {
        var before = held[layer];
        var all = before == null ? rows : k.concatRows(before, rows);
        held[layer] = all;
        return all;
    }
}
