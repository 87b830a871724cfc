package clew.engine.kernel.simd;

import static clew.engine.kernel.simd.Lanes.L;
import static clew.engine.kernel.simd.Lanes.S;
import static jdk.incubator.vector.FloatVector.fromArray;

import clew.engine.kernel.simd.Strip.Slice;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;

/// `out[j] = c · ⟨a, v[j]⟩`: one query against rows of keys as they lie.
final class Dots {
    /// Lane i takes lane i + 8, i + 4, i + 2, i + 1, wrapping around.
    private static final VectorShuffle<Float> BY8 = turn(8), BY4 = turn(4), BY2 = turn(2), BY1 = turn(1);

    private Dots() {}

    /// d elements of a from `at` on, `count` rows of v, results from `to` on.
    static void dots(float[] a, int at, int d, Slice v, float c, float[] out, int to, int count) {
        var b = v.data();
        for (int j = 0, q = v.at(); j < count; j++, q += v.stride()) {
            var sum = FloatVector.zero(S);
            int x = 0;
            for (int end = S.loopBound(d); x < end; x += L)
                sum = fromArray(S, a, at + x).fma(fromArray(S, b, q + x), sum);
            if (x < d) {
                var m = S.indexInRange(x, d);
                sum = fromArray(S, a, at + x, m).fma(fromArray(S, b, q + x, m), sum);
            }
            // Halves are added until one lane is left: an order of its own making, where that of reduceLanes is open.
            if (L >= 16) sum = sum.add(sum.rearrange(BY8));
            if (L >= 8)  sum = sum.add(sum.rearrange(BY4));
            if (L >= 4)  sum = sum.add(sum.rearrange(BY2));
            out[to + j] = c * sum.add(sum.rearrange(BY1)).lane(0);
        }
    }

    private static VectorShuffle<Float> turn(int by) {
        return VectorShuffle.fromOp(S, i -> (i + by) % L);
    }
}
