package clew.engine.kernel.gemm;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// `C[r, ·] += Σᵢ A[r, i] · B[i, ·]` for six rows × two vectors of C; see [Tile6x4].
final class Tile6x2 {
    private static final VectorSpecies<Float> S = Tiles.SPECIES;
    private static final int L = S.length();

    private Tile6x2() {}

    static void run(float[] a, int ao, int ars, int aks, float[] b, int bo, int bs, int k, float[] c, int co, int cs) {
        var c00 = FloatVector.fromArray(S, c, co);
        var c01 = FloatVector.fromArray(S, c, co + L);
        var c10 = FloatVector.fromArray(S, c, co + cs);
        var c11 = FloatVector.fromArray(S, c, co + cs + L);
        var c20 = FloatVector.fromArray(S, c, co + 2 * cs);
        var c21 = FloatVector.fromArray(S, c, co + 2 * cs + L);
        var c30 = FloatVector.fromArray(S, c, co + 3 * cs);
        var c31 = FloatVector.fromArray(S, c, co + 3 * cs + L);
        var c40 = FloatVector.fromArray(S, c, co + 4 * cs);
        var c41 = FloatVector.fromArray(S, c, co + 4 * cs + L);
        var c50 = FloatVector.fromArray(S, c, co + 5 * cs);
        var c51 = FloatVector.fromArray(S, c, co + 5 * cs + L);
        for (int i = 0; i < k; i++) {
            var b0 = FloatVector.fromArray(S, b, bo);
            var b1 = FloatVector.fromArray(S, b, bo + L);
            var w = FloatVector.broadcast(S, a[ao]);
            c00 = w.fma(b0, c00);
            c01 = w.fma(b1, c01);
            w = FloatVector.broadcast(S, a[ao + ars]);
            c10 = w.fma(b0, c10);
            c11 = w.fma(b1, c11);
            w = FloatVector.broadcast(S, a[ao + 2 * ars]);
            c20 = w.fma(b0, c20);
            c21 = w.fma(b1, c21);
            w = FloatVector.broadcast(S, a[ao + 3 * ars]);
            c30 = w.fma(b0, c30);
            c31 = w.fma(b1, c31);
            w = FloatVector.broadcast(S, a[ao + 4 * ars]);
            c40 = w.fma(b0, c40);
            c41 = w.fma(b1, c41);
            w = FloatVector.broadcast(S, a[ao + 5 * ars]);
            c50 = w.fma(b0, c50);
            c51 = w.fma(b1, c51);
            ao += aks;
            bo += bs;
        }
        c00.intoArray(c, co);
        c01.intoArray(c, co + L);
        c10.intoArray(c, co + cs);
        c11.intoArray(c, co + cs + L);
        c20.intoArray(c, co + 2 * cs);
        c21.intoArray(c, co + 2 * cs + L);
        c30.intoArray(c, co + 3 * cs);
        c31.intoArray(c, co + 3 * cs + L);
        c40.intoArray(c, co + 4 * cs);
        c41.intoArray(c, co + 4 * cs + L);
        c50.intoArray(c, co + 5 * cs);
        c51.intoArray(c, co + 5 * cs + L);
    }
}
