package clew.bench;

import clew.attribution.Attribution;
import clew.attribution.AttributionMethod;
import clew.attribution.InputXGradient;
import clew.attribution.IntegratedGradients;
import clew.attribution.Lrp;
import clew.attribution.Saliency;
import clew.attribution.Target;
import clew.engine.kernel.Devices;
import clew.engine.kernel.Devices.Device;
import clew.model.LanguageModel;
import clew.model.Models;
import clew.model.Pass;
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

/// How long does one explanation take, from the prompt's ids to the scores of the likeliest next token?
@NullUnmarked                                                                  // JMH fills the fields
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ExplainBenchmark {
    @Param({"demo", "gpt2-small", "gpt2-small-bf16", "llama-1b-bf16"})
    public String model;

    @Param({"saliency", "input-x-gradient", "lrp", "integrated-gradients"})
    public String method;

    @Param({"64", "256"})
    public int tokens;

    @Param("simd")
    public String device;

    @Param({"1", "2"})
    public int threads;

    private Device open;
    private LanguageModel opened;
    private AttributionMethod way;
    private Pass pass;

    /// Needed by JMH.
    public ExplainBenchmark() {}

    @Setup
    public void open() {
        open = Devices.open(device, threads);
        opened = Models.open(BenchModels.directory(model), open.kernels());
        pass = Pass.of(BenchModels.ids(opened, tokens));
        way = switch (method) {
            case "saliency"             -> new Saliency();
            case "input-x-gradient"     -> new InputXGradient();
            case "lrp"                  -> new Lrp();
            case "integrated-gradients" -> new IntegratedGradients();
            default -> throw new IllegalArgumentException("method " + method);
        };
    }

    @TearDown
    public void close() {
        opened.close();
        open.close();
    }

    /// A forward pass and the method's own work.
    @Benchmark
    public Attribution explain() {
        try (var run = opened.run(pass)) {
            return way.explain(run, Target.top());
        }
    }
}
