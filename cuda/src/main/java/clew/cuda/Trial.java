package clew.cuda;

import clew.engine.kernel.DeviceException;
import clew.engine.kernel.Fused;
import clew.engine.kernel.Heads;
import clew.engine.kernel.Kernels;
import clew.engine.kernel.Part;
import clew.engine.kernel.ScalarKernels;
import clew.engine.tensor.Rows;
import clew.engine.tensor.Tensor;
import clew.engine.tensor.Weight;
import java.util.SplittableRandom;
import java.util.function.Function;

/// A look at a card before it is trusted: some milliseconds' work, compared with the definition.
final class Trial {
    private static final double WITHIN = 1e-4;

    private Trial() {}

    /// @throws DeviceException if a result is not what the definition says
    static void of(Kernels k) {
        Tensor x = draw(70, 96), w = draw(40, 96);
        var heads = new Heads(4, 2, 24, 35, 35, 20);
        Fused.Inputs attention = new Fused.Inputs(x, draw(70, 48), draw(70, 48), heads, 0.2);
        same("products", k, d -> d.linear(x, Weight.whole(w, Weight.Layout.OUT_IN), Part.ALL));
        same("norms", k, d -> d.scaleRows(x, d.rmsScale(x, 1e-5), Rows.all(70)));
        same("attention", k, d -> d.attend(attention));
        var plain = new Fused.Reading(1, 1, 1, 1, true);
        same("attention, backward", k, d -> d.attendBackward(x, attention, plain, Rows.all(70)).v());
    }

    private static void same(String what, Kernels k, Function<Kernels, Tensor> verb) {
        double[] expected = verb.apply(new ScalarKernels()).toDoubles(), actual = verb.apply(k).toDoubles();
        for (int i = 0; i < expected.length; i++)
            if (!(Math.abs(actual[i] - expected[i]) <= WITHIN * (1 + Math.abs(expected[i]))))
                throw new DeviceException("the cuda device is not used, because it computes " + what
                    + " wrongly here (" + actual[i] + " for " + expected[i] + "); please report card and driver");
    }

    private static Tensor draw(int rows, int cols) {
        var random = new SplittableRandom((long) rows * cols);
        var data = new float[rows * cols];
        for (int i = 0; i < data.length; i++) data[i] = (float) random.nextGaussian();
        return Tensor.of(data, rows, cols);
    }
}
