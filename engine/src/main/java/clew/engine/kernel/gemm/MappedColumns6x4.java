package clew.engine.kernel.gemm;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// Six rows × four vectors of C with mapped weights as B, read where they lie: `B[i, ·]` starts at byte `bo + i·bs`.
///
/// Otherwise as [Tile12x2]. Four vectors side by side take a whole stretch of a row at a time, from which the processor
/// fetches ahead; rows of a file lie on cache lines more often than Java's arrays do.
final class MappedColumns6x4 {
    private static final VectorSpecies<Float> S = Tiles.SPECIES;
    private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;
    private static final int L = Tiles.LANES;
    private static final int A = Tiles.STRIDE;
    private static final int C = 4 * L;

    private MappedColumns6x4() {}

    static void run(float[] a, int ao, MemorySegment b, long bo, long bs, int k, float[] c, int co) {
        var c00 = FloatVector.fromArray(S, c, co);
        var c01 = FloatVector.fromArray(S, c, co + L);
        var c02 = FloatVector.fromArray(S, c, co + 2 * L);
        var c03 = FloatVector.fromArray(S, c, co + 3 * L);
        var c10 = FloatVector.fromArray(S, c, co + C);
        var c11 = FloatVector.fromArray(S, c, co + C + L);
        var c12 = FloatVector.fromArray(S, c, co + C + 2 * L);
        var c13 = FloatVector.fromArray(S, c, co + C + 3 * L);
        var c20 = FloatVector.fromArray(S, c, co + 2 * C);
        var c21 = FloatVector.fromArray(S, c, co + 2 * C + L);
        var c22 = FloatVector.fromArray(S, c, co + 2 * C + 2 * L);
        var c23 = FloatVector.fromArray(S, c, co + 2 * C + 3 * L);
        var c30 = FloatVector.fromArray(S, c, co + 3 * C);
        var c31 = FloatVector.fromArray(S, c, co + 3 * C + L);
        var c32 = FloatVector.fromArray(S, c, co + 3 * C + 2 * L);
        var c33 = FloatVector.fromArray(S, c, co + 3 * C + 3 * L);
        var c40 = FloatVector.fromArray(S, c, co + 4 * C);
        var c41 = FloatVector.fromArray(S, c, co + 4 * C + L);
        var c42 = FloatVector.fromArray(S, c, co + 4 * C + 2 * L);
        var c43 = FloatVector.fromArray(S, c, co + 4 * C + 3 * L);
        var c50 = FloatVector.fromArray(S, c, co + 5 * C);
        var c51 = FloatVector.fromArray(S, c, co + 5 * C + L);
        var c52 = FloatVector.fromArray(S, c, co + 5 * C + 2 * L);
        var c53 = FloatVector.fromArray(S, c, co + 5 * C + 3 * L);
        for (int i = 0; i < k; i++, bo += bs) {
            var b0 = FloatVector.fromMemorySegment(S, b, bo, LE);
            var b1 = FloatVector.fromMemorySegment(S, b, bo + 4 * L, LE);
            var b2 = FloatVector.fromMemorySegment(S, b, bo + 8 * L, LE);
            var b3 = FloatVector.fromMemorySegment(S, b, bo + 12 * L, LE);
            var w = FloatVector.broadcast(S, a[ao + i]);
            c00 = w.fma(b0, c00);
            c01 = w.fma(b1, c01);
            c02 = w.fma(b2, c02);
            c03 = w.fma(b3, c03);
            w = FloatVector.broadcast(S, a[ao + i + A]);
            c10 = w.fma(b0, c10);
            c11 = w.fma(b1, c11);
            c12 = w.fma(b2, c12);
            c13 = w.fma(b3, c13);
            w = FloatVector.broadcast(S, a[ao + i + 2 * A]);
            c20 = w.fma(b0, c20);
            c21 = w.fma(b1, c21);
            c22 = w.fma(b2, c22);
            c23 = w.fma(b3, c23);
            w = FloatVector.broadcast(S, a[ao + i + 3 * A]);
            c30 = w.fma(b0, c30);
            c31 = w.fma(b1, c31);
            c32 = w.fma(b2, c32);
            c33 = w.fma(b3, c33);
            w = FloatVector.broadcast(S, a[ao + i + 4 * A]);
            c40 = w.fma(b0, c40);
            c41 = w.fma(b1, c41);
            c42 = w.fma(b2, c42);
            c43 = w.fma(b3, c43);
            w = FloatVector.broadcast(S, a[ao + i + 5 * A]);
            c50 = w.fma(b0, c50);
            c51 = w.fma(b1, c51);
            c52 = w.fma(b2, c52);
            c53 = w.fma(b3, c53);
        }
        c00.intoArray(c, co);
        c01.intoArray(c, co + L);
        c02.intoArray(c, co + 2 * L);
        c03.intoArray(c, co + 3 * L);
        c10.intoArray(c, co + C);
        c11.intoArray(c, co + C + L);
        c12.intoArray(c, co + C + 2 * L);
        c13.intoArray(c, co + C + 3 * L);
        c20.intoArray(c, co + 2 * C);
        c21.intoArray(c, co + 2 * C + L);
        c22.intoArray(c, co + 2 * C + 2 * L);
        c23.intoArray(c, co + 2 * C + 3 * L);
        c30.intoArray(c, co + 3 * C);
        c31.intoArray(c, co + 3 * C + L);
        c32.intoArray(c, co + 3 * C + 2 * L);
        c33.intoArray(c, co + 3 * C + 3 * L);
        c40.intoArray(c, co + 4 * C);
        c41.intoArray(c, co + 4 * C + L);
        c42.intoArray(c, co + 4 * C + 2 * L);
        c43.intoArray(c, co + 4 * C + 3 * L);
        c50.intoArray(c, co + 5 * C);
        c51.intoArray(c, co + 5 * C + L);
        c52.intoArray(c, co + 5 * C + 2 * L);
        c53.intoArray(c, co + 5 * C + 3 * L);
    }
}
