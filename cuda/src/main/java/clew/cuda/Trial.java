package clew.cuda;

import clew.engine.kernel.DeviceException;
import clew.engine.kernel.Fused;
import clew.engine.kernel.Heads;
import clew.engine.kernel.Kernels;
import clew.engine.kernel.Part;
import clew.engine.kernel.ScalarKernels;
import clew.engine.tensor.DType;
import clew.engine.tensor.Rows;
import clew.engine.tensor.Tensor;
import clew.engine.tensor.Weight;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;

/// A look at a card before it is trusted: some milliseconds' work, compared with the definition.
///
/// The same steps three times: one by one, then as a graph, then as a graph that was there before.
final class Trial {
    private static final int TIMES = 3, DEPTH = 96;
    private static final double WITHIN = 1e-4;

    private final List<Check> checks;

    private record Check(String what, double within, Function<Kernels, Tensor> verb) {}

    private Trial(Products.Precision precision) {
        Tensor x = draw(70, DEPTH), floats = draw(40, DEPTH), halves = halves(40, DEPTH);
        var heads = new Heads(4, 2, 24, 35, 35, 20);
        Fused.Inputs attention = new Fused.Inputs(x, draw(70, 48), draw(70, 48), heads, 0.2);
        var plain = new Fused.Reading(1, 1, 1, 1, false);
        var rows = Rows.all(70);
        var ofProducts = Math.max(WITHIN, DEPTH * precision.error());
        checks = List.of(
            new Check("products", ofProducts, d -> d.linear(x, Weight.whole(floats, Weight.Layout.OUT_IN), Part.ALL)),
            new Check("products with bf16", ofProducts,
                d -> d.linear(x, Weight.whole(halves, Weight.Layout.OUT_IN), Part.ALL)),
            new Check("norms", WITHIN, d -> d.scaleRows(x, d.rmsScale(x, 1e-5), rows)),
            new Check("attention", WITHIN, d -> d.attend(attention)),
            new Check("attention, backward", WITHIN, d -> d.attendBackward(x, attention, plain, rows).v()),
            new Check("sums", WITHIN, d -> Tensor.of(d.dot(x, x, rows), 1)));
    }

    /// A card that refuses graphs, or computes wrongly with them, is used without.
    ///
    /// @throws DeviceException if a result is not what the definition says
    static void of(CudaKernels k, Products.Precision precision) {
        var trial = new Trial(precision);
        try {
            trial.run(k);
        } catch (DeviceException e) {
            if (k.withoutGraphs().isPresent()) throw e;
            k.withoutGraphs(e.getMessage());
            trial.run(k);
        }
    }

    private void run(Kernels k) {
        var expected = checks.stream().map(check -> check.verb().apply(new ScalarKernels()).toDoubles()).toList();
        for (int time = 0; time < TIMES; time++) {
            var actual = checks.stream().map(check -> check.verb().apply(k)).toList();
            for (int c = 0; c < checks.size(); c++) same(checks.get(c), expected.get(c), actual.get(c).toDoubles());
        }
    }

    private static void same(Check check, double[] expected, double[] actual) {
        for (int i = 0; i < expected.length; i++)
            if (!(Math.abs(actual[i] - expected[i]) <= check.within() * (1 + Math.abs(expected[i]))))
                throw new DeviceException("the cuda device is not used, because it computes " + check.what()
                    + " wrongly here (" + actual[i] + " for " + expected[i] + "); please report card and driver");
    }

    private static Tensor draw(int rows, int cols) {
        var random = new SplittableRandom((long) rows * cols);
        var data = new float[rows * cols];
        for (int i = 0; i < data.length; i++) data[i] = (float) random.nextGaussian();
        return Tensor.of(data, rows, cols);
    }

    /// In bf16, which has the upper half of a float's bits.
    private static Tensor halves(int rows, int cols) {
        var floats = draw(rows, cols).toFloats();
        var bytes = Arena.ofAuto().allocate(2L * floats.length, 2);
        for (int i = 0; i < floats.length; i++)
            bytes.setAtIndex(ValueLayout.JAVA_SHORT, i, (short) (Float.floatToRawIntBits(floats[i]) >>> 16));
        return Tensor.mapped(bytes, DType.BF16, rows, cols);
    }
}
