package clew.bench;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullUnmarked;
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

/// How fast does one token read a layer's weights? Decoding is little else, and memory's speed is its limit.
@NullUnmarked                                                                  // JMH fills the fields
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class GemvBenchmark {
    @Param({"GPT2_QKV", "GPT2_UP", "GPT2_DOWN", "GPT2_HEAD", "LLAMA_QO", "LLAMA_UP", "LLAMA_DOWN", "LLAMA_HEAD"})
    public Layer layer;

    @Param({"F32", "BF16", "F16", "INT8", "NF4"})
    public Format dtype;

    @Param({"1", "2"})
    public int threads;

    private Product product;

    /// Needed by JMH.
    public GemvBenchmark() {}

    @Setup
    public void open() {
        product = Product.of(layer, 1, dtype, threads);
    }

    @TearDown
    public void close() {
        product.close();
    }

    /// `y = W x`.
    @Benchmark
    public float[] forward() {
        return product.forward();
    }

    /// `dx = Wᵀ dy`.
    @Benchmark
    public float[] backward() {
        return product.backward();
    }
}
