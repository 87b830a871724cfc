package clew.engine.kernel.simd;

import static clew.engine.kernel.simd.Lanes.D;
import static clew.engine.kernel.simd.Lanes.L;
import static clew.engine.kernel.simd.Lanes.LD;
import static clew.engine.kernel.simd.Lanes.S;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.VectorOperators.F2D;
import static jdk.incubator.vector.VectorOperators.FMA;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;

/// Sums over a row, in double and in a fixed order: two accumulators of LD lanes, then the rest one by one.
///
/// Two accumulators hide the latency of an addition behind the loads, which is what bounds these loops. The lanes are
/// added in the order in which they lie: that of `reduceLanes` is left open, and interpreter and compiler differ.
final class Sums {
    private Sums() {}

    /// `Σ a[i]` over `n` elements.
    static double sum(float[] a, int at, int n) {
        DoubleVector even = DoubleVector.zero(D), odd = even;
        int i = 0;
        for (; i <= n - L; i += L) {
            var x = fromArray(S, a, at + i);
            even = even.add(x.convertShape(F2D, D, 0));
            odd  = odd.add(x.convertShape(F2D, D, 1));
        }
        var lanes = even.add(odd);
        var sum = 0.0;
        for (int l = 0; l < LD; l++) sum += lanes.lane(l);
        for (; i < n; i++) sum += a[at + i];                                  // scalar tail
        return sum;
    }

    /// `Σ a[i]·b[i]` over `n` elements.
    static double dot(float[] a, int at, float[] b, int bt, int n) {
        DoubleVector even = DoubleVector.zero(D), odd = even;
        int i = 0;
        for (; i <= n - L; i += L) {
            FloatVector x = fromArray(S, a, at + i), y = fromArray(S, b, bt + i);
            even = ((DoubleVector) x.convertShape(F2D, D, 0)).lanewise(FMA, y.convertShape(F2D, D, 0), even);
            odd  = ((DoubleVector) x.convertShape(F2D, D, 1)).lanewise(FMA, y.convertShape(F2D, D, 1), odd);
        }
        var lanes = even.add(odd);
        var sum = 0.0;
        for (int l = 0; l < LD; l++) sum += lanes.lane(l);
        for (; i < n; i++) sum += (double) a[at + i] * b[bt + i];             // scalar tail; the product is exact
        return sum;
    }
}
