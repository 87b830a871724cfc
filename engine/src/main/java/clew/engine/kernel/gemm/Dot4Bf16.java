package clew.engine.kernel.gemm;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// Four mapped rows of bf16, `step` bytes apart, each times x, widened in registers.
final class Dot4Bf16 {
    private static final VectorSpecies<Float> S = Tiles.SPECIES;

    private Dot4Bf16() {}

    static void run(MemorySegment w, long o, long step, float[] x, int xo, int k, float[] out) {
        var s0 = FloatVector.zero(S);
        var s1 = FloatVector.zero(S);
        var s2 = FloatVector.zero(S);
        var s3 = FloatVector.zero(S);
        int i = 0;
        for (; i + S.length() <= k; i += S.length()) {
            var v = FloatVector.fromArray(S, x, xo + i);
            s0 = WidenBf16.widen(w, o + 2L * i).fma(v, s0);
            s1 = WidenBf16.widen(w, o + step + 2L * i).fma(v, s1);
            s2 = WidenBf16.widen(w, o + 2 * step + 2L * i).fma(v, s2);
            s3 = WidenBf16.widen(w, o + 3 * step + 2L * i).fma(v, s3);
        }
        out[0] = LaneSum.of(s0);
        out[1] = LaneSum.of(s1);
        out[2] = LaneSum.of(s2);
        out[3] = LaneSum.of(s3);
        for (; i < k; i++) {
            out[0] = Math.fma(WidenBf16.one(w, o + 2L * i), x[xo + i], out[0]);
            out[1] = Math.fma(WidenBf16.one(w, o + step + 2L * i), x[xo + i], out[1]);
            out[2] = Math.fma(WidenBf16.one(w, o + 2 * step + 2L * i), x[xo + i], out[2]);
            out[3] = Math.fma(WidenBf16.one(w, o + 3 * step + 2L * i), x[xo + i], out[3]);
        }
    }
}
