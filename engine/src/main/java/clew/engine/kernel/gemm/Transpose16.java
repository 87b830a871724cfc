package clew.engine.kernel.gemm;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/// `to[c, r] = from[r, c]` for 16 × 16 floats in sixteen registers: four rounds, each of which exchanges half of
/// every vector.
///
/// In the round of distance d, rows r and r+d swap the lanes that differ in bit d: both are turned by d lanes, and a
/// blend
/// takes from each what the other needs.
final class Transpose16 {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_512;
    private static final VectorMask<Float> M1 = upper(1), M2 = upper(2), M4 = upper(4), M8 = upper(8);
    private static final VectorShuffle<Float> X1 = turn(1), X2 = turn(2), X4 = turn(4), X8 = turn(8);

    private Transpose16() {}

    /// Lanes whose number has bit d.
    private static VectorMask<Float> upper(int d) {
        var bits = 0L;
        for (int i = 0; i < 16; i++) if ((i & d) != 0) bits |= 1L << i;
        return VectorMask.fromLong(S, bits);
    }

    /// Lane i from lane i with bit d changed.
    private static VectorShuffle<Float> turn(int d) {
        return VectorShuffle.fromOp(S, i -> i ^ d);
    }

    static void run(float[] from, int o, int os, float[] to, int at, int ts) {
        var v0 = FloatVector.fromArray(S, from, o);
        var v1 = FloatVector.fromArray(S, from, o + os);
        var v2 = FloatVector.fromArray(S, from, o + 2 * os);
        var v3 = FloatVector.fromArray(S, from, o + 3 * os);
        var v4 = FloatVector.fromArray(S, from, o + 4 * os);
        var v5 = FloatVector.fromArray(S, from, o + 5 * os);
        var v6 = FloatVector.fromArray(S, from, o + 6 * os);
        var v7 = FloatVector.fromArray(S, from, o + 7 * os);
        var v8 = FloatVector.fromArray(S, from, o + 8 * os);
        var v9 = FloatVector.fromArray(S, from, o + 9 * os);
        var v10 = FloatVector.fromArray(S, from, o + 10 * os);
        var v11 = FloatVector.fromArray(S, from, o + 11 * os);
        var v12 = FloatVector.fromArray(S, from, o + 12 * os);
        var v13 = FloatVector.fromArray(S, from, o + 13 * os);
        var v14 = FloatVector.fromArray(S, from, o + 14 * os);
        var v15 = FloatVector.fromArray(S, from, o + 15 * os);
        // lanes that differ in bit 1
        var t = v0;
        v0 = t.blend(v1.rearrange(X1), M1);
        v1 = t.rearrange(X1).blend(v1, M1);
        t = v2;
        v2 = t.blend(v3.rearrange(X1), M1);
        v3 = t.rearrange(X1).blend(v3, M1);
        t = v4;
        v4 = t.blend(v5.rearrange(X1), M1);
        v5 = t.rearrange(X1).blend(v5, M1);
        t = v6;
        v6 = t.blend(v7.rearrange(X1), M1);
        v7 = t.rearrange(X1).blend(v7, M1);
        t = v8;
        v8 = t.blend(v9.rearrange(X1), M1);
        v9 = t.rearrange(X1).blend(v9, M1);
        t = v10;
        v10 = t.blend(v11.rearrange(X1), M1);
        v11 = t.rearrange(X1).blend(v11, M1);
        t = v12;
        v12 = t.blend(v13.rearrange(X1), M1);
        v13 = t.rearrange(X1).blend(v13, M1);
        t = v14;
        v14 = t.blend(v15.rearrange(X1), M1);
        v15 = t.rearrange(X1).blend(v15, M1);
        // lanes that differ in bit 2
        t = v0;
        v0 = t.blend(v2.rearrange(X2), M2);
        v2 = t.rearrange(X2).blend(v2, M2);
        t = v1;
        v1 = t.blend(v3.rearrange(X2), M2);
        v3 = t.rearrange(X2).blend(v3, M2);
        t = v4;
        v4 = t.blend(v6.rearrange(X2), M2);
        v6 = t.rearrange(X2).blend(v6, M2);
        t = v5;
        v5 = t.blend(v7.rearrange(X2), M2);
        v7 = t.rearrange(X2).blend(v7, M2);
        t = v8;
        v8 = t.blend(v10.rearrange(X2), M2);
        v10 = t.rearrange(X2).blend(v10, M2);
        t = v9;
        v9 = t.blend(v11.rearrange(X2), M2);
        v11 = t.rearrange(X2).blend(v11, M2);
        t = v12;
        v12 = t.blend(v14.rearrange(X2), M2);
        v14 = t.rearrange(X2).blend(v14, M2);
        t = v13;
        v13 = t.blend(v15.rearrange(X2), M2);
        v15 = t.rearrange(X2).blend(v15, M2);
        // lanes that differ in bit 4
        t = v0;
        v0 = t.blend(v4.rearrange(X4), M4);
        v4 = t.rearrange(X4).blend(v4, M4);
        t = v1;
        v1 = t.blend(v5.rearrange(X4), M4);
        v5 = t.rearrange(X4).blend(v5, M4);
        t = v2;
        v2 = t.blend(v6.rearrange(X4), M4);
        v6 = t.rearrange(X4).blend(v6, M4);
        t = v3;
        v3 = t.blend(v7.rearrange(X4), M4);
        v7 = t.rearrange(X4).blend(v7, M4);
        t = v8;
        v8 = t.blend(v12.rearrange(X4), M4);
        v12 = t.rearrange(X4).blend(v12, M4);
        t = v9;
        v9 = t.blend(v13.rearrange(X4), M4);
        v13 = t.rearrange(X4).blend(v13, M4);
        t = v10;
        v10 = t.blend(v14.rearrange(X4), M4);
        v14 = t.rearrange(X4).blend(v14, M4);
        t = v11;
        v11 = t.blend(v15.rearrange(X4), M4);
        v15 = t.rearrange(X4).blend(v15, M4);
        // lanes that differ in bit 8
        t = v0;
        v0 = t.blend(v8.rearrange(X8), M8);
        v8 = t.rearrange(X8).blend(v8, M8);
        t = v1;
        v1 = t.blend(v9.rearrange(X8), M8);
        v9 = t.rearrange(X8).blend(v9, M8);
        t = v2;
        v2 = t.blend(v10.rearrange(X8), M8);
        v10 = t.rearrange(X8).blend(v10, M8);
        t = v3;
        v3 = t.blend(v11.rearrange(X8), M8);
        v11 = t.rearrange(X8).blend(v11, M8);
        t = v4;
        v4 = t.blend(v12.rearrange(X8), M8);
        v12 = t.rearrange(X8).blend(v12, M8);
        t = v5;
        v5 = t.blend(v13.rearrange(X8), M8);
        v13 = t.rearrange(X8).blend(v13, M8);
        t = v6;
        v6 = t.blend(v14.rearrange(X8), M8);
        v14 = t.rearrange(X8).blend(v14, M8);
        t = v7;
        v7 = t.blend(v15.rearrange(X8), M8);
        v15 = t.rearrange(X8).blend(v15, M8);
        v0.intoArray(to, at);
        v1.intoArray(to, at + ts);
        v2.intoArray(to, at + 2 * ts);
        v3.intoArray(to, at + 3 * ts);
        v4.intoArray(to, at + 4 * ts);
        v5.intoArray(to, at + 5 * ts);
        v6.intoArray(to, at + 6 * ts);
        v7.intoArray(to, at + 7 * ts);
        v8.intoArray(to, at + 8 * ts);
        v9.intoArray(to, at + 9 * ts);
        v10.intoArray(to, at + 10 * ts);
        v11.intoArray(to, at + 11 * ts);
        v12.intoArray(to, at + 12 * ts);
        v13.intoArray(to, at + 13 * ts);
        v14.intoArray(to, at + 14 * ts);
        v15.intoArray(to, at + 15 * ts);
    }
}
