package clew.bench;

import clew.attribution.Attribution;
import clew.attribution.Lrp;
import clew.attribution.Target;
import clew.engine.kernel.Devices;
import clew.model.Models;
import clew.model.Pass;
import java.nio.file.Path;
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
import org.openjdk.jmh.annotations.Warmup;

/// How long until a fresh process has opened a model, and until it has its first explanation? The weights are in the
/// file cache; starting the virtual machine itself is not counted: `peers/rows.py start` counts all of it.
@NullUnmarked                                                                  // JMH fills the fields
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 0)
@Measurement(iterations = 1)
@Fork(4)
public class LoadBenchmark {
    private static final int TOKENS = 64;

    @Param({"demo", "gpt2-small", "llama-1b-bf16"})
    public String model;

    @Param("simd")
    public String device;

    @Param({"1", "2"})
    public int threads;

    private Path directory;

    /// Needed by JMH.
    public LoadBenchmark() {}

    @Setup
    public void find() {
        directory = BenchModels.directory(model);
    }

    /// Device, configuration, headers, mapping, tokenizer.
    @Benchmark
    public long open() {
        try (var open = Devices.open(device, threads); var opened = Models.open(directory, open.kernels())) {
            return opened.spec().vocabulary();
        }
    }

    /// The same, and one LRP explanation of 64 tokens in code that was never run before.
    @Benchmark
    public Attribution firstExplanation() {
        try (var open = Devices.open(device, threads); var opened = Models.open(directory, open.kernels());
             var run = opened.run(Pass.of(BenchModels.ids(opened, TOKENS)))) {
            return new Lrp().explain(run, Target.top());
        }
    }
}
