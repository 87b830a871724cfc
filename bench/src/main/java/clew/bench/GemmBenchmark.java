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

/// How fast are the products of many tokens with a layer's weights, which lie mapped as in a file, in both directions?
///
/// Time per product; `2·M·K·N` operations each. [GemmServer] and `peers/gemm.py` set the same beside PyTorch.
@NullUnmarked                                                                  // JMH fills the fields
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class GemmBenchmark {
    @Param({"GPT2_QKV", "GPT2_UP", "GPT2_DOWN", "LLAMA_QO", "LLAMA_UP", "LLAMA_DOWN"})
    public Layer layer;

    @Param({"64", "512"})
    public int tokens;

    @Param({"F32", "BF16", "F16", "INT8", "NF4"})
    public Format dtype;

    @Param({"1", "2"})
    public int threads;

    private Product product;

    /// Needed by JMH.
    public GemmBenchmark() {}

    @Setup
    public void open() {
        product = Product.of(layer, tokens, dtype, threads);
    }

    @TearDown
    public void close() {
        product.close();
    }

    /// `Y = X · Wᵀ`, W `[out, in]`.
    @Benchmark
    public float[] forward() {
        return product.forward();
    }

    /// `dX = dY · W`, the same W.
    @Benchmark
    public float[] backward() {
        return product.backward();
    }
}
