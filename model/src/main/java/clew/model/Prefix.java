package clew.model;

import clew.engine.kernel.Kernels;
import clew.engine.tensor.Tensor;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Keys and values of sequences that have been run: what other sequences that begin alike need not compute again.
///
/// Never written to, so that any number of passes may go on from it. [LanguageModel#remember] makes one.
public final class Prefix {
    private final @Nullable Tensor[] keys;                                // per layer [B·length, K·d]
    private final @Nullable Tensor[] values;
    private final int sequences;
    private final int length;

    private Prefix(@Nullable Tensor[] keys, @Nullable Tensor[] values, int sequences, int length) {
        this.keys = keys;
        this.values = values;
        this.sequences = sequences;
        this.length = length;
    }

    /// One sequence of nothing.
    static Prefix empty(int layers) {
        return new Prefix(new @Nullable Tensor[layers], new @Nullable Tensor[layers], 1, 0);
    }

    public int sequences() {
        return sequences;
    }

    /// Positions of every sequence.
    public int length() {
        return length;
    }

    /// The first `count` positions of every sequence: in a causal model what stands behind them does not matter.
    public Prefix first(int count, Kernels k) {
        Objects.checkIndex(count, length + 1);
        if (count == length) return this;
        if (count == 0) return empty(keys.length);
        var rows = IntStream.range(0, sequences * count).map(i -> i / count * length + i % count).toArray();
        return new Prefix(rows(keys, rows, k), rows(values, rows, k), sequences, count);
    }

    private static @Nullable Tensor[] rows(@Nullable Tensor[] of, int[] rows, Kernels k) {
        var out = new @Nullable Tensor[of.length];
        for (int l = 0; l < of.length; l++) out[l] = k.selectRows(Objects.requireNonNull(of[l]), rows);
        return out;
    }

    /// A pass that goes on from a prefix: sequence b behind sequence `from[b]` of it.
    static final class Continued implements Past {
        private final Prefix prefix;
        private final int[] index;                                        // rows of the prefix, then of the pass
        private final @Nullable Tensor[] keys;
        private final @Nullable Tensor[] values;
        private final int tokens;
        private final boolean kept;

        /// @param kept whether what the pass comes to hold is asked for afterwards
        Continued(Prefix prefix, int[] from, int tokens, boolean kept) {
            this.prefix = prefix;
            this.tokens = tokens;
            this.kept = kept;
            this.keys = new @Nullable Tensor[prefix.keys.length];
            this.values = new @Nullable Tensor[prefix.keys.length];
            int past = prefix.length, all = past + tokens, held = prefix.sequences * past;
            index = new int[from.length * all];
            for (int i = 0; i < index.length; i++) {
                int b = i / all, t = i % all;
                index[i] = t < past ? from[b] * past + t : held + b * tokens + t - past;
            }
        }

        @Override
        public int length() {
            return prefix.length;
        }

        @Override
        public boolean holds() {
            return kept;
        }

        @Override
        public Tensor keys(int layer, Tensor rows, Kernels k) {
            return joined(prefix.keys, keys, layer, rows, k);
        }

        @Override
        public Tensor values(int layer, Tensor rows, Kernels k) {
            return joined(prefix.values, values, layer, rows, k);
        }

        private Tensor joined(@Nullable Tensor[] before, @Nullable Tensor[] after, int layer, Tensor rows, Kernels k) {
            var all = joined(before[layer], rows, k);
            if (kept) after[layer] = all;
            return all;
        }

        private Tensor joined(@Nullable Tensor past, Tensor rows, Kernels k) {
            if (past == null) return rows;
            var held = k.placeRows(past, IntStream.range(0, past.rows()).toArray(), past.rows() + rows.rows());
            k.overwriteRows(held, past.rows(), rows);
            return k.selectRows(held, index);
        }

        /// What the pass has come to hold, if that is kept.
        Prefix prefix() {
            return new Prefix(keys, values, index.length / (prefix.length + tokens), prefix.length + tokens);
        }
    }
}
