package clew.engine.kernel.gemm;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// `C[r, ·] += Σᵢ A[r, i] · B[i, ·]` for one row × one vector of C; see [Tile6x4].
final class Tile1x1 {
    private static final VectorSpecies<Float> S = Tiles.SPECIES;
    private static final int L = S.length();

    private Tile1x1() {}

    static void run(float[] a, int ao, int aks, float[] b, int bo, int bs, int k, float[] c, int co) {
        var c00 = FloatVector.fromArray(S, c, co);
        for (int i = 0; i < k; i++) {
            var b0 = FloatVector.fromArray(S, b, bo);
            var w = FloatVector.broadcast(S, a[ao]);
            c00 = w.fma(b0, c00);
            ao += aks;
            bo += bs;
        }
        c00.intoArray(c, co);
    }
}
