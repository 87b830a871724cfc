package clew.bench;

import clew.engine.kernel.Activation;
import clew.engine.kernel.Devices;
import clew.engine.kernel.Devices.Device;
import clew.engine.kernel.Kernels;
import clew.engine.tensor.Rows;
import clew.engine.tensor.Tensor;
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

/// How long do curves, sums and norms take over the rows of a layer, between its products?
@NullUnmarked                                                                  // JMH fills the fields
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ElementwiseBenchmark {
    /// Rows as wide as a layer's stream or its MLP.
    public enum Width {
        GPT2_STREAM(768), GPT2_HIDDEN(3072), LLAMA_STREAM(2048), LLAMA_HIDDEN(8192);

        private final int columns;

        Width(int columns) {
            this.columns = columns;
        }

        int columns() {
            return columns;
        }
    }

    @Param({"GPT2_STREAM", "GPT2_HIDDEN", "LLAMA_STREAM", "LLAMA_HIDDEN"})
    public Width width;

    @Param({"64", "512"})
    public int tokens;

    @Param({"simd", "scalar"})
    public String device;

    @Param({"1", "2"})
    public int threads;

    private Device open;
    private Kernels k;
    private Tensor x;
    private Tensor y;
    private Rows rows;

    /// Needed by JMH.
    public ElementwiseBenchmark() {}

    @Setup
    public void open() {
        open = Devices.open(device, threads);
        k = open.kernels();
        x = Tensor.of(Product.normal(tokens * width.columns), tokens, width.columns);
        y = Tensor.of(Product.normal(tokens * width.columns), tokens, width.columns);
        rows = Rows.all(tokens);
    }

    @TearDown
    public void close() {
        open.close();
    }

    /// `x + y`: the residual stream.
    @Benchmark
    public Tensor add() {
        return k.add(x, y);
    }

    /// `x ⊙ y`: a gate.
    @Benchmark
    public Tensor mul() {
        return k.mul(x, y, rows);
    }

    /// GPT-2's activation.
    @Benchmark
    public Tensor gelu() {
        return k.curve(Activation.GELU_NEW, Activation.Curve.VALUE, x);
    }

    /// Its derivative.
    @Benchmark
    public Tensor geluSlope() {
        return k.curve(Activation.GELU_NEW, Activation.Curve.SLOPE, x);
    }

    /// Llama's activation.
    @Benchmark
    public Tensor silu() {
        return k.curve(Activation.SILU, Activation.Curve.VALUE, x);
    }

    /// What the identity rule multiplies by in its place.
    @Benchmark
    public Tensor siluGate() {
        return k.curve(Activation.SILU, Activation.Curve.GATE, x);
    }

    /// `x · s(x)`: Llama's norm without its gain.
    @Benchmark
    public Tensor rmsNorm() {
        return k.scaleRows(x, k.rmsScale(x, 1e-5), rows);
    }
}
