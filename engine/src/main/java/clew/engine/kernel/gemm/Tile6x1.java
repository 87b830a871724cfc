package clew.engine.kernel.gemm;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// `C[r, ·] += Σᵢ A[r, i] · B[i, ·]` for six rows × one vector of C; see [Tile6x4].
final class Tile6x1 {
    private static final VectorSpecies<Float> S = Tiles.SPECIES;
    private static final int L = S.length();

    private Tile6x1() {}

    static void run(float[] a, int ao, int ars, int aks, float[] b, int bo, int bs, int k, float[] c, int co, int cs) {
        var c00 = FloatVector.fromArray(S, c, co);
        var c10 = FloatVector.fromArray(S, c, co + cs);
        var c20 = FloatVector.fromArray(S, c, co + 2 * cs);
        var c30 = FloatVector.fromArray(S, c, co + 3 * cs);
        var c40 = FloatVector.fromArray(S, c, co + 4 * cs);
        var c50 = FloatVector.fromArray(S, c, co + 5 * cs);
        for (int i = 0; i < k; i++) {
            var b0 = FloatVector.fromArray(S, b, bo);
            var w = FloatVector.broadcast(S, a[ao]);
            c00 = w.fma(b0, c00);
            w = FloatVector.broadcast(S, a[ao + ars]);
            c10 = w.fma(b0, c10);
            w = FloatVector.broadcast(S, a[ao + 2 * ars]);
            c20 = w.fma(b0, c20);
            w = FloatVector.broadcast(S, a[ao + 3 * ars]);
            c30 = w.fma(b0, c30);
            w = FloatVector.broadcast(S, a[ao + 4 * ars]);
            c40 = w.fma(b0, c40);
            w = FloatVector.broadcast(S, a[ao + 5 * ars]);
            c50 = w.fma(b0, c50);
            ao += aks;
            bo += bs;
        }
        c00.intoArray(c, co);
        c10.intoArray(c, co + cs);
        c20.intoArray(c, co + 2 * cs);
        c30.intoArray(c, co + 3 * cs);
        c40.intoArray(c, co + 4 * cs);
        c50.intoArray(c, co + 5 * cs);
    }
}
