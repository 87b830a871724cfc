package clew.engine.kernel.gemm;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// [Tile12x2] that with every step brings a vector of mapped weights into scratch, for tiles to come.
///
/// The vectors come from [#ROWS] rows in turn, so that each row is a stream that the processor fetches ahead, and one
/// read slowly enough for the lines to arrive in time. What a load still waits for is computed away as far as the
/// processor looks ahead. The copy must not hang on a condition: with one inside the loop C2 boxes the sums.
final class Tile12x2Ahead {
    /// Rows of W that vectors come from in turn.
    static final int ROWS = 8;

    private static final VectorSpecies<Float> S = Tiles.SPECIES;
    private static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;
    private static final int L = Tiles.LANES;
    private static final int A = Tiles.STRIDE;

    private Tile12x2Ahead() {}

    /// The next vector is the one of row `row` and column `col`, counted in vectors, of the `cols` of eight rows of W;
    /// it begins at byte `at`, the rows lie `ws` bytes apart. It goes to `to[t …]`; the next panel lies `panel` floats
    /// on, the next eight rows right behind these.
    static void run(float[] a, int ao, float[] b, int bo, int k, float[] f, int fo, int fs,
                    float[] c, int co, int cs,
                    MemorySegment w, long at, long ws, int row, int col, int cols, float[] to, int t, int panel) {
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
        long right = 4 * L - ROWS * ws, back = ROWS * ws - 4L * cols * L;
        int up = 2 * L * ROWS, forth = up - cols / 2 * panel;
        for (int i = 0; i < k; i++) {
            FloatVector.fromMemorySegment(S, w, at, LE).intoArray(to, t);
            at += ws;
            t += 2 * L;
            if (++row == ROWS) {
                row = 0;
                at += right;
                t += (col % 2 == 0 ? L : panel - L) - up;
                if (++col == cols) {
                    col = 0;
                    at += back;
                    t += forth;
                }
            }
            var b0 = FloatVector.fromArray(S, b, bo + i * 2 * L);
            var b1 = FloatVector.fromArray(S, b, bo + i * 2 * L + L);
            var x = FloatVector.broadcast(S, a[ao + i]);
            c0 = x.fma(b0, c0);
            d0 = x.fma(b1, d0);
            x = FloatVector.broadcast(S, a[ao + i + A]);
            c1 = x.fma(b0, c1);
            d1 = x.fma(b1, d1);
            x = FloatVector.broadcast(S, a[ao + i + 2 * A]);
            c2 = x.fma(b0, c2);
            d2 = x.fma(b1, d2);
            x = FloatVector.broadcast(S, a[ao + i + 3 * A]);
            c3 = x.fma(b0, c3);
            d3 = x.fma(b1, d3);
            x = FloatVector.broadcast(S, a[ao + i + 4 * A]);
            c4 = x.fma(b0, c4);
            d4 = x.fma(b1, d4);
            x = FloatVector.broadcast(S, a[ao + i + 5 * A]);
            c5 = x.fma(b0, c5);
            d5 = x.fma(b1, d5);
            x = FloatVector.broadcast(S, a[ao + i + 6 * A]);
            c6 = x.fma(b0, c6);
            d6 = x.fma(b1, d6);
            x = FloatVector.broadcast(S, a[ao + i + 7 * A]);
            c7 = x.fma(b0, c7);
            d7 = x.fma(b1, d7);
            x = FloatVector.broadcast(S, a[ao + i + 8 * A]);
            c8 = x.fma(b0, c8);
            d8 = x.fma(b1, d8);
            x = FloatVector.broadcast(S, a[ao + i + 9 * A]);
            c9 = x.fma(b0, c9);
            d9 = x.fma(b1, d9);
            x = FloatVector.broadcast(S, a[ao + i + 10 * A]);
            c10 = x.fma(b0, c10);
            d10 = x.fma(b1, d10);
            x = FloatVector.broadcast(S, a[ao + i + 11 * A]);
            c11 = x.fma(b0, c11);
            d11 = x.fma(b1, d11);
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
