package clew.engine.kernel.gemm;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// Four rows of whole blocks of int8, `step` bytes apart, each times x, decoded in registers, two vectors of elements
/// at a time; the scale is applied to the sum of their products.
final class Dot4Int8 {
    private static final VectorSpecies<Float> S = Tiles.SPECIES;
    private static final int L = S.length();
    private static final int BLOCK = 64;

    private Dot4Int8() {}

    /// @param scales of the rows' blocks, row r from `r · scaleStep` on
    static void run(MemorySegment w, long o, long step, float[] scales, int scaleStep, int blocks,
                    float[] x, int xo, float[] out) {
        var s0 = FloatVector.zero(S);
        var s1 = FloatVector.zero(S);
        var s2 = FloatVector.zero(S);
        var s3 = FloatVector.zero(S);
        for (int i = 0; i < blocks * BLOCK; i += 2 * L) {
            var b = i / BLOCK;
            var v = FloatVector.fromArray(S, x, xo + i);
            var u = FloatVector.fromArray(S, x, xo + i + L);
            s0 = dot(w, o + i, v, u).fma(FloatVector.broadcast(S, scales[b]), s0);
            s1 = dot(w, o + step + i, v, u).fma(FloatVector.broadcast(S, scales[b + scaleStep]), s1);
            s2 = dot(w, o + 2 * step + i, v, u).fma(FloatVector.broadcast(S, scales[b + 2 * scaleStep]), s2);
            s3 = dot(w, o + 3 * step + i, v, u).fma(FloatVector.broadcast(S, scales[b + 3 * scaleStep]), s3);
        }
        out[0] = LaneSum.of(s0);
        out[1] = LaneSum.of(s1);
        out[2] = LaneSum.of(s2);
        out[3] = LaneSum.of(s3);
    }

    private static FloatVector dot(MemorySegment w, long at, FloatVector v, FloatVector u) {
        return WidenInt8.level(w, at + L).fma(u, WidenInt8.level(w, at).mul(v));
    }
}
