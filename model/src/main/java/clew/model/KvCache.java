package clew.model;

import clew.engine.kernel.Kernels;
import clew.engine.tensor.Tensor;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Keys and values of the positions already run, layer by layer: what generation does not compute again.
///
/// Each lies in a tensor with spare rows that doubles when it is full, so a token costs its own rows and no copy.
final class KvCache implements Past {
    private final @Nullable Tensor[] keys;
    private final @Nullable Tensor[] values;
    private int length;

    KvCache(int layers) {
        keys = new @Nullable Tensor[layers];
        values = new @Nullable Tensor[layers];
    }

    @Override
    public int length() {
        return length;
    }

    /// The pass over `tokens` more positions is done.
    void ran(int tokens) {
        length += tokens;
    }

    @Override
    public boolean holds() {
        return true;
    }

    /// Maybe with spare rows behind.
    @Override
    public Tensor keys(int layer, Tensor rows, Kernels k) {
        return extend(keys, layer, rows, k);
    }

    @Override
    public Tensor values(int layer, Tensor rows, Kernels k) {
        return extend(values, layer, rows, k);
    }

    private Tensor extend(@Nullable Tensor[] held, int layer, Tensor rows, Kernels k) {
        var before = held[layer];
        if (before == null) return held[layer] = rows;
        var end = length + rows.rows();
        if (end > before.rows())
            before = k.placeRows(before, IntStream.range(0, before.rows()).toArray(), Math.max(end, 2 * before.rows()));
        k.overwriteRows(before, length, rows);
        return held[layer] = before;
    }
}
