package clew.engine.kernel.gemm;

import clew.engine.kernel.Activation;
import clew.engine.kernel.Activation.Curve;
import clew.engine.kernel.Fused;
import clew.engine.kernel.Heads;
import clew.engine.kernel.Kernels;
import clew.engine.kernel.Part;
import clew.engine.kernel.SimdKernels;
import clew.engine.kernel.Workers;
import clew.engine.tensor.Coding;
import clew.engine.tensor.DType;
import clew.engine.tensor.Rows;
import clew.engine.tensor.Tensor;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Supplier;

/// Prints a number made of all the bits of each kernel's result, after as many rounds as the argument says; fails if a
/// round gives other bits than the first.
final class Bits {
    private final Random random = new Random(3);
    private final int rounds;

    private Bits(int rounds) {
        this.rounds = rounds;
    }

    public static void main(String[] args) {
        var bits = new Bits(Integer.parseInt(args[0]));
        try (var workers = Workers.of(1)) {
            bits.products(new Gemm(workers));
            bits.verbs(new SimdKernels(workers));
        }
    }

    private void products(Gemm gemm) {
        for (var dtype : new DType[] {DType.F32, DType.BF16, DType.F16})
            product(gemm, dtype.toString(), Matrices.weights(random, dtype, 23, 83));
        product(gemm, "floats", Matrices.floats(random, 23, 83));
        for (var coding : Coding.values())
            product(gemm, coding.toString(), Matrices.coded(random, coding, Matrices.Step.TWICE, 23, 128, 0));
    }

    /// One row, and more rows than kernels of few rows take.
    private void product(Gemm gemm, String what, WeightView w) {
        for (int m : new int[] {1, 9}) {
            float[] wide = Matrices.random(random, m * w.cols()), narrow = Matrices.random(random, m * w.rows());
            print("timesTransposed " + what + " " + m, () -> {
                var y = new float[m * w.rows()];
                gemm.timesTransposed(wide, 0, w.cols(), m, w, Part.ALL, y, 0, w.rows(), Accumulate.SET);
                return y;
            });
            print("times " + what + " " + m, () -> {
                var y = new float[m * w.cols()];
                gemm.times(narrow, 0, w.rows(), m, w, Part.ALL, y, 0, w.cols(), Accumulate.SET);
                return y;
            });
        }
    }

    private void verbs(Kernels kernels) {
        int rows = 5, cols = 72;
        Tensor x = tensor(rows, cols), y = tensor(rows, cols), s = tensor(1, rows).reshape(rows);
        var all = Rows.all(rows);
        for (var f : Activation.values())
            for (var curve : Curve.values()) print(f + " " + curve, () -> floats(kernels.curve(f, curve, x)));
        print("ratio", () -> floats(kernels.ratio(x, y, y, 1e-6, all)));
        print("rmsScale", () -> floats(kernels.rmsScale(x, 1e-6)));
        print("centreRows", () -> floats(kernels.centreRows(x)));
        print("rowProjection", () -> floats(kernels.rowProjection(x, y, s, all)));
        print("dot", () -> new float[] {(float) kernels.dot(x, y, all)[0]});
        for (int tokens : new int[] {1, rows}) {                              // keys as they lie, and transposed
            var heads = Heads.causal(2, 1, 36, tokens);
            Tensor q = tensor(tokens, 72), k = tensor(tokens, 36), v = tensor(tokens, 36), g = tensor(tokens, 72);
            var in = new Fused.Inputs(q, k, v, heads, 0.2);
            print("attend " + tokens, () -> floats(kernels.attend(in)));
            print("attendBackward " + tokens, () -> {
                var shares = kernels.attendBackward(g, in, new Fused.Reading(1, 1, 1, 1, true), Rows.all(tokens));
                return floats(shares.v());
            });
        }
    }

    private Tensor tensor(int rows, int cols) {
        return Tensor.of(Matrices.random(random, rows * cols), rows, cols);
    }

    private static float[] floats(Tensor t) {
        var out = new float[Math.toIntExact(t.size())];
        for (int i = 0; i < out.length; i++) out[i] = (float) t.get(i);
        return out;
    }

    private void print(String name, Supplier<float[]> kernel) {
        var first = kernel.get();
        for (int i = 1; i < rounds; i++)
            if (!Arrays.equals(first, kernel.get()))
                throw new AssertionError(name + ": round " + i + " has other bits than the first");
        System.out.println(name + "\t" + Arrays.hashCode(first));
    }
}
