package clew.bench;

import clew.engine.kernel.Devices;
import clew.engine.kernel.Devices.Device;
import clew.engine.kernel.Heads;
import clew.engine.op.Attend;
import clew.engine.op.CausalSoftmax;
import clew.engine.op.Mix;
import clew.engine.op.Score;
import clew.engine.rule.RuleSet;
import clew.engine.rule.RuleSets;
import clew.engine.tape.Cotangent;
import clew.engine.tape.Cotangents;
import clew.engine.tape.Tape;
import clew.engine.tape.Value;
import clew.engine.tensor.Rows;
import clew.engine.tensor.Tensor;
import java.util.Set;
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

/// What does attention in one piece gain over its three ops, which keep a T × T pattern, forward and under each
/// reading backward? One layer's heads, without the products of its weights.
@NullUnmarked                                                                  // JMH fills the fields
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class AttentionBenchmark {
    /// A model's heads.
    public enum Shape {
        GPT2(12, 12), LLAMA(32, 8);

        private final int heads;
        private final int kvHeads;

        Shape(int heads, int kvHeads) {
            this.heads = heads;
            this.kvHeads = kvHeads;
        }

        Heads over(int tokens) {
            return Heads.causal(heads, kvHeads, WIDTH, tokens);
        }
    }

    /// How the same attention is written.
    public enum Form {
        FUSED {
            @Override
            Value of(Tape tape, Value q, Value k, Value v, Heads heads) {
                return tape.record(new Attend(q, k, v, heads, SCALE));
            }
        },
        COMPOSED {
            @Override
            Value of(Tape tape, Value q, Value k, Value v, Heads heads) {
                var s = tape.record(new Score(q, k, heads, SCALE));
                return tape.record(new Mix(tape.record(new CausalSoftmax(s, heads)), v, heads));
            }
        };

        abstract Value of(Tape tape, Value q, Value k, Value v, Heads heads);
    }

    private static final int WIDTH = 64;
    private static final double SCALE = 1 / Math.sqrt(WIDTH);

    @Param({"GPT2", "LLAMA"})
    public Shape shape;

    @Param({"64", "256", "1024"})
    public int length;

    @Param({"FUSED", "COMPOSED"})
    public Form form;

    @Param("simd")
    public String device;

    @Param({"1", "2"})
    public int threads;

    private Device open;
    private Heads heads;
    private Tensor q;
    private Tensor k;
    private Tensor v;
    private Recorded once;
    private Cotangent seed;

    /// Needed by JMH.
    public AttentionBenchmark() {}

    /// A forward pass, with its inputs and its end.
    private record Recorded(Tape tape, Value q, Value k, Value v, Value z) {
        Cotangents backward(Cotangent seed, RuleSet rules) {
            return tape.backward(z, seed, rules, Set.of(q, k, v));
        }
    }

    @Setup
    public void open() {
        open = Devices.open(device, threads);
        heads = shape.over(length);
        q = rows(shape.heads);
        k = rows(shape.kvHeads);
        v = rows(shape.kvHeads);
        once = record();
        seed = new Cotangent(rows(shape.heads), Rows.all(length));
    }

    private Tensor rows(int count) {
        return Tensor.of(Product.normal(length * count * WIDTH), length, count * WIDTH);
    }

    private Recorded record() {
        var tape = new Tape(open.kernels(), Tape.Memory.KEEP);
        Value a = tape.leaf(q), b = tape.leaf(k), c = tape.leaf(v);
        return new Recorded(tape, a, b, c, form.of(tape, a, b, c, heads));
    }

    @TearDown
    public void close() {
        open.close();
    }

    /// `z = softmax(c · q kᵀ) v`.
    @Benchmark
    public Tensor forward() {
        return record().z().tensor();
    }

    /// The gradient of q, k and v.
    @Benchmark
    public Cotangents gradient() {
        return once.backward(seed, RuleSets.GRADIENT);
    }

    /// Relevance under AttnLRP.
    @Benchmark
    public Cotangents attnLrp() {
        return once.backward(seed, RuleSets.ATTN_LRP);
    }

    /// Relevance where the pattern is held.
    @Benchmark
    public Cotangents cpLrp() {
        return once.backward(seed, RuleSets.CP_LRP);
    }
}
