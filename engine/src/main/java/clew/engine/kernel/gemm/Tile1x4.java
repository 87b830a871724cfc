package clew.engine.kernel.gemm;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// `C[r, ·] += Σᵢ A[r, i] · B[i, ·]` for one row × four vectors of C; see [Tile6x4].
final class Tile1x4 {
    private static final VectorSpecies<Float> S = Tiles.SPECIES;
    private static final int L = S.length();

    private Tile1x4() {}

    static void run(float[] a, int ao, int aks, float[] b, int bo, int bs, int k, float[] c, int co) {
        var c00 = FloatVector.fromArray(S, c, co);
        var c01 = FloatVector.fromArray(S, c, co + L);
        var c02 = FloatVector.fromArray(S, c, co + 2 * L);
        var c03 = FloatVector.fromArray(S, c, co + 3 * L);
        for (int i = 0; i < k; i++) {
            var b0 = FloatVector.fromArray(S, b, bo);
            var b1 = FloatVector.fromArray(S, b, bo + L);
            var b2 = FloatVector.fromArray(S, b, bo + 2 * L);
            var b3 = FloatVector.fromArray(S, b, bo + 3 * L);
            var w = FloatVector.broadcast(S, a[ao]);
            c00 = w.fma(b0, c00);
            c01 = w.fma(b1, c01);
            c02 = w.fma(b2, c02);
            c03 = w.fma(b3, c03);
            ao += aks;
            bo += bs;
        }
        c00.intoArray(c, co);
        c01.intoArray(c, co + L);
        c02.intoArray(c, co + 2 * L);
        c03.intoArray(c, co + 3 * L);
    }
}
