package clew.engine.kernel.simd;

import clew.engine.kernel.Part;
import clew.engine.kernel.Workers;
import clew.engine.tensor.Weight;

/// Products with weights: `x·Wᵀ`, `g·W` and `gᵀ·x`.
public record Products(Workers workers) {
    public float[] linear(float[] x, int rows, Weight w, Part part) {
        var m = parts(w, part);
        int in = w.in(), out = w.out();
        var y = new float[rows * out];
        Chunks.rows(workers, rows, in * out, (from, to) -> {
            for (int r = from; r < to; r++)
                for (int o = 0; o < out; o++) y[r * out + o] = (float) Sums.dot(x, r * in, m, o * in, in);
        });
        return y;
    }

    public float[] linearTransposed(float[] g, int rows, Weight w, Part part) {
        var m = parts(w, part);
        int in = w.in(), out = w.out();
        var y = new float[rows * in];
        Chunks.rows(workers, rows, in * out, (from, to) -> {
            for (int r = from; r < to; r++)
                for (int o = 0; o < out; o++)
                    for (int i = 0; i < in; i++) y[r * in + i] += g[r * out + o] * m[o * in + i];
        });
        return y;
    }

    public float[] weightGradient(float[] g, float[] x, int[] face, Weight w) {
        var y = new float[Math.toIntExact(w.tensor().size())];
        for (int n = 0; n < face.length; n++)
            for (int o = 0; o < w.out(); o++)
                for (int i = 0; i < w.in(); i++) y[(int) w.index(o, i)] += g[n * w.out() + o] * x[face[n] * w.in() + i];
        return y;
    }

    private static float[] parts(Weight w, Part part) {
        var all = Floats.of(w.tensor());
        var m = new float[w.in() * w.out()];
        for (int o = 0; o < w.out(); o++)
            for (int i = 0; i < w.in(); i++) {
                var v = all[(int) w.index(o, i)];
                m[o * w.in() + i] = switch (part) {
                    case ALL      -> v;
                    case POSITIVE -> Math.max(v, 0);
                    case NEGATIVE -> Math.min(v, 0);
                };
            }
        return m;
    }
}
