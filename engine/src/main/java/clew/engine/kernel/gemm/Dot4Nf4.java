package clew.engine.kernel.gemm;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// Four rows of whole blocks of NF4, `step` bytes apart, each times x, decoded in registers.
///
/// A vector of bytes holds the codes of two vectors of elements, half a block apart; the scale is applied to the sum of
/// their products. Two rows at a time: four are more than the compiler inlines (NodeCountInliningCutoff), and take
/// twice as long.
final class Dot4Nf4 {
    private static final VectorSpecies<Float> S = Tiles.SPECIES;
    private static final int HALF = 32;

    private Dot4Nf4() {}

    /// @param scales of the rows' blocks, row r from `r · scaleStep` on
    static void run(MemorySegment w, long o, long step, float[] scales, int scaleStep, int blocks,
                    float[] x, int xo, float[] out) {
        two(w, o, step, scales, 0, scaleStep, blocks, x, xo, out, 0);
        two(w, o + 2 * step, step, scales, 2 * scaleStep, scaleStep, blocks, x, xo, out, 2);
    }

    private static void two(MemorySegment w, long o, long step, float[] scales, int so, int scaleStep, int blocks,
                            float[] x, int xo, float[] out, int to) {
        IntVector low = WidenNf4.low(), high = WidenNf4.high();
        var s0 = FloatVector.zero(S);
        var s1 = FloatVector.zero(S);
        for (int i = 0; i < blocks * HALF; i += S.length()) {
            int b = i / HALF, at = xo + b * HALF + i;              // element i % 32 of block b, whose first is 64·b
            var v = FloatVector.fromArray(S, x, at);
            var u = FloatVector.fromArray(S, x, at + HALF);
            s0 = dot(w, o + i, v, u, low, high).fma(FloatVector.broadcast(S, scales[so + b]), s0);
            s1 = dot(w, o + step + i, v, u, low, high).fma(FloatVector.broadcast(S, scales[so + scaleStep + b]), s1);
        }
        out[to] = LaneSum.of(s0);
        out[to + 1] = LaneSum.of(s1);
    }

    private static FloatVector dot(MemorySegment w, long at, FloatVector v, FloatVector u, IntVector low,
                                   IntVector high) {
        var codes = WidenNf4.codes(w, at);
        var first = WidenNf4.level(codes, low, high).mul(v);
        return WidenNf4.level(codes.lanewise(VectorOperators.LSHR, 4), low, high).fma(u, first);
    }
}
