package clew.engine.kernel.plain;

/// `y += Σ_k x[k] · w[k]`: weighted rows, one after another. The inner loop of all products but those lane by lane.
final class PlainSums {
    /// Factor k lies at `at + k·step`.
    record Factors(float[] data, int at, int step) {
        Factors from(int k) {
            return new Factors(data, at + k * step, step);
        }
    }

    /// Row k begins at `at + k·stride`.
    record Lines(float[] data, int at, int stride) {
        Lines from(int k) {
            return new Lines(data, at + k * stride, stride);
        }
    }

    private PlainSums() {}

    /// `count` rows, of which `cols` columns are added to those of y from yo on. Four rows at a time, so that a sum is
    /// stored once for four additions.
    static void add(Factors x, Lines w, int count, float[] y, int yo, int cols) {
        int k = 0;
        for (; k <= count - 4; k += 4) four(x.from(k), w.from(k), y, yo, cols);
        for (; k < count; k++) one(x.from(k), w.from(k), y, yo, cols);
    }

    private static void four(Factors x, Lines w, float[] y, int yo, int cols) {
        float[] c = x.data(), b = w.data();
        int step = x.step(), w0 = w.at(), w1 = w0 + w.stride(), w2 = w1 + w.stride(), w3 = w2 + w.stride();
        float x0 = c[x.at()], x1 = c[x.at() + step], x2 = c[x.at() + 2 * step], x3 = c[x.at() + 3 * step];
        for (int i = 0; i < cols; i++) {
            var sum = Math.fma(x1, b[w1 + i], Math.fma(x0, b[w0 + i], y[yo + i]));
            y[yo + i] = Math.fma(x3, b[w3 + i], Math.fma(x2, b[w2 + i], sum));
        }
    }

    private static void one(Factors x, Lines w, float[] y, int yo, int cols) {
        float[] b = w.data();
        float c = x.data()[x.at()];
        for (int i = 0, at = w.at(); i < cols; i++) y[yo + i] = Math.fma(c, b[at + i], y[yo + i]);
    }
}
