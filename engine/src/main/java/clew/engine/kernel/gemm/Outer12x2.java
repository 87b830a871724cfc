package clew.engine.kernel.gemm;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// `C[r, ·] = F[r, ·] + Σᵢ A[i, r] · B[i, ·]` for twelve rows × two vectors of C, all read where they lie.
///
/// `A[i, r]` is `a[ao + i·as + r]`, `B[i, ·]` starts at `b[bo + i·bs]`, `F[r, ·]` at `f[fo + r·fs]` and `C[r, ·]` at
/// `c[co + r·cs]`; F may be C. The twelve broadcasts of a step come from one or two lines, and the next step's are far
/// enough ahead that even those of the third-level cache arrive in time. [Tile12x2] says why it is written like this.
final class Outer12x2 {
    private static final VectorSpecies<Float> S = Tiles.SPECIES;
    private static final int L = Tiles.LANES;

    private Outer12x2() {}

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
        var c4 = FloatVector.fromArray(S, f, fo + 4 * fs);
        var d4 = FloatVector.fromArray(S, f, fo + 4 * fs + L);
        var c5 = FloatVector.fromArray(S, f, fo + 5 * fs);
        var d5 = FloatVector.fromArray(S, f, fo + 5 * fs + L);
        var c6 = FloatVector.fromArray(S, f, fo + 6 * fs);
        var d6 = FloatVector.fromArray(S, f, fo + 6 * fs + L);
        var c7 = FloatVector.fromArray(S, f, fo + 7 * fs);
        var d7 = FloatVector.fromArray(S, f, fo + 7 * fs + L);
        var c8 = FloatVector.fromArray(S, f, fo + 8 * fs);
        var d8 = FloatVector.fromArray(S, f, fo + 8 * fs + L);
        var c9 = FloatVector.fromArray(S, f, fo + 9 * fs);
        var d9 = FloatVector.fromArray(S, f, fo + 9 * fs + L);
        var c10 = FloatVector.fromArray(S, f, fo + 10 * fs);
        var d10 = FloatVector.fromArray(S, f, fo + 10 * fs + L);
        var c11 = FloatVector.fromArray(S, f, fo + 11 * fs);
        var d11 = FloatVector.fromArray(S, f, fo + 11 * fs + L);
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
            w = FloatVector.broadcast(S, a[ao + i * as + 4]);
            c4 = w.fma(b0, c4);
            d4 = w.fma(b1, d4);
            w = FloatVector.broadcast(S, a[ao + i * as + 5]);
            c5 = w.fma(b0, c5);
            d5 = w.fma(b1, d5);
            w = FloatVector.broadcast(S, a[ao + i * as + 6]);
            c6 = w.fma(b0, c6);
            d6 = w.fma(b1, d6);
            w = FloatVector.broadcast(S, a[ao + i * as + 7]);
            c7 = w.fma(b0, c7);
            d7 = w.fma(b1, d7);
            w = FloatVector.broadcast(S, a[ao + i * as + 8]);
            c8 = w.fma(b0, c8);
            d8 = w.fma(b1, d8);
            w = FloatVector.broadcast(S, a[ao + i * as + 9]);
            c9 = w.fma(b0, c9);
            d9 = w.fma(b1, d9);
            w = FloatVector.broadcast(S, a[ao + i * as + 10]);
            c10 = w.fma(b0, c10);
            d10 = w.fma(b1, d10);
            w = FloatVector.broadcast(S, a[ao + i * as + 11]);
            c11 = w.fma(b0, c11);
            d11 = w.fma(b1, d11);
        }
        c0.intoArray(c, co);
        d0.intoArray(c, co + L);
        c1.intoArray(c, co + cs);
        d1.intoArray(c, co + cs + L);
        c2.intoArray(c, co + 2 * cs);
        d2.intoArray(c, co + 2 * cs + L);
        c3.intoArray(c, co + 3 * cs);
        d3.intoArray(c, co + 3 * cs + L);
        c4.intoArray(c, co + 4 * cs);
        d4.intoArray(c, co + 4 * cs + L);
        c5.intoArray(c, co + 5 * cs);
        d5.intoArray(c, co + 5 * cs + L);
        c6.intoArray(c, co + 6 * cs);
        d6.intoArray(c, co + 6 * cs + L);
        c7.intoArray(c, co + 7 * cs);
        d7.intoArray(c, co + 7 * cs + L);
        c8.intoArray(c, co + 8 * cs);
        d8.intoArray(c, co + 8 * cs + L);
        c9.intoArray(c, co + 9 * cs);
        d9.intoArray(c, co + 9 * cs + L);
        c10.intoArray(c, co + 10 * cs);
        d10.intoArray(c, co + 10 * cs + L);
        c11.intoArray(c, co + 11 * cs);
        d11.intoArray(c, co + 11 * cs + L);
    }
}
