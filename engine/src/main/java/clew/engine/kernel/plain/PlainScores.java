package clew.engine.kernel.plain;

import clew.engine.kernel.Heads;
import clew.engine.kernel.plain.PlainSums.Factors;
import clew.engine.kernel.plain.PlainSums.Lines;
import java.util.Arrays;

/// `s[j] = c · ⟨a, b[j]⟩` over the columns of a head: for many queries a chain over transposed `c·b`, for few queries a
/// chain per lane.
final class PlainScores {
    /// Fewer queries for each key than this do not repay a transposed copy of the keys.
    private static final int FEW = 8;

    private final Heads heads;
    private final float[] b;
    private final float c;
    private final boolean few;

    /// @param b       `[B·keys, K·d]`
    /// @param queries how many there are, of all seeds and sequences
    PlainScores(Heads heads, float[] b, float c, int sequences, long queries) {
        this.heads = heads;
        this.c = c;
        this.few = queries * heads.heads() < (long) FEW * heads.kvHeads() * sequences;
        this.b = few ? b : transposed(heads, b, c, sequences);
    }

    /// The first `seen` keys of a sequence for head h of a row of a, to `s[to …]`.
    void of(float[] a, int row, int sequence, int h, int seen, float[] s, int to) {
        int d = heads.width(), keys = heads.keys(), K = heads.kvHeads(), at = (row * heads.heads() + h) * d;
        if (few) {
            for (int j = 0; j < seen; j++)
                s[to + j] = c * byLanes(a, at, b, ((sequence * keys + j) * K + heads.kv(h)) * d, d);
            return;
        }
        Arrays.fill(s, to, to + seen, 0);
        var columns = new Lines(b, (sequence * K + heads.kv(h)) * d * keys, keys);
        PlainSums.add(new Factors(a, at, 1), columns, d, s, to, seen);
    }

    /// `[B, K, d, keys]`.
    private static float[] transposed(Heads heads, float[] b, float c, int sequences) {
        int d = heads.width(), keys = heads.keys(), K = heads.kvHeads(), at = 0;
        var bt = new float[Math.multiplyExact(sequences * K * d, keys)];
        for (int s = 0; s < sequences; s++)
            for (int column = 0; column < K * d; column++)
                for (int j = 0; j < keys; j++) bt[at++] = c * b[(s * keys + j) * K * d + column];
        return bt;
    }

    /// The last vector is filled up with zeros.
    private static float byLanes(float[] a, int at, float[] b, int bt, int d) {
        var lanes = new float[PlainLanes.L];
        for (int x = 0; x < d; x += lanes.length)
            for (int l = 0; l < lanes.length; l++)
                lanes[l] = x + l < d ? Math.fma(a[at + x + l], b[bt + x + l], lanes[l]) : 0f + lanes[l];
        return PlainLanes.total(lanes);
    }
}
