package clew.bench;

import clew.engine.kernel.Devices;
import clew.engine.kernel.Devices.Device;
import clew.engine.tensor.Tensor;
import clew.model.Generator;
import clew.model.LanguageModel;
import clew.model.Models;
import clew.model.Pass;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullUnmarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// How fast is a prompt read, and how fast do new tokens come?
@NullUnmarked                                                                  // JMH fills the fields
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class GenerateBenchmark {
    private static final int NEW = 64, PROMPT = 64;

    @Param({"demo", "gpt2-small", "gpt2-small-bf16", "llama-1b-bf16"})
    public String model;

    @Param("simd")
    public String device;

    @Param({"1", "2"})
    public int threads;

    private Device open;
    private LanguageModel opened;
    private Pass prompt;
    private int[] first;

    /// Needed by JMH.
    public GenerateBenchmark() {}

    @Setup
    public void open() {
        open = Devices.open(device, threads);
        opened = Models.open(BenchModels.directory(model), open.kernels());
        prompt = Pass.of(BenchModels.ids(opened, PROMPT)).forgetting();
        first = BenchModels.ids(opened, 1);
    }

    @TearDown
    public void close() {
        opened.close();
        open.close();
    }

    /// A token of a prompt of 64.
    @Benchmark
    @OperationsPerInvocation(PROMPT)
    public Tensor prefill() {
        try (var run = opened.run(prompt)) {
            return run.logits();
        }
    }

    /// A new token, one of 64 behind a prompt of one.
    @Benchmark
    @OperationsPerInvocation(NEW)
    public Generator.Continuation decode() {
        return new Generator(opened).greedy(first, NEW, Set.of());
    }
}
