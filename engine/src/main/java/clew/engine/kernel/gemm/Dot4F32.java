package clew.engine.kernel.gemm;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// Four mapped rows of f32, `step` bytes apart, each times x: four streams keep the memory busy.
final class Dot4F32 {
    private static final VectorSpecies<Float> S = Tiles.SPECIES;
    private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private Dot4F32() {}

    static void run(MemorySegment w, long o, long step, float[] x, int xo, int k, float[] out) {
        var s0 = FloatVector.zero(S);
        var s1 = FloatVector.zero(S);
        var s2 = FloatVector.zero(S);
        var s3 = FloatVector.zero(S);
        int i = 0;
        for (; i + S.length() <= k; i += S.length()) {
            var v = FloatVector.fromArray(S, x, xo + i);
            s0 = FloatVector.fromMemorySegment(S, w, o + 4L * i, ByteOrder.LITTLE_ENDIAN).fma(v, s0);
            s1 = FloatVector.fromMemorySegment(S, w, o + step + 4L * i, ByteOrder.LITTLE_ENDIAN).fma(v, s1);
            s2 = FloatVector.fromMemorySegment(S, w, o + 2 * step + 4L * i, ByteOrder.LITTLE_ENDIAN).fma(v, s2);
            s3 = FloatVector.fromMemorySegment(S, w, o + 3 * step + 4L * i, ByteOrder.LITTLE_ENDIAN).fma(v, s3);
        }
        out[0] = LaneSum.of(s0);
        out[1] = LaneSum.of(s1);
        out[2] = LaneSum.of(s2);
        out[3] = LaneSum.of(s3);
        for (; i < k; i++) {
            out[0] = Math.fma(w.get(F32, o + 4L * i), x[xo + i], out[0]);
            out[1] = Math.fma(w.get(F32, o + step + 4L * i), x[xo + i], out[1]);
            out[2] = Math.fma(w.get(F32, o + 2 * step + 4L * i), x[xo + i], out[2]);
            out[3] = Math.fma(w.get(F32, o + 3 * step + 4L * i), x[xo + i], out[3]);
        }
    }
}
