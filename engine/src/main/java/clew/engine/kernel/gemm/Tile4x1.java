package clew.engine.kernel.gemm;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// [Tile12x2] for four rows × one vector of C, B's rows one vector apart.
final class Tile4x1 {
    private static final VectorSpecies<Float> S = Tiles.SPECIES;
    private static final int L = Tiles.LANES;
    private static final int A = Tiles.STRIDE;

    private Tile4x1() {}

    static void run(float[] a, int ao, float[] b, int bo, int k, float[] f, int fo, int fs,
                    float[] c, int co, int cs) {
        var c0 = FloatVector.fromArray(S, f, fo);
        var c1 = FloatVector.fromArray(S, f, fo + fs);
        var c2 = FloatVector.fromArray(S, f, fo + 2 * fs);
        var c3 = FloatVector.fromArray(S, f, fo + 3 * fs);
        for (int i = 0; i < k; i++) {
            var b0 = FloatVector.fromArray(S, b, bo + i * L);
            var w = FloatVector.broadcast(S, a[ao + i]);
            c0 = w.fma(b0, c0);
            w = FloatVector.broadcast(S, a[ao + i + A]);
            c1 = w.fma(b0, c1);
            w = FloatVector.broadcast(S, a[ao + i + 2 * A]);
            c2 = w.fma(b0, c2);
            w = FloatVector.broadcast(S, a[ao + i + 3 * A]);
            c3 = w.fma(b0, c3);
        }
        c0.intoArray(c, co);
        c1.intoArray(c, co + cs);
        c2.intoArray(c, co + 2 * cs);
        c3.intoArray(c, co + 3 * cs);
    }
}
