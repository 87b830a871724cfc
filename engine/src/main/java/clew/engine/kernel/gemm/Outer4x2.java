package clew.engine.kernel.gemm;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// [Outer12x2] for four rows × two vectors of C.
final class Outer4x2 {
    private static final VectorSpecies<Float> S = Tiles.SPECIES;
    private static final int L = Tiles.LANES;

    private Outer4x2() {}

    static void run(float[] a, int ao, int as, float[] b, int bo, int bs, int k, float[] f, int fo, int fs,
                    float[] c, int co, int cs) {
        var c0 = FloatVector.fromArray(S, f, fo);
        var d0 = FloatVector.fromArray(S, f, fo + L);
        var c1 = FloatVector.fromArray(S, f, fo + fs);
        var d1 = FloatVector.fromArray(S, f, fo + fs + L);
        var c2 = FloatVector.fromArray(S, f, fo + 2 * fs);
        var d2 = FloatVector.fromArray(S, f, fo + 2 * fs + L);
        var c3 = FloatVector.fromArray(S, f, fo + 3 * fs);
        var d3 = FloatVector.fromArray(S, f, fo + 3 * fs + L);
        for (int i = 0; i < k; i++) {
            var b0 = FloatVector.fromArray(S, b, bo + i * bs);
            var b1 = FloatVector.fromArray(S, b, bo + i * bs + L);
            var w = FloatVector.broadcast(S, a[ao + i * as]);
            c0 = w.fma(b0, c0);
            d0 = w.fma(b1, d0);
            w = FloatVector.broadcast(S, a[ao + i * as + 1]);
            c1 = w.fma(b0, c1);
            d1 = w.fma(b1, d1);
            w = FloatVector.broadcast(S, a[ao + i * as + 2]);
            c2 = w.fma(b0, c2);
            d2 = w.fma(b1, d2);
            w = FloatVector.broadcast(S, a[ao + i * as + 3]);
            c3 = w.fma(b0, c3);
            d3 = w.fma(b1, d3);
        }
        c0.intoArray(c, co);
        d0.intoArray(c, co + L);
        c1.intoArray(c, co + cs);
        d1.intoArray(c, co + cs + L);
        c2.intoArray(c, co + 2 * cs);
        d2.intoArray(c, co + 2 * cs + L);
        c3.intoArray(c, co + 3 * cs);
        d3.intoArray(c, co + 3 * cs + L);
    }
}
