package clew.model;

import clew.engine.kernel.Kernels;
import clew.engine.tensor.Tensor;

/// Keys and values of positions that need not be run again.
interface Past {
    /// Positions held, of every sequence.
    int length();

    /// Whether it holds on to what it is given and hands out, for passes to come.
    boolean holds();

    /// The layer's keys with new rows behind them, `[B·(past + T), K·d]`.
    Tensor keys(int layer, Tensor rows, Kernels k);

    /// The layer's values, the same way.
    Tensor values(int layer, Tensor rows, Kernels k);
}
