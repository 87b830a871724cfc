package clew.engine.op;

import clew.engine.kernel.Heads;
import clew.engine.tape.Value;
import clew.engine.tensor.Tensor;

/// Shape checks at the door of an op that its kernels do not make, each with both shapes in its message.
final class Door {
    private Door() {}

    /// x holds whole sequences of `tokens` rows, each row `heads` vectors of `width`; returns how many sequences.
    static int sequences(String name, Value x, int tokens, int heads, int width) {
        if (x.cols() != heads * width || tokens < 1 || x.rows() % tokens != 0)
            throw new IllegalArgumentException(name + " " + x.tensor().shape() + " does not hold whole sequences of "
                + tokens + " rows of [" + heads + ", " + width + "]");
        return x.rows() / tokens;
    }

    /// x holds the keys or values of as many sequences as there are of queries. Behind those of a single sequence that
    /// has fewer queries there may be spare rows: a cache with room.
    static void keys(String name, String names, int sequences, Value x, Heads heads) {
        var cache = sequences == 1 && heads.queries() < heads.keys() && x.rows() >= heads.keys()
            && x.cols() == heads.kvHeads() * heads.width();
        if (!cache) agree(names, sequences, sequences(name, x, heads.keys(), heads.kvHeads(), heads.width()));
    }

    /// p holds the patterns of whole sequences, `[B·H·queries, keys]`; returns B.
    static int patterns(String name, Value p, Heads heads) {
        return sequences(name, p, heads.heads() * heads.queries(), 1, heads.keys());
    }

    static void agree(String names, int a, int b) {
        if (a != b)
            throw new IllegalArgumentException("attention: " + names + " hold " + a + " and " + b + " sequences");
    }

    /// Every index is a row of `rows`.
    static void within(String op, int[] index, Tensor rows) {
        for (int i : index)
            if (i < 0 || i >= rows.rows())
                throw new IllegalArgumentException(
                    op + ": row " + i + " of " + rows.shape() + ": rows are 0…" + (rows.rows() - 1));
    }
}
