package clew.bench;

import clew.engine.kernel.Part;
import clew.engine.kernel.Workers;
import clew.engine.kernel.gemm.Accumulate;
import clew.engine.kernel.gemm.Gemm;
import clew.engine.kernel.gemm.WeightView;
import java.util.Random;

/// A layer's product ready to run, both ways from one copy of the weights, mapped as a model's are.
///
/// x `[M, in]`, W `[out, in]`, y `[M, out]`.
record Product(Workers workers, Gemm gemm, Layer layer, int tokens, WeightView w, float[] x, float[] y)
        implements AutoCloseable {
    static Product of(Layer layer, int tokens, Format format, int threads) {
        var workers = Workers.of(threads);
        return new Product(workers, new Gemm(workers), layer, tokens, MappedWeights.of(format, layer.out(), layer.in()),
            normal(tokens * layer.in()), normal(tokens * layer.out()));
    }

    /// `Y = X · Wᵀ`.
    float[] forward() {
        gemm.timesTransposed(x, 0, layer.in(), tokens, w, Part.ALL, y, 0, layer.out(), Accumulate.SET);
        return y;
    }

    /// `dX = dY · W`.
    float[] backward() {
        gemm.times(y, 0, layer.out(), tokens, w, Part.ALL, x, 0, layer.in(), Accumulate.SET);
        return x;
    }

    @Override
    public void close() {
        workers.close();
    }

    static float[] normal(int size) {
        var random = new Random(0);
        var values = new float[size];
        for (int i = 0; i < size; i++) values[i] = (float) random.nextGaussian();
        return values;
    }
}
