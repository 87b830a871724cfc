package clew.engine.kernel.gemm;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// Six rows × four vectors of C with mapped weights as A, read where they lie: `A[r, i]` is at byte `ao + r·ars + 4·i`.
///
/// Otherwise as [Tile12x2]; `B[i, ·]` starts at `b[bo + i·4L]`. Twelve rows would be twelve addresses, for which the
/// processor lacks the registers.
final class MappedRows6x4 {
    private static final VectorSpecies<Float> S = Tiles.SPECIES;
    private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int L = Tiles.LANES;

    private MappedRows6x4() {}

    static void run(MemorySegment a, long ao, long ars, float[] b, int bo, int k, float[] c, int co, int cs) {
        var c00 = FloatVector.fromArray(S, c, co);
        var c01 = FloatVector.fromArray(S, c, co + L);
        var c02 = FloatVector.fromArray(S, c, co + 2 * L);
        var c03 = FloatVector.fromArray(S, c, co + 3 * L);
        var c10 = FloatVector.fromArray(S, c, co + cs);
        var c11 = FloatVector.fromArray(S, c, co + cs + L);
        var c12 = FloatVector.fromArray(S, c, co + cs + 2 * L);
        var c13 = FloatVector.fromArray(S, c, co + cs + 3 * L);
        var c20 = FloatVector.fromArray(S, c, co + 2 * cs);
        var c21 = FloatVector.fromArray(S, c, co + 2 * cs + L);
        var c22 = FloatVector.fromArray(S, c, co + 2 * cs + 2 * L);
        var c23 = FloatVector.fromArray(S, c, co + 2 * cs + 3 * L);
        var c30 = FloatVector.fromArray(S, c, co + 3 * cs);
        var c31 = FloatVector.fromArray(S, c, co + 3 * cs + L);
        var c32 = FloatVector.fromArray(S, c, co + 3 * cs + 2 * L);
        var c33 = FloatVector.fromArray(S, c, co + 3 * cs + 3 * L);
        var c40 = FloatVector.fromArray(S, c, co + 4 * cs);
        var c41 = FloatVector.fromArray(S, c, co + 4 * cs + L);
        var c42 = FloatVector.fromArray(S, c, co + 4 * cs + 2 * L);
        var c43 = FloatVector.fromArray(S, c, co + 4 * cs + 3 * L);
        var c50 = FloatVector.fromArray(S, c, co + 5 * cs);
        var c51 = FloatVector.fromArray(S, c, co + 5 * cs + L);
        var c52 = FloatVector.fromArray(S, c, co + 5 * cs + 2 * L);
        var c53 = FloatVector.fromArray(S, c, co + 5 * cs + 3 * L);
        for (int i = 0; i < k; i++) {
            var at = ao + 4L * i;
            var b0 = FloatVector.fromArray(S, b, bo + i * 4 * L);
            var b1 = FloatVector.fromArray(S, b, bo + i * 4 * L + L);
            var b2 = FloatVector.fromArray(S, b, bo + i * 4 * L + 2 * L);
            var b3 = FloatVector.fromArray(S, b, bo + i * 4 * L + 3 * L);
            var w = FloatVector.broadcast(S, a.get(F32, at));
            c00 = w.fma(b0, c00);
            c01 = w.fma(b1, c01);
            c02 = w.fma(b2, c02);
            c03 = w.fma(b3, c03);
            w = FloatVector.broadcast(S, a.get(F32, at + ars));
            c10 = w.fma(b0, c10);
            c11 = w.fma(b1, c11);
            c12 = w.fma(b2, c12);
            c13 = w.fma(b3, c13);
            w = FloatVector.broadcast(S, a.get(F32, at + 2 * ars));
            c20 = w.fma(b0, c20);
            c21 = w.fma(b1, c21);
            c22 = w.fma(b2, c22);
            c23 = w.fma(b3, c23);
            w = FloatVector.broadcast(S, a.get(F32, at + 3 * ars));
            c30 = w.fma(b0, c30);
            c31 = w.fma(b1, c31);
            c32 = w.fma(b2, c32);
            c33 = w.fma(b3, c33);
            w = FloatVector.broadcast(S, a.get(F32, at + 4 * ars));
            c40 = w.fma(b0, c40);
            c41 = w.fma(b1, c41);
            c42 = w.fma(b2, c42);
            c43 = w.fma(b3, c43);
            w = FloatVector.broadcast(S, a.get(F32, at + 5 * ars));
            c50 = w.fma(b0, c50);
            c51 = w.fma(b1, c51);
            c52 = w.fma(b2, c52);
            c53 = w.fma(b3, c53);
        }
        c00.intoArray(c, co);
        c01.intoArray(c, co + L);
        c02.intoArray(c, co + 2 * L);
        c03.intoArray(c, co + 3 * L);
        c10.intoArray(c, co + cs);
        c11.intoArray(c, co + cs + L);
        c12.intoArray(c, co + cs + 2 * L);
        c13.intoArray(c, co + cs + 3 * L);
        c20.intoArray(c, co + 2 * cs);
        c21.intoArray(c, co + 2 * cs + L);
        c22.intoArray(c, co + 2 * cs + 2 * L);
        c23.intoArray(c, co + 2 * cs + 3 * L);
        c30.intoArray(c, co + 3 * cs);
        c31.intoArray(c, co + 3 * cs + L);
        c32.intoArray(c, co + 3 * cs + 2 * L);
        c33.intoArray(c, co + 3 * cs + 3 * L);
        c40.intoArray(c, co + 4 * cs);
        c41.intoArray(c, co + 4 * cs + L);
        c42.intoArray(c, co + 4 * cs + 2 * L);
        c43.intoArray(c, co + 4 * cs + 3 * L);
        c50.intoArray(c, co + 5 * cs);
        c51.intoArray(c, co + 5 * cs + L);
        c52.intoArray(c, co + 5 * cs + 2 * L);
        c53.intoArray(c, co + 5 * cs + 3 * L);
    }
}
