package clew.bench.museum;

import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.VectorOperators.ADD;

import clew.bench.museum.Matmul.Size;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// Steps whose inner loop is a dot product of vectors.
final class Vectors {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int L = S.length();

    private Vectors() {}

    /// As many products in one instruction as a vector has lanes; still one sum, so each fma waits for the last.
    static void dot(float[] x, float[] w, float[] y, Size s) {
        for (int m = 0; m < s.M(); m++)
            for (int n = 0; n < s.N(); n++) {
                int a = m * s.K(), b = n * s.K(), k = 0;
                var sum = FloatVector.zero(S);
                for (int end = S.loopBound(s.K()); k < end; k += L)
                    sum = fromArray(S, x, a + k).fma(fromArray(S, w, b + k), sum);
                y[m * s.N() + n] = sum.reduceLanes(ADD) + rest(x, w, a, b, k, s.K());
            }
    }

    /// Four rows of x by two of w: eight sums under way, and six loads for eight fmas where there were two for one.
    static void eightDots(float[] x, float[] w, float[] y, Size s) {
        int m = 0;
        for (; m <= s.M() - 4; m += 4) {
            int n = 0;
            for (; n <= s.N() - 2; n += 2) eight(x, w, y, s, m, n);
            for (; n < s.N(); n++) for (int r = m; r < m + 4; r++) one(x, w, y, s, r, n);
        }
        for (; m < s.M(); m++) for (int n = 0; n < s.N(); n++) one(x, w, y, s, m, n);
    }

    private static void eight(float[] x, float[] w, float[] y, Size s, int m, int n) {
        int K = s.K(), a0 = m * K, a1 = a0 + K, a2 = a1 + K, a3 = a2 + K, b0 = n * K, b1 = b0 + K, k = 0;
        FloatVector s00 = FloatVector.zero(S), s01 = s00, s10 = s00, s11 = s00;
        FloatVector s20 = s00, s21 = s00, s30 = s00, s31 = s00;
        for (int end = S.loopBound(K); k < end; k += L) {
            FloatVector u = fromArray(S, w, b0 + k), v = fromArray(S, w, b1 + k);
            var r = fromArray(S, x, a0 + k);
            s00 = r.fma(u, s00); s01 = r.fma(v, s01);
            r = fromArray(S, x, a1 + k);
            s10 = r.fma(u, s10); s11 = r.fma(v, s11);
            r = fromArray(S, x, a2 + k);
            s20 = r.fma(u, s20); s21 = r.fma(v, s21);
            r = fromArray(S, x, a3 + k);
            s30 = r.fma(u, s30); s31 = r.fma(v, s31);
        }
        int o = m * s.N() + n, N = s.N();
        y[o]             = s00.reduceLanes(ADD) + rest(x, w, a0, b0, k, K);
        y[o + 1]         = s01.reduceLanes(ADD) + rest(x, w, a0, b1, k, K);
        y[o + N]         = s10.reduceLanes(ADD) + rest(x, w, a1, b0, k, K);
        y[o + N + 1]     = s11.reduceLanes(ADD) + rest(x, w, a1, b1, k, K);
        y[o + 2 * N]     = s20.reduceLanes(ADD) + rest(x, w, a2, b0, k, K);
        y[o + 2 * N + 1] = s21.reduceLanes(ADD) + rest(x, w, a2, b1, k, K);
        y[o + 3 * N]     = s30.reduceLanes(ADD) + rest(x, w, a3, b0, k, K);
        y[o + 3 * N + 1] = s31.reduceLanes(ADD) + rest(x, w, a3, b1, k, K);
    }

    private static void one(float[] x, float[] w, float[] y, Size s, int m, int n) {
        y[m * s.N() + n] = rest(x, w, m * s.K(), n * s.K(), 0, s.K());
    }

    private static float rest(float[] x, float[] w, int a, int b, int k, int end) {
        var sum = 0f;
        for (; k < end; k++) sum += x[a + k] * w[b + k];
        return sum;
    }
}
