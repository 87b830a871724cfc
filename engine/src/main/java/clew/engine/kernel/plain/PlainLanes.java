package clew.engine.kernel.plain;

import jdk.incubator.vector.VectorShape;

/// How many floats the vectors of this machine hold, for sums that are taken lane by lane, and those sums.
///
/// Asked of [VectorShape], which does not make the Vector API's own classes begin.
final class PlainLanes {
    /// Of products with weights.
    static final int GEMM = VectorShape.preferredShape().vectorBitSize() / Float.SIZE;
    /// Of all else.
    static final int L = Math.min(16, GEMM);

    private PlainLanes() {}

    /// `Σ lanes`, halves added until one is left.
    static float total(float[] lanes) {
        for (int half = lanes.length / 2; half >= 1; half /= 2)
            for (int i = 0; i < half; i++) lanes[i] += lanes[i + half];
        return lanes[0];
    }

    /// `Σ a[i]` in double: whole vectors in two accumulators of L/2 lanes, then the rest one by one.
    static double sum(float[] a, int at, int n) {
        var lanes = new double[L];
        int i = 0;
        for (; i <= n - L; i += L)
            for (int l = 0; l < L; l++) lanes[l] += a[at + i + l];
        var sum = total(lanes);
        for (; i < n; i++) sum += a[at + i];
        return sum;
    }

    /// `Σ a[i]·b[i]` likewise; the products are exact.
    static double dot(float[] a, int at, float[] b, int bt, int n) {
        var lanes = new double[L];
        int i = 0;
        for (; i <= n - L; i += L)
            for (int l = 0; l < L; l++) lanes[l] += (double) a[at + i + l] * b[bt + i + l];
        var sum = total(lanes);
        for (; i < n; i++) sum += (double) a[at + i] * b[bt + i];
        return sum;
    }

    /// The second accumulator added to the first, then their lanes in order.
    private static double total(double[] lanes) {
        var sum = 0.0;
        for (int l = 0; l < L / 2; l++) sum += lanes[l] + lanes[L / 2 + l];
        return sum;
    }
}
