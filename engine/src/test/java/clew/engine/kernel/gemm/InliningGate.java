package clew.engine.kernel.gemm;

import clew.engine.kernel.Activation;
import clew.engine.kernel.Activation.Curve;
import clew.engine.kernel.Fused;
import clew.engine.kernel.Heads;
import clew.engine.kernel.Part;
import clew.engine.kernel.SimdKernels;
import clew.engine.kernel.Workers;
import clew.engine.tensor.Coding;
import clew.engine.tensor.DType;
import clew.engine.tensor.Rows;
import clew.engine.tensor.Storage;
import clew.engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/// Times every kernel beside a sibling that does like work, in a virtual machine of its own: a line per kernel with how
/// much longer it takes than its sibling, operation for operation, and how much longer it should; then how many bytes
/// a run allocates, and how many it may.
///
/// A kernel that the compiler no longer inlines whole takes 5 to 100 times as long, and makes an object of each vector:
/// half a megabyte for a tile, which makes none else. That shows without a clock, and of the siblings too. Times are
/// minima of many short rounds, one after the other in turn, so that other work on the machine lengthens neither.
final class InliningGate {
    /// Rounds end early once the ratio is as it should be; what is too slow has so much of the processor's time to
    /// prove otherwise, however long that takes on a machine that does other work.
    private static final Duration PATIENCE = Duration.ofSeconds(12);
    private static final int WARM_UP = 12_000, ROUNDS = 3000;

    /// How much of the usual ratio is too much.
    static final double LIMIT = 3;

    /// @param kernel  does `work` operations
    /// @param sibling does `siblingWork` of them
    /// @param usual   time of an operation of the kernel, in those of its sibling, measured on 512-bit vectors
    /// @param room    bytes that one of them may allocate in a run: its results and what it plans by, no vectors
    record Pair(String name, Runnable kernel, double work, Runnable sibling, double siblingWork, double usual,
                long room) {
        double ratio() {
            for (int i = 0; i < WARM_UP; i++) sibling.run();
            double best = Double.POSITIVE_INFINITY, other = Double.POSITIVE_INFINITY;
            var end = spent().plus(PATIENCE);
            do {
                for (int i = 0; i < ROUNDS; i++) {
                    best = Math.min(best, time(kernel) / work);
                    other = Math.min(other, time(sibling) / siblingWork);
                }
            } while (best / other > LIMIT / 2 * usual && spent().compareTo(end) < 0);
            return best / other;
        }

        /// Bytes that a run of the kernel or of its sibling allocates, whichever are more, once all is compiled: what
        /// the compiler does not inline gets its vectors as objects.
        long allocated() {
            return Math.max(allocated(kernel), allocated(sibling));
        }

        private static long allocated(Runnable task) {
            var least = Long.MAX_VALUE;
            for (int i = 0; i < 100; i++) {
                var before = Allocated.soFar();
                task.run();
                least = Math.min(least, Allocated.soFar() - before);
            }
            return least;
        }

        /// Processor time of this process so far; where the system does not say, what the clock says.
        private static Duration spent() {
            return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ofNanos(System.nanoTime()));
        }

        private static double time(Runnable task) {
            var start = System.nanoTime();
            task.run();
            return System.nanoTime() - start;
        }
    }

    /// Bytes that this thread has allocated. Asked for by name: the engine does not read the modules that know.
    private record Allocated(Object threads, Method ask) {
        private static final Allocated ALLOCATED = of();

        private static Allocated of() {
            try {
                var threads = Class.forName("java.lang.management.ManagementFactory").getMethod("getThreadMXBean");
                return new Allocated(threads.invoke(null), Class.forName("com.sun.management.ThreadMXBean")
                    .getMethod("getCurrentThreadAllocatedBytes"));
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("this machine does not count what threads allocate", e);
            }
        }

        static long soFar() {
            try {
                return (long) ALLOCATED.ask.invoke(ALLOCATED.threads);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("this machine does not count what threads allocate", e);
            }
        }
    }

    private final Random random = new Random(1);
    private final List<Pair> pairs = new ArrayList<>();
    private long room = 1 << 10;                                          // of the pairs to come

    private InliningGate() {}

    public static void main(String[] args) {
        var gate = new InliningGate();
        gate.tiles();
        gate.dots();
        gate.axpys();
        gate.widening();
        try (var workers = Workers.of(1)) {
            gate.products(new Gemm(workers));
            gate.verbs(new SimdKernels(workers));
            for (var pair : gate.pairs)
                System.out.printf(Locale.ROOT, "%s\t%.2f\t%.2f\t%d\t%d%n", pair.name, pair.ratio(), pair.usual,
                    pair.allocated(), pair.room);
        }
    }

    private float[] floats(int size) {
        return Matrices.random(random, size);
    }

    private MemorySegment mapped(DType dtype, int size) {
        return ((Storage.Mapped) Matrices.weights(random, dtype, 1, size).storage()).data();
    }

    private Storage.Coded coded(Coding coding, int size) {
        return (Storage.Coded) Matrices.coded(random, coding, Matrices.Step.ONCE, 1, size, 0).storage();
    }

    private void tiles() {
        int k = Tiles.DEPTH, w = Tiles.WIDTH, l = Tiles.LANES;
        float[] a = floats(12 * Tiles.STRIDE), b = floats(4 * l * k), c = floats(12 * 4 * l);
        Runnable sibling = l >= 16 ? () -> Tile12x2.run(a, 0, b, 0, k, c, 0, w, c, 0, w)
            : () -> Tile4x2.run(a, 0, b, 0, k, c, 0, w, c, 0, w);
        double work = (l >= 16 ? 24 : 8) * k;
        add("Tile12x1", () -> Tile12x1.run(a, 0, b, 0, k, c, 0, l, c, 0, l), 12 * k, sibling, work, 1.2);
        add("Tile8x2", () -> Tile8x2.run(a, 0, b, 0, k, c, 0, w, c, 0, w), 16 * k, sibling, work, l >= 16 ? 1 : 2);
        add("Tile8x1", () -> Tile8x1.run(a, 0, b, 0, k, c, 0, l, c, 0, l), 8 * k, sibling, work, 1.2);
        add("Tile4x2", () -> Tile4x2.run(a, 0, b, 0, k, c, 0, w, c, 0, w), 8 * k, sibling, work, 1.2);
        add("Tile4x1", () -> Tile4x1.run(a, 0, b, 0, k, c, 0, l, c, 0, l), 4 * k, sibling, work, 2);
        if (l < 16) return;
        add("Outer12x2", () -> Outer12x2.run(a, 0, 12, b, 0, w, k, c, 0, w, c, 0, w), 24 * k, sibling, work, 1);
        add("Outer4x2", () -> Outer4x2.run(a, 0, 12, b, 0, w, k, c, 0, w, c, 0, w), 8 * k, sibling, work, 1.2);
        var rows = mapped(DType.F32, 4 * l * k);
        add("MappedRows6x4", () -> MappedRows6x4.run(rows, 0, 4 * k, b, 0, k, c, 0, 4 * l), 24 * k, sibling, work, 1.2);
        add("MappedColumns6x4", () -> MappedColumns6x4.run(a, 0, rows, 0, 16 * l, k, c, 0), 24 * k, sibling, work, 1.2);
        float[] to = floats(8 * l * k);
        add("Tile12x2Ahead", () -> Tile12x2Ahead.run(a, 0, b, 0, k, c, 0, w, c, 0, w, rows, 0, 0, 0, 0, 2, to, 0, 0),
                24 * k, sibling, work, 1.5);
        add("Transpose16", () -> Transpose16.run(to, 0, 16, c, 0, 16), 128, sibling, work, 2);
    }

    private void dots() {
        var k = 1024;
        float[] x = floats(k), w = floats(4 * k), scales = floats(4 * k), out = new float[4];
        MemorySegment f32 = mapped(DType.F32, 4 * k), bf16 = mapped(DType.BF16, 4 * k);
        MemorySegment int8 = coded(Coding.INT8, 4 * k).codes(), nf4 = coded(Coding.NF4, 4 * k).codes();
        Runnable sibling = () -> Dot4Array.run(w, 0, k, x, 0, k, out);
        add("Dot4F32", () -> Dot4F32.run(f32, 0, 4 * k, x, 0, k, out), k, sibling, k, 1);
        add("Dot4Bf16", () -> Dot4Bf16.run(bf16, 0, 2 * k, x, 0, k, out), k, sibling, k, 1.5);
        if (Tiles.LANES < 8) return;
        int blocks = k / Coding.BLOCK;
        add("Dot4Int8", () -> Dot4Int8.run(int8, 0, k, scales, blocks, blocks, x, 0, out), k, sibling, k, 1.5);
        add("Dot4Nf4", () -> Dot4Nf4.run(nf4, 0, k / 2, scales, blocks, blocks, x, 0, out), k, sibling, k, 2);
    }

    private void axpys() {
        var n = 1024;
        float[] x = floats(4), w = floats(4 * n), y = floats(n);
        MemorySegment f32 = mapped(DType.F32, 4 * n), bf16 = mapped(DType.BF16, 4 * n), f16 = mapped(DType.F16, 4 * n);
        Runnable sibling = () -> Axpy.four(x, 0, w, 0, n, y, 0, n);
        add("Axpy.one", () -> Axpy.one(x[0], w, 0, y, 0, n), n, sibling, 4 * n, 2);
        add("AxpyF32", () -> AxpyF32.four(x, 0, f32, 0, 4 * n, y, 0, n), 4 * n, sibling, 4 * n, 1);
        add("AxpyBf16", () -> AxpyBf16.four(x, 0, bf16, 0, 2 * n, y, 0, n), 4 * n, sibling, 4 * n, 1.2);
        add("AxpyF16", () -> AxpyF16.four(x, 0, f16, 0, 2 * n, y, 0, n), 4 * n, sibling, 4 * n, 1.5);
    }

    private void widening() {
        var n = 1024;
        var to = new float[n];
        MemorySegment f32 = mapped(DType.F32, n), f16 = mapped(DType.F16, n), bf16 = mapped(DType.BF16, n);
        MemorySegment int8 = coded(Coding.INT8, n).codes(), nf4 = coded(Coding.NF4, n).codes();
        Runnable sibling = () -> WidenBf16.run(bf16, 0, to, 0, n);
        add("WidenF32", () -> WidenF32.run(f32, 0, to, 0, n), n, sibling, n, 1);
        add("WidenF16", () -> WidenF16.run(f16, 0, to, 0, n), n, sibling, n, 1);
        if (Tiles.LANES < 8) return;
        add("WidenInt8", () -> WidenInt8.run(int8, 0, 0.1f, to, 0, n), n, sibling, n, 1.2);
        add("WidenNf4", () -> {
            for (int b = 0; b < n / 64; b++) WidenNf4.run(nf4, 32L * b, 0, 0.1f, to, 64 * b, 64);
        }, n, sibling, n, 3);
    }

    /// Whole products: what lies between the kernels must not fall off a cliff either.
    private void products(Gemm gemm) {
        room = 8 << 10;
        int m = 24, n = 96, k = 192;
        float[] x = floats(m * k), y = new float[m * k];
        var sibling = Matrices.floats(random, n, k);
        for (var dtype : new DType[] {DType.F32, DType.BF16, DType.F16}) {
            var w = Matrices.weights(random, dtype, n, k);
            product(gemm, "of " + dtype, w, sibling, x, y, m);
        }
        for (var coding : Coding.values())
            product(gemm, "of " + coding, Matrices.coded(random, coding, Matrices.Step.TWICE, n, k, 0), sibling,
                    x, y, m);
    }

    private void product(Gemm gemm, String what, WeightView w, WeightView sibling, float[] x, float[] y, int m) {
        int n = w.rows(), k = w.cols();
        add("timesTransposed " + what, () -> gemm.timesTransposed(x, 0, k, m, w, Part.ALL, y, 0, n, Accumulate.SET), 1,
                () -> gemm.timesTransposed(x, 0, k, m, sibling, Part.ALL, y, 0, n, Accumulate.SET), 1, 1.5);
        add("times " + what, () -> gemm.times(x, 0, n, m, w, Part.ALL, y, 0, k, Accumulate.SET), 1,
                () -> gemm.times(x, 0, n, m, sibling, Part.ALL, y, 0, k, Accumulate.SET), 1, 1.5);
    }

    private void verbs(SimdKernels kernels) {
        room = 32 << 10;                                                  // twice the largest result
        int rows = 16, cols = 256;
        Tensor x = Tensor.of(floats(rows * cols), rows, cols), s = Tensor.of(floats(rows), rows);
        Tensor turn = Tensor.of(floats(rows * 16), rows, 16);
        var all = Rows.all(rows);
        Runnable sibling = () -> kernels.scale(x, 1.5);
        for (var f : Activation.values())
            for (var curve : Curve.values())
                add(f + " " + curve, () -> kernels.curve(f, curve, x), 1, sibling, 1, usual(f));
        add("ratio", () -> kernels.ratio(x, x, x, 1e-6, all), 1, sibling, 1, 2);
        add("rmsScale", () -> kernels.rmsScale(x, 1e-6), 1, sibling, 1, 1);
        add("centreRows", () -> kernels.centreRows(x), 1, sibling, 1, 2);
        add("rowProjection", () -> kernels.rowProjection(x, x, s, all), 1, sibling, 1, 2);
        add("rotate", () -> kernels.rotate(x, turn, turn, 32, all), 1, sibling, 1, 2);
        add("mul", () -> kernels.mul(x, x, all), 1, sibling, 1, 1.5);
        add("dot", () -> kernels.dot(x, x, all), 1, sibling, 1, 2);
        room = 768 << 10;                                                 // scores of all heads, and scratch
        var heads = Heads.causal(8, 4, 32, rows);
        var k = Tensor.of(floats(rows * 128), rows, 128);
        var in = new Fused.Inputs(x, k, k, heads, 0.2);
        Runnable composed = () -> kernels.mix(kernels.softmax(kernels.score(x, k, heads, 0.2, all), heads, 1), k, heads,
                1, all);
        add("attend", () -> kernels.attend(in), 1, composed, 1, 1);
        add("attendBackward", () -> kernels.attendBackward(x, in, new Fused.Reading(1, 1, 1, 1, true), all), 1,
                composed, 1, 3);
    }

    private static double usual(Activation f) {
        return switch (f) {
            case GELU     -> 8;
            case GELU_NEW -> 5;
            case SILU     -> 4;
            case RELU     -> 2.5;
            case TANH     -> 6;
        };
    }

    private void add(String name, Runnable kernel, double work, Runnable sibling, double siblingWork, double usual) {
        pairs.add(new Pair(name, kernel, work, sibling, siblingWork, usual, room));
    }
}
