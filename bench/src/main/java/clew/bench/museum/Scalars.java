package clew.bench.museum;

import clew.bench.museum.Matmul.Size;

/// Steps that take one number at a time.
final class Scalars {
    private Scalars() {}

    /// Every output by itself. Each addition waits for the one before it, four cycles of every five.
    static void naive(float[] x, float[] w, float[] y, Size s) {
        for (int m = 0; m < s.M(); m++)
            for (int n = 0; n < s.N(); n++) {
                var sum = 0f;
                for (int k = 0; k < s.K(); k++) sum += x[m * s.K() + k] * w[n * s.K() + k];
                y[m * s.N() + n] = sum;
            }
    }

    /// Four sums for one output: four additions are under way at once.
    static void fourSums(float[] x, float[] w, float[] y, Size s) {
        for (int m = 0; m < s.M(); m++)
            for (int n = 0; n < s.N(); n++) {
                int a = m * s.K(), b = n * s.K(), k = 0;
                float s0 = 0, s1 = 0, s2 = 0, s3 = 0;
                for (; k <= s.K() - 4; k += 4) {
                    s0 += x[a + k]     * w[b + k];
                    s1 += x[a + k + 1] * w[b + k + 1];
                    s2 += x[a + k + 2] * w[b + k + 2];
                    s3 += x[a + k + 3] * w[b + k + 3];
                }
                for (; k < s.K(); k++) s0 += x[a + k] * w[b + k];
                y[m * s.N() + n] = s0 + s1 + s2 + s3;
            }
    }
}
