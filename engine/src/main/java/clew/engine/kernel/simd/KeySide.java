package clew.engine.kernel.simd;

import clew.engine.kernel.Heads;
import clew.engine.kernel.Workers;
import clew.engine.kernel.simd.Strip.Coefficients;
import clew.engine.kernel.simd.Strip.Slice;
import java.util.Arrays;

/// The side of `c · q kᵀ` that many queries share: keys transposed where enough queries repay the copy, else as they
/// lie.
///
/// @param data   keys `[B·stride, K·d]`, or `c · k` as `[B, K, d, stride]`
/// @param stride rows from one sequence to the next, or keys of one sequence filled up
record KeySide(AttentionLoops loops, float[] data, float c, int stride, Form form) {
    /// Fewer queries for each key than this do not repay a transposed copy of the keys.
    private static final int FEW = 8;

    enum Form { AS_THEY_LIE, TRANSPOSED }

    /// @param queries   how many there are, of all seeds and sequences
    /// @param sequences B
    static KeySide of(Workers workers, Arena arena, Heads heads, float[] keys, float c, long queries, int sequences) {
        var loops = new AttentionLoops(heads);
        if (queries * heads.heads() < (long) FEW * heads.kvHeads() * sequences) {
            var rows = keys.length / (heads.kvHeads() * heads.width());
            return new KeySide(loops, keys, c, sequences == 1 ? rows : heads.keys(), Form.AS_THEY_LIE);
        }
        // One line more than it takes: with 1024 keys a column would otherwise fall into one set of the cache.
        var stride = Lanes.roundUp(heads.keys()) + 16;
        var data = arena.any(Math.multiplyExact(sequences * heads.kvHeads(), heads.width()), stride);
        transpose(workers, heads, keys, c, data, stride, sequences);
        return new KeySide(loops, data, c, stride, Form.TRANSPOSED);
    }

    /// `s[r,j]` of `count` queries from query i of a sequence on; row r of `queries` begins at `at + r·wide` of a.
    void score(float[] a, int at, Slice out, int sequence, int h, int i, int count) {
        var heads = loops.heads();
        int wide = heads.heads() * heads.width(), kv = heads.kv(h), d = heads.width();
        switch (form) {
            case TRANSPOSED  -> loops.score(new Coefficients(a, at, wide, 1),
                new Slice(data, (sequence * heads.kvHeads() + kv) * d * stride, stride), out, i, count);
            case AS_THEY_LIE -> loops.scoreByRow(new Slice(a, at, wide),
                new Slice(data, (sequence * stride * heads.kvHeads() + kv) * d, heads.kvHeads() * d), c, out, i, count);
        }
    }

    /// `b[j,k,d]` as `[B, K, d, stride]`, times c; zeros behind the keys.
    private static void transpose(Workers workers, Heads heads, float[] b, float c, float[] bt, int stride,
                                  int sequences) {
        int d = heads.width(), keys = heads.keys(), K = heads.kvHeads();
        Chunks.rows(workers, sequences * K, keys * d, (from, to) -> {
            for (int block = from; block < to; block++) {
                var at = block / K * keys * K * d + block % K * d;
                for (int j = 0; j < keys; j++) scatter(b, at + j * K * d, c, d, bt, block * d * stride + j, stride);
            }
            for (int column = from * d; column < to * d; column++)
                Arrays.fill(bt, column * stride + keys, (column + 1) * stride, 0);
        });
    }

    private static void scatter(float[] from, int at, float c, int count, float[] to, int first, int step) {
        for (int i = 0; i < count; i++) to[first + i * step] = c * from[at + i];
    }
}
