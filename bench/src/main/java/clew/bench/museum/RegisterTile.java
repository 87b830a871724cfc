package clew.bench.museum;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;

import clew.bench.museum.Matmul.Size;
import clew.engine.kernel.Workers;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// Steps around a tile of outputs that stays in registers: six weights rows by two vectors of activations rows.
///
/// The weights are the operand that is broadcast, one number at a time as they lie; the activations are packed once as
/// `[K][2L]`, so that no lane is ever added to its neighbour. A block of K keeps both in the first-level cache.
final class RegisterTile {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int L = S.length(), ROWS = 6, COLS = 2 * L;

    private RegisterTile() {}

    static void unblocked(float[] x, float[] w, float[] y, Size s) {
        for (int m = 0; m < s.M(); m += COLS) strip(x, w, y, s, m, s.K());
    }

    static void blocked(float[] x, float[] w, float[] y, Size s) {
        for (int m = 0; m < s.M(); m += COLS) strip(x, w, y, s, m, 512);
    }

    /// Strips of y are shared out: each owns its rows of the result, so the threads' number changes no bit.
    static Matmul shared(Workers workers) {
        return (x, w, y, s) -> workers.forEach(Math.ceilDiv(s.M(), COLS), i -> strip(x, w, y, s, i * COLS, 512));
    }

    /// Rows `m … m+COLS−1` of y, K in blocks.
    private static void strip(float[] x, float[] w, float[] y, Size s, int m, int block) {
        int rows = Math.min(COLS, s.M() - m);
        float[] packed = new float[block * COLS], tile = new float[ROWS * COLS];
        for (int k = 0; k < s.K(); k += block) {
            int depth = Math.min(block, s.K() - k);
            for (int r = 0; r < rows; r++)
                for (int i = 0; i < depth; i++) packed[i * COLS + r] = x[(m + r) * s.K() + k + i];
            for (int n = 0; n < s.N(); n += ROWS) {
                int outs = Math.min(ROWS, s.N() - n);
                if (outs == ROWS) six(w, n * s.K() + k, s.K(), packed, depth, tile);
                else for (int o = 0; o < outs; o++) single(w, (n + o) * s.K() + k, packed, depth, tile, o);
                for (int r = 0; r < rows; r++)
                    for (int o = 0; o < outs; o++) y[(m + r) * s.N() + n + o] += tile[o * COLS + r];
            }
        }
    }

    private static void six(float[] w, int at, int K, float[] x, int depth, float[] tile) {
        FloatVector a0 = FloatVector.zero(S), b0 = a0, a1 = a0, b1 = a0, a2 = a0, b2 = a0;
        FloatVector a3 = a0, b3 = a0, a4 = a0, b4 = a0, a5 = a0, b5 = a0;
        for (int i = 0, p = at; i < depth; i++, p++) {
            FloatVector u = fromArray(S, x, i * COLS), v = fromArray(S, x, i * COLS + L);
            var c = broadcast(S, w[p]);
            a0 = c.fma(u, a0); b0 = c.fma(v, b0);
            c = broadcast(S, w[p + K]);
            a1 = c.fma(u, a1); b1 = c.fma(v, b1);
            c = broadcast(S, w[p + 2 * K]);
            a2 = c.fma(u, a2); b2 = c.fma(v, b2);
            c = broadcast(S, w[p + 3 * K]);
            a3 = c.fma(u, a3); b3 = c.fma(v, b3);
            c = broadcast(S, w[p + 4 * K]);
            a4 = c.fma(u, a4); b4 = c.fma(v, b4);
            c = broadcast(S, w[p + 5 * K]);
            a5 = c.fma(u, a5); b5 = c.fma(v, b5);
        }
        a0.intoArray(tile, 0);        b0.intoArray(tile, L);
        a1.intoArray(tile, COLS);     b1.intoArray(tile, COLS + L);
        a2.intoArray(tile, 2 * COLS); b2.intoArray(tile, 2 * COLS + L);
        a3.intoArray(tile, 3 * COLS); b3.intoArray(tile, 3 * COLS + L);
        a4.intoArray(tile, 4 * COLS); b4.intoArray(tile, 4 * COLS + L);
        a5.intoArray(tile, 5 * COLS); b5.intoArray(tile, 5 * COLS + L);
    }

    private static void single(float[] w, int at, float[] x, int depth, float[] tile, int row) {
        FloatVector a = FloatVector.zero(S), b = a;
        for (int i = 0; i < depth; i++) {
            var c = broadcast(S, w[at + i]);
            a = c.fma(fromArray(S, x, i * COLS), a);
            b = c.fma(fromArray(S, x, i * COLS + L), b);
        }
        a.intoArray(tile, row * COLS);
        b.intoArray(tile, row * COLS + L);
    }
}
