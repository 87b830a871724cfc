package clew.bench;

import clew.engine.kernel.Devices;
import clew.engine.kernel.Devices.Device;
import clew.engine.rule.RuleSet;
import clew.engine.rule.RuleSets;
import clew.engine.tape.Cotangents;
import clew.model.LanguageModel;
import clew.model.Models;
import clew.model.Pass;
import clew.model.Run;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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

/// What does the way back through one block cost under each recipe?
///
/// A block of a real shape between embeddings and a tiny vocabulary; every row of the block takes part, as in all
/// blocks of a model but its last.
@NullUnmarked                                                                  // JMH fills the fields
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class BackwardBenchmark {
    @Param({"gpt2-block", "llama-block"})
    public String block;

    @Param({"64", "256"})
    public int tokens;

    @Param({"gradient", "attnlrp", "cp-lrp", "epsilon", "gamma", "alphabeta", "zplus"})
    public String rules;

    @Param("simd")
    public String device;

    @Param({"1", "2"})
    public int threads;

    private Device open;
    private LanguageModel model;
    private Run run;
    private RuleSet recipe;
    private Run.Seed seed;

    /// Needed by JMH.
    public BackwardBenchmark() {}

    @Setup
    public void open() {
        open = Devices.open(device, threads);
        model = Models.open(BenchModels.directory(block), open.kernels());
        run = model.run(Pass.of(BenchModels.ids(model, tokens)).atAll());
        recipe = Stream.concat(Stream.of(RuleSets.GRADIENT), RuleSets.named().stream())
            .filter(r -> r.name().equals(rules)).findFirst().orElseThrow();
        var first = new double[model.spec().vocabulary()];
        first[0] = 1;
        seed = Run.Seed.of(tokens - 1, first);
    }

    @TearDown
    public void close() {
        run.close();
        model.close();
        open.close();
    }

    /// From a logit of the last row to the embeddings of all.
    @Benchmark
    public Cotangents backward() {
        return run.backward(List.of(seed), recipe, Set.of(run.embeddings()));
    }
}
