package clew.bench;

import clew.engine.kernel.Part;
import clew.engine.kernel.Workers;
import clew.engine.kernel.gemm.Accumulate;
import clew.engine.kernel.gemm.Gemm;
import clew.engine.kernel.gemm.WeightView;
import clew.engine.tensor.DType;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// The products of GPT-2's and Llama's layers with weights mapped as they lie in a file, in both directions.
///
/// Time per product; `2·M·K·N` operations each. [GemmServer] and `peers/gemm.py` set the same beside PyTorch.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
public class GemmBenchmark {
    /// A layer, inputs to outputs.
    public enum Layer {
        GPT2_QKV(768, 2304), GPT2_UP(768, 3072), GPT2_DOWN(3072, 768),
        LLAMA_QO(2048, 2048), LLAMA_UP(2048, 8192), LLAMA_DOWN(8192, 2048);

        private final int in;
        private final int out;

        Layer(int in, int out) {
            this.in = in;
            this.out = out;
        }
    }

    @Param({"GPT2_QKV", "GPT2_UP", "GPT2_DOWN", "LLAMA_QO", "LLAMA_UP", "LLAMA_DOWN"})
    public Layer layer = Layer.GPT2_QKV;

    @Param({"64", "512"})
    public int tokens;

    @Param({"F32", "BF16"})
    public DType dtype = DType.F32;

    @Param({"1", "2"})
    public int threads;

    private Workers workers = Workers.of(1);
    private Gemm gemm = new Gemm(workers);
    private WeightView weight = MappedWeights.of(DType.F32, 1, 1);
    private float[] x = new float[0];
    private float[] y = new float[0];

    /// Needed by JMH.
    public GemmBenchmark() {}

    @Setup
    public void open() {
        workers = Workers.of(threads);
        gemm = new Gemm(workers);
        weight = MappedWeights.of(dtype, layer.out, layer.in);
        x = normal(tokens * layer.in);
        y = normal(tokens * layer.out);
    }

    @TearDown
    public void close() {
        workers.close();
    }

    /// `Y = X · Wᵀ`, W `[out, in]`.
    @Benchmark
    public float[] forward() {
        gemm.timesTransposed(x, 0, layer.in, tokens, weight, Part.ALL, y, 0, layer.out, Accumulate.SET);
        return y;
    }

    /// `dX = dY · W`, the same W.
    @Benchmark
    public float[] backward() {
        gemm.times(y, 0, layer.out, tokens, weight, Part.ALL, x, 0, layer.in, Accumulate.SET);
        return x;
    }

    private static float[] normal(int size) {
        var random = new Random(0);
        var values = new float[size];
        for (int i = 0; i < size; i++) values[i] = (float) random.nextGaussian();
        return values;
    }
}
