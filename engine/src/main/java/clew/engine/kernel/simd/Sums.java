package clew.engine.kernel.simd;

import static clew.engine.kernel.simd.Lanes.D;
import static clew.engine.kernel.simd.Lanes.LD;
import static clew.engine.kernel.simd.Lanes.total;
import static clew.engine.kernel.simd.Lanes.widened;

import jdk.incubator.vector.DoubleVector;

/// Sums over a row, in double and in a fixed order: two accumulators of LD lanes, then the rest one by one.
///
/// Two accumulators hide the latency of an addition behind the loads, which is what bounds these loops.
final class Sums {
    private Sums() {}

    /// `Σ a[i]` over `n` elements.
    static double sum(float[] a, int at, int n) {
        DoubleVector even = DoubleVector.zero(D), odd = even;
        int i = 0;
        for (; i <= n - 2 * LD; i += 2 * LD) {
            even = even.add(widened(a, at + i));
            odd  = odd.add(widened(a, at + i + LD));
        }
        var sum = total(even.add(odd));
        for (; i < n; i++) sum += a[at + i];                                  // scalar tail
        return sum;
    }

    /// `Σ a[i]·b[i]` over `n` elements.
    static double dot(float[] a, int at, float[] b, int bt, int n) {
        DoubleVector even = DoubleVector.zero(D), odd = even;
        int i = 0;
        for (; i <= n - 2 * LD; i += 2 * LD) {
            even = widened(a, at + i).fma(widened(b, bt + i), even);
            odd  = widened(a, at + i + LD).fma(widened(b, bt + i + LD), odd);
        }
        var sum = total(even.add(odd));
        for (; i < n; i++) sum += (double) a[at + i] * b[bt + i];             // scalar tail; the product is exact
        return sum;
    }
}
