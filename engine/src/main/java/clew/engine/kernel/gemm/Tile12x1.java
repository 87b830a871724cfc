package clew.engine.kernel.gemm;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// [Tile12x2] for twelve rows × one vector of C, B's rows one vector apart.
final class Tile12x1 {
    private static final VectorSpecies<Float> S = Tiles.SPECIES;
    private static final int L = Tiles.LANES;
    private static final int A = Tiles.STRIDE;

    private Tile12x1() {}

    static void run(float[] a, int ao, float[] b, int bo, int k, float[] f, int fo, int fs,
                    float[] c, int co, int cs) {
        var c0 = FloatVector.fromArray(S, f, fo);
        var c1 = FloatVector.fromArray(S, f, fo + fs);
        var c2 = FloatVector.fromArray(S, f, fo + 2 * fs);
        var c3 = FloatVector.fromArray(S, f, fo + 3 * fs);
        var c4 = FloatVector.fromArray(S, f, fo + 4 * fs);
        var c5 = FloatVector.fromArray(S, f, fo + 5 * fs);
        var c6 = FloatVector.fromArray(S, f, fo + 6 * fs);
        var c7 = FloatVector.fromArray(S, f, fo + 7 * fs);
        var c8 = FloatVector.fromArray(S, f, fo + 8 * fs);
        var c9 = FloatVector.fromArray(S, f, fo + 9 * fs);
        var c10 = FloatVector.fromArray(S, f, fo + 10 * fs);
        var c11 = FloatVector.fromArray(S, f, fo + 11 * fs);
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
            w = FloatVector.broadcast(S, a[ao + i + 4 * A]);
            c4 = w.fma(b0, c4);
            w = FloatVector.broadcast(S, a[ao + i + 5 * A]);
            c5 = w.fma(b0, c5);
            w = FloatVector.broadcast(S, a[ao + i + 6 * A]);
            c6 = w.fma(b0, c6);
            w = FloatVector.broadcast(S, a[ao + i + 7 * A]);
            c7 = w.fma(b0, c7);
            w = FloatVector.broadcast(S, a[ao + i + 8 * A]);
            c8 = w.fma(b0, c8);
            w = FloatVector.broadcast(S, a[ao + i + 9 * A]);
            c9 = w.fma(b0, c9);
            w = FloatVector.broadcast(S, a[ao + i + 10 * A]);
            c10 = w.fma(b0, c10);
            w = FloatVector.broadcast(S, a[ao + i + 11 * A]);
            c11 = w.fma(b0, c11);
        }
        c0.intoArray(c, co);
        c1.intoArray(c, co + cs);
        c2.intoArray(c, co + 2 * cs);
        c3.intoArray(c, co + 3 * cs);
        c4.intoArray(c, co + 4 * cs);
        c5.intoArray(c, co + 5 * cs);
        c6.intoArray(c, co + 6 * cs);
        c7.intoArray(c, co + 7 * cs);
        c8.intoArray(c, co + 8 * cs);
        c9.intoArray(c, co + 9 * cs);
        c10.intoArray(c, co + 10 * cs);
        c11.intoArray(c, co + 11 * cs);
    }
}
