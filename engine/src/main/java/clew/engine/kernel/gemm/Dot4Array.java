package clew.engine.kernel.gemm;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// Four rows of an array, `step` elements apart, each times x: `out[r] = Σᵢ w[o + r·step + i] · x[xo + i]`.
final class Dot4Array {
    private static final VectorSpecies<Float> S = Tiles.SPECIES;

    private Dot4Array() {}

    static void run(float[] w, int o, int step, float[] x, int xo, int k, float[] out) {
        var s0 = FloatVector.zero(S);
        var s1 = FloatVector.zero(S);
        var s2 = FloatVector.zero(S);
        var s3 = FloatVector.zero(S);
        int i = 0;
        for (; i + S.length() <= k; i += S.length()) {
            var v = FloatVector.fromArray(S, x, xo + i);
            s0 = FloatVector.fromArray(S, w, o + i).fma(v, s0);
            s1 = FloatVector.fromArray(S, w, o + step + i).fma(v, s1);
            s2 = FloatVector.fromArray(S, w, o + 2 * step + i).fma(v, s2);
            s3 = FloatVector.fromArray(S, w, o + 3 * step + i).fma(v, s3);
        }
        out[0] = LaneSum.of(s0);
        out[1] = LaneSum.of(s1);
        out[2] = LaneSum.of(s2);
        out[3] = LaneSum.of(s3);
        for (; i < k; i++) {
            out[0] = Math.fma(w[o + i], x[xo + i], out[0]);
            out[1] = Math.fma(w[o + step + i], x[xo + i], out[1]);
            out[2] = Math.fma(w[o + 2 * step + i], x[xo + i], out[2]);
            out[3] = Math.fma(w[o + 3 * step + i], x[xo + i], out[3]);
        }
    }
}
