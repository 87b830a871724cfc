package clew.engine.kernel.gemm;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/// `Σ v[i]` over the lanes of a vector, halves added until one is left: lane i takes i + L/2, then i + L/4, …, i + 1.
///
/// The Vector API leaves the order of `reduceLanes(ADD)` open: the interpreter adds lane after lane, compiled code by
/// halves. A sum that has been interpreted at first and compiled later would then change its last bits on the way.
final class LaneSum {
    private static final VectorSpecies<Float> S = Tiles.SPECIES;
    private static final int L = S.length();
    private static final VectorShuffle<Float> BY32 = turn(32), BY16 = turn(16), BY8 = turn(8);
    private static final VectorShuffle<Float> BY4 = turn(4), BY2 = turn(2), BY1 = turn(1);

    private LaneSum() {}

    static float of(FloatVector v) {
        if (L >= 64) v = v.add(v.rearrange(BY32));
        if (L >= 32) v = v.add(v.rearrange(BY16));
        if (L >= 16) v = v.add(v.rearrange(BY8));
        if (L >= 8)  v = v.add(v.rearrange(BY4));
        if (L >= 4)  v = v.add(v.rearrange(BY2));
        return v.add(v.rearrange(BY1)).lane(0);
    }

    /// Lane i takes lane i + by, wrapping around.
    private static VectorShuffle<Float> turn(int by) {
        return VectorShuffle.fromOp(S, i -> (i + by) % L);
    }
}
